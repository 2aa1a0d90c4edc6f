// SPDX-License-Identifier: MIT
#include "config/step_lines.h"

#include <string.h>

static const struct {
	const char *name;
	enum step_key key;
} keys[] = {
	{ "technique", STEP_TECHNIQUE },
	{ "points", STEP_POINTS },
	{ "pathway", STEP_POINTS },
	{ "target", STEP_TARGET },
	{ "ramp_n_per_s", STEP_RAMP },
	{ "ramp_permille_per_s", STEP_RAMP },
	{ "hold_s", STEP_HOLD },
	{ "rest_s", STEP_REST },
	{ "repeats", STEP_REPEATS },
	{ "speed_mm_s", STEP_SPEED },
	{ "duration_s", STEP_DURATION },
	{ "with", STEP_LAYERS },
	{ "back", (enum step_key)(STEP_PART + PART_BACK) },
	{ "legs", (enum step_key)(STEP_PART + PART_LEGS) },
	{ "extension", (enum step_key)(STEP_PART + PART_EXTENSION) },
};

static void note_line(const struct config_setting_t *member, bool defaults,
	struct profile_step *step)
{
	const char *key = reader_key(member);

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (*keys[i].name != *key || strcmp(keys[i].name, key))
			continue;
		step->line[keys[i].key] = reader_line(member);
		if (defaults)
			step->of_defaults |= 1u << keys[i].key;
		else
			step->of_defaults &= ~(1u << keys[i].key);
		return;
	}
}

void step_lines_note(const struct config_setting_t *group, bool defaults, struct profile_step *step)
{
	size_t n = reader_length(group);

	for (size_t i = 0; i < n; i++)
		note_line(reader_element(group, i), defaults, step);
	if (defaults)
		return;
	for (int key = 0; key < STEP_KEY_COUNT; key++) {
		if (!step->line[key])
			step->line[key] = reader_line(group);
	}
}

int step_lines_point(const struct profile_step *step, size_t index)
{
	return step->point_lines && step->point_lines[index] ? step->point_lines[index]
							     : step->line[STEP_POINTS];
}
