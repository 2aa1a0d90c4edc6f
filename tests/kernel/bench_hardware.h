// SPDX-License-Identifier: MIT
//
// The hardware of profiles/chairs/bench.cfg: a simulated chip with its lines, a motor as simple
// as position += direction * time under power, and contacts. A thread waits for changes of the
// outputs, moves the press and its home switch. Its real-time priority is above a guard's, so that
// it sees every level, however short.
#ifndef TESTS_KERNEL_PRESS_H
#define TESTS_KERNEL_PRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "simchip.h"
#include "line_recorder.h"

struct bench_hardware;

enum bench_hardware_line { // offsets on the chip
	PRESS_FORWARD,
	PRESS_REVERSE,
	PRESS_PWM,
	PRESS_ENABLE,
	PRESS_SPARE_OUT, // this and the spare input: no line of the chair
	PRESS_OUTPUTS,
	PRESS_HOME = PRESS_OUTPUTS,
	PRESS_ESTOP,
	PRESS_SEAT,
	PRESS_RESET,
	PRESS_SPARE_IN,
	PRESS_LINES,
};

// At its home switch, occupied, with the E-stop closed. Aborts on failure.
struct bench_hardware *bench_hardware_new(void);
struct bench_hardware *bench_hardware_free(struct bench_hardware *hardware);
// Remove the chip, even if a process holds its lines. Only bench_hardware_free() may follow.
void bench_hardware_unplug(struct bench_hardware *hardware);
struct simchip *bench_hardware_chip(const struct bench_hardware *hardware);
struct line_recorder *bench_hardware_watch(const struct bench_hardware *hardware); // of the outputs

// Connect the contacts to their lines. Call it once the lines have been requested: a simulated chip
// sets a line by the pull-up of its request.
void bench_hardware_connect(struct bench_hardware *hardware);
// These return the time at which the contact moves.
int64_t bench_hardware_estop(struct bench_hardware *hardware, bool pressed);
int64_t bench_hardware_seat(struct bench_hardware *hardware, bool occupied);
int64_t bench_hardware_button(struct bench_hardware *hardware, bool pushed);
// A second contact like the E-stop's, on the spare input.
int64_t bench_hardware_spare(struct bench_hardware *hardware, bool pressed);

bool bench_hardware_at_home(struct bench_hardware *hardware);
// True if both directions have ever been on together.
bool bench_hardware_opposed(struct bench_hardware *hardware);

#endif
