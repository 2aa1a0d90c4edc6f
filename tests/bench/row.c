// SPDX-License-Identifier: MIT
#include "row.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double quantile(const double *sorted, size_t n, size_t percent)
{
	size_t rank = (n * percent + 99) / 100;

	return sorted[rank > 0 ? rank - 1 : 0];
}

void row_print(const char *what, const struct row_pair *pairs, size_t n)
{
	double ours[ROW_ROUNDS_MAX], floors[ROW_ROUNDS_MAX], ratios[ROW_ROUNDS_MAX];

	assert(n > 0 && n <= ROW_ROUNDS_MAX);
	for (size_t i = 0; i < n; i++) {
		ours[i] = pairs[i].ours_us;
		floors[i] = pairs[i].floor_us;
		ratios[i] = pairs[i].ours_us / pairs[i].floor_us;
	}
	qsort(ours, n, sizeof(*ours), compare);
	qsort(floors, n, sizeof(*floors), compare);
	qsort(ratios, n, sizeof(*ratios), compare);
	printf("%-36s  p50 %6.0f us  p99 %6.0f us   floor p50 %5.0f us  p99 %5.0f us   "
	       "ratio p50 %.2f  p99/p99 %.2f\n",
		what, quantile(ours, n, 50), quantile(ours, n, 99), quantile(floors, n, 50),
		quantile(floors, n, 99), quantile(ratios, n, 50),
		quantile(ours, n, 99) / quantile(floors, n, 99));
}
