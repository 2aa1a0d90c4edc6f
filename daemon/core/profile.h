// SPDX-License-Identifier: MIT
//
// A pressure profile: what a technician writes. It knows points and pathways, and no chair.
//
// Filled and owned by config/profile_file.c; read-only after load.
#ifndef CHAIRD_CORE_PROFILE_H
#define CHAIRD_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/units.h"

#define PROFILE_STEPS_MAX 128

enum technique {
	TECHNIQUE_HOLD,   // approach, ramp, hold, release, rest; repeated
	TECHNIQUE_STROKE, // slow travel under light pressure from point to point
	TECHNIQUE_KNEAD,  // kneading, or vibration, at the points
	TECHNIQUE_PAUSE,  // nothing presses
	TECHNIQUE_COUNT,
};

enum target_unit { TARGET_NEWTON, TARGET_PERMILLE };

// Intensity 0 % presses with `floor`, 100 % with `value`, and nothing ever with more.
struct target {
	enum target_unit unit;
	double floor;
	double value;
};

struct profile_step {
	enum technique technique;
	uint16_t *points; // indices into the atlas, in order; empty for PAUSE
	size_t n_points;
	const struct pathway *pathway; // that the points come from, the atlas's; NULL: none
	struct target target;
	double ramp_per_s; // newtons or per mille a second, up to the target
	double hold_s;     // HOLD: 5 ... 90, on each point
	double rest_s;     // HOLD: at least; the planner never rests less than it pressed
	int repeats;       // HOLD: times each point is pressed, 1 ... 6; STROKE: runs
	double speed_mm_s; // STROKE
	double duration_s; // KNEAD on each point, PAUSE
};

struct profile {
	char name[NAME_SIZE]; // the file's name without .cfg
	char title[TITLE_SIZE];
	char *description;
	double inhale_s, exhale_s; // 1 ... 15 each
	int minutes_max;           // the session stops by itself; 1 ... 30
	struct profile_step *steps;
	size_t n_steps;
	uint64_t hash; // FNV-1a of the file's bytes
};

const char *technique_name(enum technique technique);
bool technique_parse(const char *name, enum technique *ret_technique);

#endif
