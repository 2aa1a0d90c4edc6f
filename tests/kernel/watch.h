// SPDX-License-Identifier: MIT
//
// What was seen on output lines: every change, with its time, to be asked for while it goes on
// and afterwards. "On" is a high wire. A thread that runs before all others puts in each change
// as it happens; others ask, and what they do not find has not happened yet.
#ifndef TESTS_KERNEL_WATCH_H
#define TESTS_KERNEL_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch;

// Of the pulses that begin and end within some time, the shortest and the longest; a pulse's
// period lasts until the next one begins.
struct watch_pulses {
	size_t n;
	int64_t width_min_us, width_max_us;
	int64_t period_min_us, period_max_us;
};

// Aborts where there is no memory.
struct watch *watch_new(size_t n_lines);
struct watch *watch_free(struct watch *watch);

// The levels of all lines, by bit, at now_us.
void watch_put(struct watch *watch, int64_t now_us, uint64_t levels);

// All times: CLOCK_MONOTONIC. from_us is no later than now.

// When, at from_us or later, the line first was on (off), or -1 after timeout_ms.
int64_t watch_wait(struct watch *watch, unsigned int line, bool on, int64_t from_us,
	int timeout_ms);
// Since when, at from_us or later, every line has been off, once that has lasted for 100 ms; -1
// after timeout_ms.
int64_t watch_wait_safe(struct watch *watch, int64_t from_us, int timeout_ms);
// Whether the line has been on at from_us or later.
bool watch_was_on(struct watch *watch, unsigned int line, int64_t from_us);
// How often it has changed in between.
size_t watch_changes(struct watch *watch, unsigned int line, int64_t from_us, int64_t to_us);
// Its pulses in between.
struct watch_pulses watch_pulses(struct watch *watch, unsigned int line, int64_t from_us,
	int64_t to_us);

#endif
