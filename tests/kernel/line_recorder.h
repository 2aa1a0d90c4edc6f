// SPDX-License-Identifier: MIT
//
// A record of output lines: every change with its time, to be queried during the recording and
// after it. "On" is a high wire. A thread of the highest priority adds each change as it happens,
// so that a change that is not in the record has not happened yet.
#ifndef TESTS_KERNEL_WATCH_H
#define TESTS_KERNEL_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct line_recorder;

// The shortest and the longest of the pulses that begin and end within some time; a pulse's period
// lasts until the next one begins.
struct line_recorder_pulses {
	size_t n;
	int64_t width_min_us, width_max_us;
	int64_t period_min_us, period_max_us;
};

// Aborts if there is no memory.
struct line_recorder *line_recorder_new(size_t n_lines);
struct line_recorder *line_recorder_free(struct line_recorder *recorder);

// The levels of all lines, by bit, at now_us.
void line_recorder_put(struct line_recorder *recorder, int64_t now_us, uint64_t levels);

// All times: CLOCK_MONOTONIC. from_us is no later than now.

// The first time, at from_us or later, at which the line was on (off); -1 after timeout_ms.
int64_t line_recorder_wait(struct line_recorder *recorder, unsigned int line, bool on,
	int64_t from_us, int timeout_ms);
// The time, at from_us or later, since which every line has been off for at least 100 ms; -1 after
// timeout_ms.
int64_t line_recorder_wait_safe(struct line_recorder *recorder, int64_t from_us, int timeout_ms);
// True if the line has been on at from_us or later.
bool line_recorder_was_on(struct line_recorder *recorder, unsigned int line, int64_t from_us);
// The number of its changes in between.
size_t line_recorder_changes(struct line_recorder *recorder, unsigned int line, int64_t from_us,
	int64_t to_us);
// Its pulses in between.
struct line_recorder_pulses line_recorder_pulses(struct line_recorder *recorder, unsigned int line,
	int64_t from_us, int64_t to_us);

#endif
