// SPDX-License-Identifier: MIT
//
// From points to press sites: the chair's positions for them, and the allowed targets.
#include <errno.h>
#include <math.h>

#include "core/plan_private.h"

#define SAME_POSITION_MM 1.0

int plan_refuse(struct planner *planner, enum plan_problem_kind kind, int step, int point,
	double asked, double allowed)
{
	*planner->problem = (struct plan_problem){
		.kind = kind,
		.step = step,
		.point = point,
		.asked = asked,
		.allowed = allowed,
	};
	return -EINVAL;
}

static void note_unreachable(struct plan *plan, uint16_t point)
{
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
			(other | side) == SIDE_BOTH && other != side)
			return site;
	}
	return NULL;
}

void plan_collect_sites(struct planner *planner, unsigned kinds, bool riding)
{
	const struct profile_step *step = plan_step(planner);

	planner->n_sites = 0;
	for (size_t i = 0; i < step->n_points; i++) {
		const struct point *point = &planner->atlas->points[step->points[i]];
		struct reach_hit hit;
		struct press_site *mirror_site;

		if (!reach_find(planner->chair, point, kinds, &hit) ||
			(riding && hit.carriage < 0)) {
			note_unreachable(planner->plan, step->points[i]);
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

int plan_check_target(struct planner *planner, const struct press_site *site)
{
	const struct actuator *actuator = &planner->chair->actuators[site->hit.actuator];
	const struct target *target = &plan_step(planner)->target;
	const struct calibration *calibration = &actuator->calibration;
	double drive_max = actuator->drive_max_permille, asked_n = target->value, allowed_n;
	int step = planner->step, point = site->points[0];

	allowed_n = chair_ceiling(planner->chair, site->hit.actuator, site->hit.position_mm)
			    .sustained_n;
	for (int i = 0; i < 2 && site->points[i] >= 0; i++)
		allowed_n = fmin(allowed_n,
			point_sustained_n(&planner->atlas->points[site->points[i]]));
	if (calibration->n)
		allowed_n = fmin(allowed_n, calibration_force_n(calibration, drive_max));
	if (target->unit == TARGET_PERMILLE) {
		double allowed = drive_max;

		if (calibration->n && actuator_presses(actuator->kind))
			allowed = fmin(allowed, calibration_drive_permille(calibration, allowed_n));
		if (target->value > allowed)
			return plan_refuse(planner, PLAN_ABOVE_CEILING, step, point, target->value,
				allowed);
		return 0;
	}
	if (!calibration->n) // nothing would check a sensor alone
		return plan_refuse(planner, PLAN_NOT_CALIBRATED, step, point, asked_n, 0);
	if (asked_n > allowed_n)
		return plan_refuse(planner, PLAN_ABOVE_CEILING, step, point, asked_n, allowed_n);
	return 0;
}
