// SPDX-License-Identifier: MIT
//
// Something that is on or off, as the spans of time in which it was on, short gaps bridged.
#ifndef TESTS_SCENARIO_TRACE_SIGNAL_H
#define TESTS_SCENARIO_TRACE_SIGNAL_H

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

// A gap of at most bridge_us is none. False where memory ran out.
bool signal_set(struct signal *signal, int64_t now_us, bool on, int64_t bridge_us);
void signal_clear(struct signal *signal);

// The most that it was on in any window of this length, and where that window begins.
int64_t signal_most_us(const struct signal *signal, int64_t window_us, int64_t *ret_from_us);

// When two signals were first on together, or -1.
int64_t signal_together_us(const struct signal *one, const struct signal *other);

#endif
