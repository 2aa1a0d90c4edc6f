// SPDX-License-Identifier: MIT
//
// What the files of the planner share.
#ifndef CHAIRD_CORE_PLAN_PRIVATE_H
#define CHAIRD_CORE_PLAN_PRIVATE_H

#include "core/pacing.h"
#include "core/plan.h"
#include "core/reach.h"

#define PRESSING_KINDS (1u << ACTUATOR_PRESS | 1u << ACTUATOR_CELL)
#define KNEADING_KINDS (1u << ACTUATOR_KNEAD | 1u << ACTUATOR_VIBRATE)

// One place to go to: a point, or two that one press acts on.
struct press_site {
	struct reach_hit hit;
	int16_t points[2];
};

struct planner {
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	struct plan *plan;
	struct plan_problem *problem;
	int step;
	struct press_site sites[PATHWAY_POINTS_MAX];
	size_t n_sites;
	double at_mm[CHAIR_ACTUATORS_MAX]; // where each carriage will be
	int64_t pessimistic_us;
	struct pacing pacing[CHAIR_ACTUATORS_MAX];
};

static inline const struct profile_step *plan_step(const struct planner *planner)
{
	return &planner->profile->steps[planner->step];
}

// Turn the points of the current step into sites, in the order of the step. `riding`: only what
// rides on a carriage.
void plan_collect_sites(struct planner *planner, unsigned kinds, bool riding);

// What the actuator may and can do at a site, against what the step asks for. 0 or -EINVAL.
int plan_check_target(struct planner *planner, const struct press_site *site);

// Say what is wrong; -EINVAL.
int plan_refuse(struct planner *planner, enum plan_problem_kind kind, int step, int point,
	double asked, double allowed);

#endif
