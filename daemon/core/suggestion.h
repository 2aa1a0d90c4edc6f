// SPDX-License-Identifier: MIT
//
// What somebody who mistyped a word may have meant.
#ifndef CHAIRD_CORE_SUGGESTION_H
#define CHAIRD_CORE_SUGGESTION_H

#include <stdbool.h>
#include <stddef.h>

#include "core/units.h"

// The closest of n words to `word`, or NULL if none is close enough.
const char *suggest(const char *word, const char *const words[], size_t n);

// The same for candidates that are not in an array.
struct suggestion {
	const char *word;     // borrowed
	char best[NAME_SIZE]; // "": none so far
	size_t distance;
};
void suggestion_start(struct suggestion *suggestion, const char *word);
bool suggestion_consider(struct suggestion *suggestion, const char *candidate); // true: best so far

#endif
