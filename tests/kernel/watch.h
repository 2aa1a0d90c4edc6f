// SPDX-License-Identifier: MIT
//
// What was seen on output lines: every change, with its time, to be asked for while it goes on
// and afterwards. "On" is a high wire. One thread looks, others ask.
#ifndef TESTS_KERNEL_WATCH_H
#define TESTS_KERNEL_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct watch;

// By the mean of the middle half of all periods and of all pulses: where the host is busy the
// guard skips a few, as it should.
struct watch_pulses {
	double duty; // 0 ... 1
	double hz;
};

// Aborts where there is no memory.
struct watch *watch_new(size_t n_lines);
struct watch *watch_free(struct watch *watch);

// The levels of all lines, by bit, at now_us.
void watch_put(struct watch *watch, int64_t now_us, uint64_t levels);

// All times: CLOCK_MONOTONIC.

// Returns once lines have been looked at then or later.
void watch_until(struct watch *watch, int64_t t_us);
// When, at from_us or later, the line first was on (off), or -1 after timeout_ms.
int64_t watch_wait(struct watch *watch, unsigned int line, bool on, int64_t from_us, int timeout_ms);
// Since when, at from_us or later, every line has been off, once that has lasted for 100 ms; -1
// after timeout_ms.
int64_t watch_wait_safe(struct watch *watch, int64_t from_us, int timeout_ms);
// Whether the line has been on at from_us or later.
bool watch_was_on(struct watch *watch, unsigned int line, int64_t from_us);
// How often it has changed in between.
size_t watch_changes(struct watch *watch, unsigned int line, int64_t from_us, int64_t to_us);
// Of pulses that begin and end in between.
struct watch_pulses watch_pulses(struct watch *watch, unsigned int line, int64_t from_us,
	int64_t to_us);

#endif
