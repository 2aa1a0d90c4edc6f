// SPDX-License-Identifier: MIT
//
// Private parts of the planner: plan.c, plan_points.c, plan_strokes.c, plan_postures.c
// and plan_layers.c.
#ifndef CHAIRD_CORE_PLAN_PRIVATE_H
#define CHAIRD_CORE_PLAN_PRIVATE_H

#include "core/pacing.h"
#include "core/plan.h"
#include "core/reach.h"

#define PRESSING_KINDS (1u << ACTUATOR_PRESS | 1u << ACTUATOR_CELL)
#define KNEADING_KINDS (1u << ACTUATOR_KNEAD | 1u << ACTUATOR_VIBRATE | 1u << ACTUATOR_ROLLER)
#define TAPPING_KINDS  (1u << ACTUATOR_TAP)
#define ROLLING_KINDS  (PRESSING_KINDS | KNEADING_KINDS | TAPPING_KINDS)

// A place to press: a point, or two that one press acts on.
struct press_site {
	struct reach_hit hit;
	int16_t points[2];
};

struct planner {
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	struct plan *plan;
	struct plan_findings *findings;
	int step;
	size_t n_sites;
	double at_mm[CHAIR_ACTUATORS_MAX];       // planned position of each carriage
	double error_mm[CHAIR_ACTUATORS_MAX];    // how far off one without pulses may be there
	uint8_t at_width[CHAIR_ACTUATORS_MAX];   // planned enum width of each setter
	double at_permille[CHAIR_ACTUATORS_MAX]; // planned position of each part
	uint32_t moved;                          // set of the parts that have one
	int64_t pessimistic_us;                  // see plan.c
	bool full;                               // the plan has no room for another segment
	// The last members: to clear them all would take longer than a plan.
	struct press_site sites[PATHWAY_POINTS_MAX];
	struct pacing pacing[CHAIR_ACTUATORS_MAX];
};

static inline const struct profile_step *plan_step(const struct planner *planner)
{
	return &planner->profile->steps[planner->step];
}

// Turn the points of the current step into sites, in the order of the step. `riding`: only those
// of actuators on a carriage.
void plan_collect_sites(struct planner *planner, unsigned kinds, bool riding);

// Give a segment the layers of its step. Call before it is added.
void plan_add_layers(struct planner *planner, struct segment *segment);
// Its layers that press do so from then until now, on the pessimistic clock.
void plan_pace_layers(struct planner *planner, const struct segment *segment, int64_t from_us);

// The longest time that pacing expects until a press is proven released.
#define RELEASE_PACED_S 2.0

enum length { LIKELY, PACED, LONGEST };

// The time of a press to its target.
double plan_ramp_s(const struct planner *planner, const struct actuator *actuator,
	enum length length);
// The likely duration of the carriage's way to its next position.
double plan_travel_s(struct planner *planner, int carriage, double to_mm);
// The likely time until the rollers have their next width, which is set after the travel.
double plan_set_width_s(struct planner *planner, const struct segment *segment);

// A segment of the current step at this site, and its place in the plan.
struct segment plan_segment_at(const struct planner *planner, const struct press_site *site);
void plan_add_segment(struct planner *planner, const struct segment *segment);

// The segments of a step, in plan_strokes.c.
void plan_strokes(struct planner *planner);
void plan_rolls(struct planner *planner);
// In plan_postures.c; those at the end of the session.
void plan_postures(struct planner *planner);
void plan_restore_postures(struct planner *planner);

// Add a finding about the current step.
void plan_find(struct planner *planner, enum finding_kind kind, int point);

#endif
