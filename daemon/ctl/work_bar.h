// SPDX-License-Identifier: MIT
//
// A bar for work that takes long, on standard error if that is a terminal. Work of less than half a
// second shows none.
#ifndef CHAIRD_CTL_WORK_BAR_H
#define CHAIRD_CTL_WORK_BAR_H

#include <stdbool.h>
#include <stdint.h>

struct work_bar {
	const char *what; // "simulating"
	bool live, utf8, drawn;
	int64_t next_us;  // when it is drawn again
	unsigned n_calls; // the clock is not read at each
};

// live: false for work whose output shows how far it is.
void work_bar_begin(struct work_bar *bar, const char *what, bool live);
// fraction: 0 ... 1. May be called often.
void work_bar_update(struct work_bar *bar, double fraction);
void work_bar_end(struct work_bar *bar);

#endif
