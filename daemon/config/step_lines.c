// SPDX-License-Identifier: MIT
#include "config/step_lines.h"

void step_lines_complete(struct profile_step *step, const int defaults[STEP_KEY_COUNT], int itself)
{
	for (int key = 0; key < STEP_KEY_COUNT; key++) {
		if (step->line[key])
			continue;
		step->line[key] = defaults[key] ? defaults[key] : itself;
		if (defaults[key])
			step->of_defaults |= 1u << key;
	}
}

int step_lines_point(const struct profile_step *step, size_t index)
{
	return step->point_lines && step->point_lines[index] ? step->point_lines[index]
							     : step->line[STEP_POINTS];
}
