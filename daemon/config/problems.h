// SPDX-License-Identifier: MIT
//
// Everything that is wrong with a file, all of it in one run:
//
//   file:line: path: problem (allowed range; did you mean ...)
#ifndef CHAIRD_CONFIG_PROBLEMS_H
#define CHAIRD_CONFIG_PROBLEMS_H

#include <stddef.h>

#define PROBLEMS_MAX 200 // of one run; the rest is counted

struct problem {
	char *file;
	int line;   // 0: the file as a whole
	char *path; // "steps[2].hold_s"; "" for the file as a whole
	char *text; // "600 is out of range (5 ... 90 s)"
};

struct problems {
	struct problem *list;
	size_t n, dropped;
};

// Add one; printf-like. Out of memory counts it as dropped.
void problems_add(struct problems *problems, const char *file, int line, const char *path,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

// "file:line: path: text" into buf; returns as snprintf does.
int problem_format(const struct problem *problem, char *buf, size_t size);

void problems_clear(struct problems *problems);

// The closest of n words to `word`, or NULL where none is close enough to be meant.
const char *suggest(const char *word, const char *const words[], size_t n);

#endif
