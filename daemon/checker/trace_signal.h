// SPDX-License-Identifier: MIT
//
// Signal: the spans of time in which something was on, with short gaps bridged.
#ifndef CHAIRD_CHECKER_TRACE_SIGNAL_H
#define CHAIRD_CHECKER_TRACE_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	int64_t from_us, to_us;
};

struct signal {
	bool on;
	struct span *spans; // in order; the last one is open while the signal is on
	size_t n, capacity;
};

// Gaps of at most bridge_us are bridged. False without memory.
bool signal_set(struct signal *signal, int64_t now_us, bool on, int64_t bridge_us);
void signal_clear(struct signal *signal);

// The longest on time within any window of this length, and the start of that window.
int64_t signal_longest_us(const struct signal *signal, int64_t window_us, int64_t *ret_from_us);

// The first time at which both signals were on, or -1.
int64_t signal_together_us(const struct signal *one, const struct signal *other);

#endif
