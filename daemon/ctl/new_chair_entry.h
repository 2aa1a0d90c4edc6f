// SPDX-License-Identifier: MIT
//
// An actuator that the wizard of a new chair's file is asking for, and the parts of its questions.
// Each function that asks returns false at the end of the input.
#ifndef CHAIRD_CTL_NEW_CHAIR_ENTRY_H
#define CHAIRD_CTL_NEW_CHAIR_ENTRY_H

#include "ctl/new_chair.h"
#include "ctl/new_chair_kinds.h"

#define NEW_CHAIR_COMMENT_SIZE 100
#define NEW_CHAIR_VALUES_MAX   24

struct new_chair_entry {
	struct new_chair *wizard;
	const struct new_chair_kind *kind;
	const struct new_chair_build_row *build; // NULL: the kind has one only
	int index;
	int reference; // index of the actuator that it names, or -1
	FILE *text, *reach;
	char moved[NEW_CHAIR_COMMENT_SIZE]; // by its first movement, in the person's words
	struct {
		const char *key;
		double number;
	} values[NEW_CHAIR_VALUES_MAX]; // the numbers that were answered
	size_t n_values;
};

static inline struct actuator *new_chair_actuator(const struct new_chair_entry *entry)
{
	return &entry->wizard->chair.actuators[entry->index];
}

bool new_chair_applies(const struct new_chair_entry *entry, const struct new_chair_when *when);

// A key of the file as a question: "  carriage, rail or lift: ".
bool new_chair_ask_key(const char *key, const char *what, char *ret_answer, size_t size);

// new_chair_wiring.c: its lines, and their group of the file
bool new_chair_ask_lines(struct new_chair_entry *entry);
void new_chair_put_lines(const struct new_chair_entry *entry);

// new_chair_numbers.c: its numbers and channels, written to `text`
bool new_chair_ask_numbers(struct new_chair_entry *entry);
bool new_chair_ask_channels(struct new_chair_entry *entry);
// The answer to a number's key, NAN without one.
double new_chair_value(const struct new_chair_entry *entry, const char *key);

// new_chair_movement.c: after a yes move each of its lines that moves something
bool new_chair_ask_movements(struct new_chair_entry *entry);

// new_chair_reach.c: the regions that it reaches, written to `reach`
bool new_chair_ask_reach(struct new_chair_entry *entry);

#endif
