// SPDX-License-Identifier: MIT
//
// The segments of a posture: one for each part, because one moves after the other, and those at the
// end that bring them home again.
#include "core/plan_private.h"
#include "core/posture.h"

static void find(struct planner *planner, enum posture_part part)
{
	plan_findings_add(planner->findings,
		(struct plan_finding){
			.kind = FINDING_PART_MISSING,
			.step = planner->step,
			.point = -1,
			.actuator = -1,
			.other = (int)part,
		});
}

// The likely duration. One that is timed goes home before its first move: it knows no position yet.
static double likely_s(struct planner *planner, int actuator, int permille)
{
	const struct actuator *config = &planner->chair->actuators[actuator];
	double *at = &planner->at_permille[actuator], s = 0;

	if (config->up_ms && !(planner->moved & UINT32_C(1) << actuator)) {
		s = posture_likely_s(config, PERMILLE_FULL, 0);
		*at = 0;
	}
	s += posture_likely_s(config, *at, permille);
	*at = permille;
	planner->moved |= UINT32_C(1) << actuator;
	return s;
}

static void add(struct planner *planner, enum posture_part part, int actuator, int permille)
{
	const struct actuator *config = &planner->chair->actuators[actuator];
	struct segment segment = {
		.technique = TECHNIQUE_POSTURE,
		.step = (uint16_t)planner->step,
		.repeats = 1,
		.points = { -1, -1 },
		.actuator = (int8_t)actuator,
		.carriage = -1,
		.part = (uint8_t)part,
		.permille = (uint16_t)permille,
		.target = { TARGET_PERMILLE, 0, 0 },
		.press_s = posture_max_s(config),
		.longest_s = posture_unbroken_max_s(config),
		.zone = ZONE_EVERYWHERE,
		.estimate_s = likely_s(planner, actuator, permille),
	};

	plan_add_segment(planner, &segment);
}

void plan_postures(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);

	for (int part = 0; part < POSTURE_PARTS; part++) {
		int actuator = posture_part_find(planner->chair, (enum posture_part)part);

		if (step->posture[part] == POSTURE_STAYS)
			continue;
		if (actuator >= 0)
			add(planner, (enum posture_part)part, actuator, step->posture[part]);
		else if (!step->optional)
			find(planner, (enum posture_part)part);
	}
}

void plan_restore_postures(struct planner *planner)
{
	for (planner->step = 0; planner->step < (int)planner->profile->n_steps; planner->step++) {
		const struct profile_step *step = plan_step(planner);

		for (int part = 0; step->restore && part < POSTURE_PARTS; part++) {
			int actuator = posture_part_find(planner->chair, (enum posture_part)part);

			if (step->posture[part] != POSTURE_STAYS && actuator >= 0 &&
				planner->at_permille[actuator] > 0)
				add(planner, (enum posture_part)part, actuator, 0);
		}
	}
}
