// SPDX-License-Identifier: MIT
//
// Timeline: moments as lines of text, "12.340  phase hold".
#ifndef TESTS_SCENARIO_TIMELINE_H
#define TESTS_SCENARIO_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct moment {
	int64_t t_us;
	size_t order; // among moments of the same time
	char text[136];
};

struct timeline {
	struct moment *list;
	size_t n, capacity;
};

void timeline_add(struct timeline *timeline, int64_t t_us, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void timeline_sort(struct timeline *timeline);
void timeline_clear(struct timeline *timeline);

// The first moment in [from_us, to_us] whose text begins with these words, or NULL.
const struct moment *timeline_find(const struct timeline *timeline, const char *words,
	int64_t from_us, int64_t to_us);

void timeline_print(const struct timeline *timeline, FILE *out);

// Whether both texts are the same, except numbers that differ by at most 2 % or 0.05: another
// compiler's or processor's floating point may move an instant by as much.
bool timeline_text_alike(const char *a, const char *b);

#endif
