// SPDX-License-Identifier: MIT
//
// Memory of a profile: all that it owns, in one block.
#ifndef CHAIRD_CONFIG_PROFILE_MEMORY_H
#define CHAIRD_CONFIG_PROFILE_MEMORY_H

#include "core/profile.h"

// A copy of a profile with steps, whose parts may be anywhere. 0, or -ENOMEM with *ret_profile
// untouched; to be freed with profile_clear() (library.h).
int profile_pack(const struct profile *profile, struct profile *ret_profile);

#endif
