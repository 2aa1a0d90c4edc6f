// SPDX-License-Identifier: MIT
//
// What a new chair's file needs of each kind of actuator: a row for each kind, each of its builds,
// and each line, number and channel that is asked for. A further kind of actuator is a row here and
// rows of its lines, numbers and channels.
#ifndef CHAIRD_CTL_NEW_CHAIR_KINDS_H
#define CHAIRD_CTL_NEW_CHAIR_KINDS_H

#include "core/chair.h"

// How an actuator of its kind is built; the person chooses one.
enum new_chair_build {
	BUILD_PULSES,
	BUILD_TIME,
	BUILD_CONTACTS,
	BUILD_POT,
	BUILD_ONE_VALVE,
	BUILD_TWO_VALVES,
	BUILD_COUNT,
};

struct new_chair_kind {
	enum actuator_kind kind;
	const char *what;    // for people
	const char *builds;  // the question for its build, for people; NULL: it has one only
	bool must_have_pump; // only with a charge pump's relay
	bool reaches, must_reach;
	const char *reference;         // key that names an actuator ...
	enum actuator_kind referenced; // ... of this kind; NULL: none
	bool reference_required;
};

// The actuators that a row is for.
struct new_chair_when {
	unsigned kinds;
	unsigned builds;        // set of them; 0: any
	unsigned with, without; // sets of roles: lines that it must have, and must not have
};

struct new_chair_build_row {
	enum new_chair_build build;
	unsigned kinds;
	const char *word, *what;
};

struct new_chair_line {
	struct new_chair_when when;
	enum line_role role;
	const char *what; // for people
	bool required;
	const char *otherwise; // of an optional line, what an empty answer means; NULL: none
	// Moved after the questions; it must go that way ("away from home"); NULL: any.
	bool moves;
	const char *way;
};

struct new_chair_number {
	struct new_chair_when when;
	const char *key, *what, *unit;
	double min, max, fallback; // NAN: no fallback
	const char *not_below;     // key of an earlier number, or NULL
};

// A kernel IIO channel, as a group of the file with its numbers.
struct new_chair_channel {
	struct new_chair_when when;
	const char *key, *what;
	bool required;
	const struct new_chair_number *numbers;
	size_t n_numbers;
};

extern const struct new_chair_kind new_chair_kinds[];
extern const size_t n_new_chair_kinds;
extern const struct new_chair_build_row new_chair_builds[];
extern const size_t n_new_chair_builds;
extern const struct new_chair_line new_chair_lines[];
extern const size_t n_new_chair_lines;
extern const struct new_chair_number new_chair_numbers[];
extern const size_t n_new_chair_numbers;
extern const struct new_chair_channel new_chair_channels[];
extern const size_t n_new_chair_channels;

#endif
