// SPDX-License-Identifier: MIT
//
// A profile that is being tuned: its text, the numbers of its steps, and the changes made so far.
//
// Each change is of one number of one step, and leaves everything else of the text as it is
// (config/edit.h). A number that the step has from the defaults, or from nowhere, is added to the
// step: other steps keep theirs. Only the grammar's ranges are kept here; whether a chair may play
// the text is for others to prove, before it is taken.
#ifndef CHAIRD_CTL_TUNING_H
#define CHAIRD_CTL_TUNING_H

#include <stdbool.h>
#include <stddef.h>

#include "config/problems.h"
#include "core/profile.h"

#define TUNING_VALUES_MAX 8   // of a step
#define TUNING_TEXT_SIZE  240 // of a message, or of a label

enum tuning_place {
	TUNING_IN_STEP,
	TUNING_IN_DEFAULTS,
	TUNING_NOWHERE, // the grammar's default
};

struct tuning_value {
	const char *key;   // of the step, or of its target: "hold_s", "newtons"
	const char *label; // for people: "hold"
	const char *unit;  // "s", "N"; "" for a number of times
	double value;
	double min, max; // of the grammar; a floor and its target bound each other
	double nudge;    // the smallest sensible change
	bool whole;      // a whole number
	enum tuning_place place;
};

struct tuning;

// 0; or -EINVAL, with problems added, if the text is no profile, apart from its points; or -ENOMEM.
// name stands for the file in problems.
int tuning_new(const char *name, const char *text, struct problems *problems,
	struct tuning **ret_tuning);
struct tuning *tuning_free(struct tuning *tuning);

// Its present text, and what it is. Valid until the next change.
const char *tuning_text(const struct tuning *tuning);
const struct profile *tuning_profile(const struct tuning *tuning); // its steps have no points

// The numbers of a step. Returns how many.
size_t tuning_values(const struct tuning *tuning, size_t step,
	struct tuning_value ret_values[TUNING_VALUES_MAX]);
// Where a step presses, as it is in the text: "upper-back-roll", "rhomboid, trapezius.middle".
char *tuning_where(const struct tuning *tuning, size_t step, char buf[TUNING_TEXT_SIZE]);

// The text with that value of a step higher by so many nudges, or lower; at most as far as its
// range goes. 0 with the text, which the caller frees; -ERANGE, with the bound in `why`, if it is
// at its end; -EINVAL, with the reason; -ENOMEM.
int tuning_nudged(const struct tuning *tuning, size_t step, size_t value, int nudges,
	char **ret_text, char why[TUNING_TEXT_SIZE]);
// The text of a profile that has that step alone. NULL without memory.
char *tuning_trial(const struct tuning *tuning, size_t step);

// Make a text of tuning_nudged() the present one. -ENOMEM.
int tuning_take(struct tuning *tuning, const char *text);
// Go back to the one before. False if there is none.
bool tuning_undo(struct tuning *tuning);

// Whether the present text differs from the first one, or from that of the last call below.
bool tuning_is_unsaved(const struct tuning *tuning);
// The present text has been saved. -ENOMEM.
int tuning_saved(struct tuning *tuning);

#endif
