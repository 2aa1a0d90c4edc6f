// SPDX-License-Identifier: MIT
//
// The wizard of a new chair's file: it asks what is wired to which line, moves one actuator at a
// time if the person says yes, and makes a file of the answers, with comments. After each actuator
// and button the whole is checked as `chairctl check` does; what is wrong is asked for again.
#ifndef CHAIRD_CTL_NEW_CHAIR_H
#define CHAIRD_CTL_NEW_CHAIR_H

#include <stdio.h>

#include "core/chair.h"

struct new_chair {
	// As far as asked: lines, and of actuators names, kinds, lines, carriages and soft limits.
	struct chair chair;
	bool moving; // actuators may be moved
	// Parts of the file, by the index of the actuator or button; the reach may be NULL.
	char *actuators[CHAIR_ACTUATORS_MAX], *reaches[CHAIR_ACTUATORS_MAX];
	char *buttons[CHAIR_BUTTONS_MAX];
	char *groups[CHAIR_GROUPS_MAX]; // of which only one actuator may run
};

// Answers of the wizard's parts.
enum new_chair_answer {
	NEW_CHAIR_NOTHING, // an empty line
	NEW_CHAIR_ADDED,
	NEW_CHAIR_END, // the input has ended, or Ctrl-C
};

void new_chair_init(struct new_chair *wizard, bool moving);
void new_chair_clear(struct new_chair *wizard);

// Ask for everything. False if the input ends before, or after Ctrl-C.
bool new_chair_ask(struct new_chair *wizard);
void new_chair_write(const struct new_chair *wizard, FILE *file);
// True if the file would pass, with the carriages' soft limits in the chair; otherwise its problems
// are printed.
bool new_chair_check(struct new_chair *wizard);

// new_chair_line.c: ask for a line and add it to the chair.
enum new_chair_answer new_chair_ask_line(struct new_chair *wizard, const char *question,
	bool required, enum line_role role, int actuator, int *ret_line);
// As a group of the file, with `more` keys in it.
void new_chair_put_line(FILE *file, const struct line *line, const char *more);

// new_chair_actuator.c
enum new_chair_answer new_chair_ask_actuator(struct new_chair *wizard);

#endif
