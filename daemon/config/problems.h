// SPDX-License-Identifier: MIT
//
// The problems of configuration files, all of them collected in one run:
//
//   file:line: path: problem (allowed range; did you mean ...)
//   file:line: warning: path: advice that is not followed
//   file:line:column: problem (in the text itself)
#ifndef CHAIRD_CONFIG_PROBLEMS_H
#define CHAIRD_CONFIG_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/suggestion.h"

#define PROBLEMS_MAX     200  // of one run; the rest are only counted
#define PROBLEM_LINE_MAX 1400 // bytes of one as a line

struct problem {
	char *file;
	int line;    // 0: the file as a whole
	int column;  // characters, from 1; 0: the line as a whole
	char *path;  // "steps[2].hold_s"; "" for the file as a whole
	char *text;  // "600 is out of range (5 ... 90 s)"
	bool advice; // a warning: it alone is no failure
	// Of a rule with a figure: its code (static; NULL: none), the figure, the highest allowed.
	const char *code;
	double value, bound;
};

struct problems {
	struct problem *list;
	size_t n, dropped;
};

// Add one; printf-like. Without memory it is counted as dropped. Bytes that are not printable
// UTF-8 become '?'.
void problems_add(struct problems *problems, const char *file, int line, const char *path,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

// The same with the other members of `like`; its file, path and text are not used.
void problems_add_like(struct problems *problems, struct problem like, const char *file,
	const char *path, const char *format, ...) __attribute__((format(printf, 5, 6)));

// As problems_add() with a place in the text and no path.
void problems_add_at(struct problems *problems, const char *file, int line, int column,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

size_t problems_count(const struct problems *problems);  // with the dropped ones
size_t problems_errors(const struct problems *problems); // likewise, without advice

// As above into buf; returns as snprintf does.
int problem_format(const struct problem *problem, char *buf, size_t size);

// The same with the file's name without its folders, cut between characters.
void problem_format_short(const struct problem *problem, char *buf, size_t size);

// Each problem as one line, and a last line with the number of those dropped.
void problems_report(const struct problems *problems, void (*report)(void *data, const char *line),
	void *data);

void problems_clear(struct problems *problems);
#define problems_auto __attribute__((cleanup(problems_clear))) struct problems

void problems_drop_advice(struct problems *problems);

// Move all of `from` behind those of `problems`.
void problems_move(struct problems *problems, struct problems *from);

#endif
