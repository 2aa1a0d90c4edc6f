// SPDX-License-Identifier: MIT
//
// The hardware of profiles/chairs/bench.cfg: a simulated chip with its lines, a motor as simple
// as position += direction * duty, and contacts. A thread looks at the outputs some thousand
// times a second, keeps every change it sees, moves the press and works the home switch.
//
// What is asked for the changes is answered to the time between two looks, and a program that
// drives the lines at a higher real-time priority is never kept waiting by it.
#ifndef TESTS_KERNEL_PRESS_H
#define TESTS_KERNEL_PRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "simchip.h"

struct press;

enum press_line { // offsets on the chip
	PRESS_FORWARD,
	PRESS_REVERSE,
	PRESS_PWM,
	PRESS_ENABLE,
	PRESS_OUTPUTS,
	PRESS_HOME = PRESS_OUTPUTS,
	PRESS_ESTOP,
	PRESS_SEAT,
	PRESS_RESET,
	PRESS_TAP, // moves with the E-stop; we hold it ourselves
	PRESS_LINES,
};

struct press_pulses {
	double duty; // share of the time that the line was on
	double hz;   // by the median of the times between rising edges
};

// At its home switch, somebody sits there, the E-stop is pulled out. Aborts where it cannot be.
struct press *press_new(void);
struct press *press_free(struct press *press);
struct simchip *press_chip(const struct press *press);

// The contacts take hold of their lines. To be called once the lines have been requested: a
// simulated chip takes the pull-up that the request asks for as what the contact does.
void press_connect(struct press *press);
// Returns when the kernel saw the edge: here it hears of it at its next timer tick, up to 10 ms
// after the contact has moved, as no real pin would have it. (A tap on the same contact tells.)
int64_t press_estop(struct press *press, bool pressed);
// Returns the moment before the contact moves.
int64_t press_seat(struct press *press, bool occupied);
// Pushes the reset button as a finger does, 50 ms, and returns as long after it has come back.
void press_push_reset(struct press *press);

// All times: CLOCK_MONOTONIC.
// When, at from_us or later, the output first was on (off), or -1 after timeout_ms.
int64_t press_wait(struct press *press, enum press_line output, bool on, int64_t from_us,
	int timeout_ms);
// True where the output has been on at from_us or later.
bool press_was_on(struct press *press, enum press_line output, int64_t from_us);
// Since when, at from_us or later, every output has been off, once that has lasted for 100 ms;
// -1 after timeout_ms.
int64_t press_wait_safe(struct press *press, int64_t from_us, int timeout_ms);
struct press_pulses press_pulses(struct press *press, enum press_line output, int64_t from_us,
	int64_t to_us);

bool press_at_home(struct press *press);
// Whether both directions have ever been seen on together.
bool press_opposed(struct press *press);

#endif
