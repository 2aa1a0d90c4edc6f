// SPDX-License-Identifier: MIT
//
// JSON about the chair and its profiles: the topic info, and the verbs profiles and profile.
//
// Pure. Every function returns a new reference, or NULL if memory runs out.
#ifndef CHAIRD_CONTROL_INFO_H
#define CHAIRD_CONTROL_INFO_H

#include <jansson.h>

#include "config/library.h"

json_t *info_document(const struct library *library, const struct chair *chair);
json_t *info_profiles(const struct library *library, const struct chair *chair);
json_t *info_profile(const struct library *library, const struct chair *chair,
	const struct profile *profile);

#endif
