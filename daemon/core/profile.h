// SPDX-License-Identifier: MIT
//
// A pressure profile, as a technician writes it: points and targets, independent of any chair.
//
// Filled and owned by config/profile_file.c; constant after load.
#ifndef CHAIRD_CORE_PROFILE_H
#define CHAIRD_CORE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/atlas.h"
#include "core/layer.h"
#include "core/posture.h"
#include "core/units.h"

#define PROFILE_STEPS_MAX 128

enum technique {
	TECHNIQUE_HOLD,    // approach, ramp, hold, release, rest; repeated
	TECHNIQUE_STROKE,  // slow travel under light pressure from point to point
	TECHNIQUE_KNEAD,   // kneading, or vibration, at the points
	TECHNIQUE_PAUSE,   // nothing presses
	TECHNIQUE_TAP,     // tapping, at the points
	TECHNIQUE_ROLL,    // a carriage travels up and down between the points, nothing presses
	TECHNIQUE_POSTURE, // parts of the chair move the person, nothing presses
	TECHNIQUE_COUNT,
};

enum target_unit { TARGET_NEWTON, TARGET_PERMILLE };

// Intensity 0 % is `floor`, 100 % is `value`, the highest.
struct target {
	enum target_unit unit;
	double floor;
	double value;
};

// The keys of a step that a message may be about.
enum step_key {
	STEP_ITSELF,
	STEP_TECHNIQUE,
	STEP_POINTS, // or its pathway
	STEP_TARGET,
	STEP_RAMP,
	STEP_HOLD,
	STEP_REST,
	STEP_REPEATS,
	STEP_SPEED,
	STEP_DURATION,
	STEP_LAYERS, // all of `with`; each has a line of its own
	STEP_PART,   // the first posture_part; the others follow
	STEP_PART_LAST = STEP_PART + POSTURE_PARTS - 1,
	STEP_KEY_COUNT,
};

struct profile_step {
	enum technique technique;
	uint16_t *points; // indices into the atlas, in order; empty for PAUSE, POSTURE
	size_t n_points;
	const struct pathway *pathway; // the atlas's, source of the points; NULL: none
	struct target target;
	double ramp_per_s;         // newtons or per mille a second, up to the target
	double hold_s;             // HOLD: 5 ... 90, on each point
	double ease_min_s;         // HOLD: 5 ... 90; "eased" may end the hold from then on
	double rest_s;             // HOLD: at least; the planner may lengthen it
	int repeats;               // HOLD: times each point is pressed, 1 ... 6; STROKE: runs;
				   // ROLL: times there and back
	double speed_mm_s;         // STROKE, ROLL
	double duration_s;         // KNEAD and TAP on each point, PAUSE
	struct step_layer *layers; // beside HOLD, STROKE, KNEAD, TAP, ROLL
	size_t n_layers;           // at most STEP_LAYERS_MAX
	// POSTURE
	int posture[POSTURE_PARTS]; // per mille of its way, or POSTURE_STAYS
	bool restore;               // they go home again at the end of the session
	bool optional;              // a chair without a part plays the step without it

	// Where it stands in the file; 0: not known.
	int line[STEP_KEY_COUNT]; // of a key that it has not: of the defaults', or of the step
	unsigned of_defaults;     // the keys that stand in the defaults, bit by key
	int *point_lines;         // of each point; in one block with `points`
};

struct profile {
	char *file;           // as it was opened, for messages
	char name[NAME_SIZE]; // the file's name without .cfg
	char title[TITLE_SIZE];
	char *description;
	double inhale_s, exhale_s; // 1 ... 15 each
	int minutes_max;           // longest session; 1 ... 30
	bool minutes_given;        // in the file
	int minutes_line;          // there; without that key, of `steps`
	struct profile_step *steps;
	size_t n_steps;
	uint64_t hash; // of the file's bytes (core/hash.h)
};

#define HOLD_MIN_S 5.0 // shortest hold

// Whether its carriage travels while it works.
static inline bool technique_travels(enum technique technique)
{
	return technique == TECHNIQUE_STROKE || technique == TECHNIQUE_ROLL;
}

const char *technique_name(enum technique technique);
const char *step_key_name(const struct profile_step *step, enum step_key key); // "hold_s"

#endif
