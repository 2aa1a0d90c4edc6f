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
	struct profile from_file;    // if it is not one of the library
	const struct person *person; // for whom it is planned; NULL: nobody by name
	struct plan plan;
};

// Load the library and the profile, plan and prove it. `wanted` is the name of a profile, or a
// file: with a slash or the end .cfg. Prints what is wrong. 0, or -errno with nothing to clear.
int planned_profile_load(const struct options *options, const char *wanted,
	struct planned_profile *ret_planned);
// Also of one that is all zeros.
void planned_profile_clear(struct planned_profile *planned);

// Why the plan leaves a point out, by its index in plan.unreachable: "this chair cannot reach it",
// "closed to anna: a wound". Returns buf.
#define LEFT_OUT_SIZE (NAME_SIZE + TITLE_SIZE + 20)
char *planned_left_out(const struct planned_profile *planned, size_t index,
	char buf[LEFT_OUT_SIZE]);

// " for anna", or "". Returns buf.
#define FOR_SIZE (NAME_SIZE + 8)
const char *planned_for(const struct planned_profile *planned, char buf[FOR_SIZE]);

// Name of a point by its index in the atlas; NULL for -1.
const char *planned_point_name(const struct library *library, int point);

#endif
