// SPDX-License-Identifier: MIT
//
// The hardware of profiles/chairs/bench.cfg: a simulated chip with its lines, a motor as simple
// as position += direction * time under power, and contacts. A thread waits for changes of the
// outputs, moves the press and works the home switch. It has a higher real-time priority than a
// guard: it sees every level, however short.
#ifndef TESTS_KERNEL_PRESS_H
#define TESTS_KERNEL_PRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "simchip.h"
#include "watch.h"

struct press;

enum press_line { // offsets on the chip
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

// At its home switch, somebody sits there, the E-stop is pulled out. Aborts where it cannot be.
struct press *press_new(void);
struct press *press_free(struct press *press);
struct simchip *press_chip(const struct press *press);
struct watch *press_watch(const struct press *press); // of the outputs

// The contacts take hold of their lines. To be called once the lines have been requested: a
// simulated chip takes the pull-up that the request asks for as what the contact does.
void press_connect(struct press *press);
// Return the moment when the contact moves.
int64_t press_estop(struct press *press, bool pressed);
int64_t press_seat(struct press *press, bool occupied);
int64_t press_button(struct press *press, bool pushed);
// A second contact like the E-stop's, on the spare input.
int64_t press_spare(struct press *press, bool pressed);

bool press_at_home(struct press *press);
// Whether both directions have ever been seen on together.
bool press_opposed(struct press *press);

#endif
