// SPDX-License-Identifier: MIT
//
// Private parts of the planner: plan.c and plan_points.c.
#ifndef CHAIRD_CORE_PLAN_PRIVATE_H
#define CHAIRD_CORE_PLAN_PRIVATE_H

#include "core/pacing.h"
#include "core/plan.h"
#include "core/reach.h"

#define PRESSING_KINDS (1u << ACTUATOR_PRESS | 1u << ACTUATOR_CELL)
#define KNEADING_KINDS (1u << ACTUATOR_KNEAD | 1u << ACTUATOR_VIBRATE | 1u << ACTUATOR_ROLLER)

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
	double at_mm[CHAIR_ACTUATORS_MAX]; // planned position of each carriage
	int64_t pessimistic_us;            // see plan.c
	bool full;                         // the plan has no room for another segment
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

// Add a finding about the current step.
void plan_find(struct planner *planner, enum finding_kind kind, int point);

#endif
