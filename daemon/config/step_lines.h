// SPDX-License-Identifier: MIT
//
// Lines of a step's keys in its file, for the findings of a proof.
#ifndef CHAIRD_CONFIG_STEP_LINES_H
#define CHAIRD_CONFIG_STEP_LINES_H

#include "config/reader.h"
#include "core/profile.h"

// Note the lines of the keys in a group: the defaults, then a step, whose own keys come first.
void step_lines_note(const struct config_setting_t *group, bool defaults,
	struct profile_step *step);

// A point's line; of a pathway, that of its name.
int step_lines_point(const struct profile_step *step, size_t index);

#endif
