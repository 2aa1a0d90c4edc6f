// SPDX-License-Identifier: MIT
//
// Verbs of requests and their arguments: one table for the parser (command_json.h) and for the
// answer of the verb help (help.h).
#ifndef CHAIRD_CONTROL_VERB_TABLE_H
#define CHAIRD_CONTROL_VERB_TABLE_H

#include "control/command_json.h"

// Arguments of all verbs, before they become a request.
struct verb_values {
	const char *profile, *person, *feedback, *actuator,
		*text; // borrowed from the JSON, or NULL
	double intensity, lease_s, ts, drive_permille, heartbeat_ms, days;
};

struct verb_argument {
	const char *verb, *key;
	bool required;
	size_t offset;    // into struct verb_values
	const char *unit; // of a number; NULL for a string
	double min, max;  // of a number
	int size_max;     // of a string, bytes
	const char *text; // for people
};

#define VERB_ARGUMENTS 25
extern const struct verb_argument verb_arguments[VERB_ARGUMENTS];

// By request_verb_index().
const char *verb_name(int index);
const char *verb_text(int index); // for people
enum request_kind verb_kind(int index);

const char *feedback_name(enum feedback feedback);

#endif
