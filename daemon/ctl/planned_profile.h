// SPDX-License-Identifier: MIT
//
// A profile that is named on the command line, planned and proved for the chair.
#ifndef CHAIRD_CTL_PLANNED_PROFILE_H
#define CHAIRD_CTL_PLANNED_PROFILE_H

#include "config/library.h"
#include "core/plan.h"
#include "ctl/options.h"

struct planned_profile {
	struct library *library; // around the profile, with the chair
	const struct profile *profile;
	struct profile from_file; // if it is not one of the library
	struct plan plan;
};

// Load the library and the profile, plan and prove it. `wanted` is the name of a profile, or a
// file: with a slash or the end .cfg. Prints what is wrong. 0, or -errno with nothing to clear.
int planned_profile_load(const struct options *options, const char *wanted,
	struct planned_profile *ret_planned);
// Also of one that is all zeros.
void planned_profile_clear(struct planned_profile *planned);

// Name of a point by its index in the atlas; NULL for -1.
const char *planned_point_name(const struct library *library, int point);

#endif
