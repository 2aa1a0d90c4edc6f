// SPDX-License-Identifier: MIT
#include "core/suggestion.h"

#include <stdio.h>
#include <string.h>

static size_t least_of(size_t a, size_t b)
{
	return a < b ? a : b;
}

// How many letters to add, drop, change or swap with their neighbour to make b of a, or limit + 1
// as soon as it is certain to be more than the limit.
static size_t distance(const char *a, const char *b, size_t limit)
{
	size_t n_a = strlen(a), n_b = strlen(b);
	size_t rows[3][NAME_SIZE];

	if (n_a >= NAME_SIZE || n_b >= NAME_SIZE || n_a > n_b + limit || n_b > n_a + limit)
		return limit + 1;
	for (size_t j = 0; j <= n_b; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n_a; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		size_t least = i;

		row[0] = i;
		for (size_t j = 1; j <= n_b; j++) {
			row[j] = least_of(above[j - 1] + (a[i - 1] != b[j - 1]),
				least_of(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least_of(row[j], before[j - 2] + 1);
			least = least_of(least, row[j]);
		}
		if (least > limit)
			return limit + 1;
	}
	return rows[n_a % 3][n_b];
}

void suggestion_start(struct suggestion *suggestion, const char *word)
{
	// A third of the letters may be wrong, and one in a short word.
	size_t limit = strlen(word) / 3;

	*suggestion = (struct suggestion){ .word = word, .distance = (limit ? limit : 1) + 1 };
}

bool suggestion_consider(struct suggestion *suggestion, const char *candidate)
{
	size_t found = distance(suggestion->word, candidate, suggestion->distance - 1);

	if (found >= suggestion->distance)
		return false;
	suggestion->distance = found;
	snprintf(suggestion->best, sizeof(suggestion->best), "%s", candidate);
	return true;
}

const char *suggest(const char *word, const char *const words[], size_t n)
{
	struct suggestion suggestion;
	const char *best = NULL;

	suggestion_start(&suggestion, word);
	for (size_t i = 0; i < n && suggestion.distance > 0; i++) {
		if (suggestion_consider(&suggestion, words[i]))
			best = words[i];
	}
	return best;
}
