// SPDX-License-Identifier: MIT
//
// Questions on standard output, answered by lines of standard input. What cannot be is asked for
// again. Each returns false at the end of the input.
#ifndef CHAIRD_CTL_QUESTIONS_H
#define CHAIRD_CTL_QUESTIONS_H

#include <stdbool.h>
#include <stddef.h>

// The answer without blanks around it; may be empty.
bool ask_text(const char *question, char *ret_answer, size_t size);

struct number_question {
	const char *text, *unit;
	double min, max, fallback; // of an empty answer; NAN: there must be one
};

// Nothing is asked if the number is there already (not NAN).
bool ask_number(const struct number_question *question, double *number);

// Only the whole words yes and no are answers; what was typed before the question is none.
bool ask_yes(const char *question, bool *ret_yes);

#endif
