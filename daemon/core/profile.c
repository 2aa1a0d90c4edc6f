// SPDX-License-Identifier: MIT
#include "core/profile.h"

static const char *const technique_names[TECHNIQUE_COUNT] = {
	[TECHNIQUE_HOLD] = "hold",
	[TECHNIQUE_STROKE] = "stroke",
	[TECHNIQUE_KNEAD] = "knead",
	[TECHNIQUE_PAUSE] = "pause",
	[TECHNIQUE_TAP] = "tap",
	[TECHNIQUE_ROLL] = "roll",
	[TECHNIQUE_POSTURE] = "posture",
};

const char *technique_name(enum technique technique)
{
	return technique_names[technique];
}

const char *step_key_name(const struct profile_step *step, enum step_key key)
{
	if (key >= STEP_PART && key <= STEP_PART_LAST)
		return posture_part_name((enum posture_part)(key - STEP_PART));
	switch (key) {
	case STEP_TECHNIQUE:
		return "technique";
	case STEP_POINTS:
		return step->pathway ? "pathway" : "points";
	case STEP_TARGET:
		return "target";
	case STEP_RAMP:
		return step->target.unit == TARGET_NEWTON ? "ramp_n_per_s" : "ramp_permille_per_s";
	case STEP_HOLD:
		return "hold_s";
	case STEP_REST:
		return "rest_s";
	case STEP_REPEATS:
		return "repeats";
	case STEP_SPEED:
		return "speed_mm_s";
	case STEP_DURATION:
		return "duration_s";
	case STEP_LAYERS:
		return "with";
	default:
		return "";
	}
}
