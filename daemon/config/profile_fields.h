// SPDX-License-Identifier: MIT
//
// The keys of a profile's step and of its target, with their ranges and defaults.
#ifndef CHAIRD_CONFIG_PROFILE_FIELDS_H
#define CHAIRD_CONFIG_PROFILE_FIELDS_H

#include "config/reader.h"
#include "core/profile.h"

// A step during reading, with a ramp in either unit: the target selects one.
struct step_keys {
	struct profile_step step;
	int technique; // or SELECT_ALL: it is wrong, and has been reported
	double ramp_n, ramp_permille;
	int sides; // 0: all
	// NULL: missing, or of another type
	const struct config_setting_t *target, *points, *with;
};

struct target_keys {
	double newtons, permille, floor;
};

// Their rows apply by technique. The defaults have no points.
extern const struct schema profile_step_schema, profile_defaults_schema, profile_target_schema;
extern const struct field profile_technique_field;

// The row of a number of a step ("hold_s") or of its target ("newtons"); NULL: there is none.
const struct field *profile_number_field(const char *key);

#endif
