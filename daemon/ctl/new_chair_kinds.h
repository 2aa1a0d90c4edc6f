// SPDX-License-Identifier: MIT
//
// What a new chair's file needs of each kind of actuator: a row for each line and each number. A
// further kind of actuator is a row here and rows of its lines and numbers.
#ifndef CHAIRD_CTL_NEW_CHAIR_KINDS_H
#define CHAIRD_CTL_NEW_CHAIR_KINDS_H

#include "core/chair.h"

struct new_chair_kind {
	enum actuator_kind kind;
	const char *what;    // for people
	const char *release; // text of the file; the number is release_s
	double release_s;    // NAN: there is none
	bool by_force;       // it presses: it is calibrated later
	bool reaches, must_reach;
	const char *reference;         // key that names an actuator ...
	enum actuator_kind referenced; // ... of this kind; NULL: none
	bool reference_required;
};

struct new_chair_line {
	unsigned kinds; // set of them
	enum line_role role;
	const char *what;
	bool required;
	// Moved after the questions; it must go that way ("away from home"); NULL: any.
	bool moves;
	const char *way;
};

struct new_chair_number {
	unsigned kinds;
	const char *key, *what, *unit;
	double min, max, fallback; // NAN: no fallback
};

extern const struct new_chair_kind new_chair_kinds[];
extern const size_t n_new_chair_kinds;
extern const struct new_chair_line new_chair_lines[];
extern const size_t n_new_chair_lines;
extern const struct new_chair_number new_chair_numbers[];
extern const size_t n_new_chair_numbers;

#endif
