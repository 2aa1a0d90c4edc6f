// SPDX-License-Identifier: MIT
//
// Lines of a step's keys in its file, for the findings of a proof.
#ifndef CHAIRD_CONFIG_STEP_LINES_H
#define CHAIRD_CONFIG_STEP_LINES_H

#include "core/profile.h"

// A key that the step has not is where the defaults have it; otherwise the step itself stands for
// it.
void step_lines_complete(struct profile_step *step, const int defaults[STEP_KEY_COUNT], int itself);

// A point's line; of a pathway, that of its name.
int step_lines_point(const struct profile_step *step, size_t index);

#endif
