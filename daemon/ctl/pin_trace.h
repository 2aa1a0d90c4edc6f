// SPDX-License-Identifier: MIT
//
// A pin trace (hal/sim/sim.h) that was read: when each output was off its safe level.
#ifndef CHAIRD_CTL_PIN_TRACE_H
#define CHAIRD_CTL_PIN_TRACE_H

#include <stdio.h>

#include "checker/trace_signal.h"
#include "core/chair.h"

#define PIN_WINDOW_US (100 * US_PER_MS)

struct pin_line {
	struct signal on; // gaps of at most two PWM periods are bridged
	float *share;     // of PWM lines: mean drive in each PIN_WINDOW_US, 0 ... 1
};

struct pin_trace {
	const struct chair *chair;              // borrowed
	struct pin_line lines[CHAIR_LINES_MAX]; // by the chair's index; inputs are empty
	size_t n_windows, n_changes;
	int64_t end_us; // of the last change
};

// Read a trace of this chair. 0, -ENOMEM, or -EINVAL with *ret_line, the line that is no change of
// one of its outputs, and no drive of one of its channels of kernel PWM.
int pin_trace_read(FILE *stream, const struct chair *chair, struct pin_trace *ret_trace,
	int *ret_line);
void pin_trace_clear(struct pin_trace *trace);

// Mean drive of an actuator in a window, signed per mille; of one without PWM 0 or 1000. NAN for a
// cell: its valves do not give its level.
double pin_trace_drive(const struct pin_trace *trace, int actuator, size_t window);

#endif
