// SPDX-License-Identifier: MIT
//
// From points to press sites: the chair's positions for them.
#include <math.h>

#include "core/plan_private.h"
#include "core/timed.h"

#define SAME_POSITION_MM 1.0

void plan_find(struct planner *planner, enum finding_kind kind, int point)
{
	plan_findings_add(planner->findings,
		(struct plan_finding){
			.kind = kind,
			.step = planner->step,
			.point = point,
			.actuator = -1,
			.other = -1,
		});
}

static void note_unreachable(struct planner *planner, uint16_t point)
{
	struct plan *plan = planner->plan;

	for (size_t i = 0; i < plan->n_unreachable; i++) {
		if (plan->unreachable[i] == point)
			return;
	}
	if (plan->n_unreachable < PATHWAY_POINTS_MAX)
		plan->unreachable[plan->n_unreachable++] = point;
}

// The site that already presses the other side of this one, or NULL.
static struct press_site *find_mirror_site(struct planner *planner, const struct reach_hit *hit,
	enum side side)
{
	if ((planner->chair->reaches[hit->reach].sides & SIDE_BOTH) != SIDE_BOTH)
		return NULL;
	for (size_t i = 0; i < planner->n_sites; i++) {
		struct press_site *site = &planner->sites[i];
		enum side other = planner->atlas->points[site->points[0]].side;

		if (site->points[1] < 0 && site->hit.actuator == hit->actuator &&
			fabs(site->hit.position_mm - hit->position_mm) <= SAME_POSITION_MM &&
			site->hit.width == hit->width && (other | side) == SIDE_BOTH &&
			other != side)
			return site;
	}
	return NULL;
}

// A point with a carriage without pulses: whether it is left out, with the reason.
static bool leave_out_timed(struct planner *planner, const struct reach_hit *hit, int point,
	bool stroke)
{
	const struct chair *chair = planner->chair;
	struct plan_finding finding = {
		.step = planner->step, .point = point, .actuator = hit->carriage, .other = -1
	};

	if (hit->carriage < 0 || !travel_is_timed(&chair->actuators[hit->carriage]))
		return false;
	if (stroke) {
		finding.kind = FINDING_STROKE_TIMED;
		finding.value = chair->actuators[hit->carriage].speed_mm_s;
	} else {
		finding.kind = FINDING_UNCERTAIN;
		finding.value = TIMED_SLACK_MM +
			timed_error_at_mm(&chair->actuators[hit->carriage], hit->position_mm);
		finding.bound = timed_error_max_mm(chair, hit->actuator, hit->position_mm);
	}
	if (finding.value <= finding.bound)
		return false;
	plan_findings_add(planner->findings, finding);
	return true;
}

static bool find_place(struct planner *planner, uint16_t index, unsigned kinds, bool riding,
	struct reach_hit *ret_hit)
{
	const struct point *point = &planner->atlas->points[index];

	if (!reach_find(planner->chair, point, kinds, ret_hit) ||
		(riding && ret_hit->carriage < 0)) {
		plan_find(planner, FINDING_OUT_OF_REACH, index);
		return false;
	}
	return plan_step(planner)->technique == TECHNIQUE_ROLL || // nothing presses
		!leave_out_timed(planner, ret_hit, index, riding);
}

void plan_collect_sites(struct planner *planner, unsigned kinds, bool riding)
{
	const struct profile_step *step = plan_step(planner);

	planner->n_sites = 0;
	for (size_t i = 0; i < step->n_points; i++) {
		const struct point *point = &planner->atlas->points[step->points[i]];
		struct reach_hit hit;
		struct press_site *mirror_site;

		if (!find_place(planner, step->points[i], kinds, riding, &hit)) {
			note_unreachable(planner, step->points[i]);
			continue;
		}
		mirror_site = find_mirror_site(planner, &hit, point->side);
		if (mirror_site)
			mirror_site->points[1] = (int16_t)step->points[i];
		else if (planner->n_sites < PATHWAY_POINTS_MAX)
			planner->sites[planner->n_sites++] = (struct press_site){
				.hit = hit,
				.points = { (int16_t)step->points[i], -1 },
			};
	}
}
