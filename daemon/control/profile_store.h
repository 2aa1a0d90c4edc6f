// SPDX-License-Identifier: MIT
//
// Profiles that were sent over MQTT, stored in the state directory: LIBRARY_STORED/NAME.cfg, and
// NAME.cfg.bak, the one before it.
#ifndef CHAIRD_CONTROL_PROFILE_STORE_H
#define CHAIRD_CONTROL_PROFILE_STORE_H

#include <limits.h>
#include <stdbool.h>

#define PROFILE_STORE_MAX 100 // profiles

// Whether this is the name of a profile, so that its file cannot be outside of the folder, hidden
// or overlong: [a-z0-9._-]+, at most 47 bytes, not beginning with a dot.
bool profile_store_is_name(const char *name);

// Store a text, which must have been checked. Waits for the disk; after a power cut the old or the
// new file is there. 0 with its path; -ENOSPC also if PROFILE_STORE_MAX are there; other -errno.
int profile_store_put(const char *state_dir, const char *name, const char *text,
	char ret_path[PATH_MAX]);

#endif
