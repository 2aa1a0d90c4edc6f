// SPDX-License-Identifier: MIT
//
// A row of `make bench`: the time of one way through the daemons beside its floor, measured in
// alternating rounds.
#ifndef TESTS_BENCH_ROW_H
#define TESTS_BENCH_ROW_H

#include <stddef.h>

#define ROW_ROUNDS_MAX 100

struct row_pair {
	double ours_us, floor_us;
};

// Print the quantiles of both and the median of the rounds' ratios. n: 1 ... ROW_ROUNDS_MAX.
void row_print(const char *what, const struct row_pair *pairs, size_t n);

#endif
