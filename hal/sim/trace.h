// SPDX-License-Identifier: MIT
//
// Writer of the trace of a simulated chair's pins; the format is in sim.h.
#ifndef CHAIRD_HAL_SIM_TRACE_H
#define CHAIRD_HAL_SIM_TRACE_H

#include <stdio.h>

#include "core/chair.h"

// The header, and every output at its safe level at time 0.
void trace_begin(FILE *file, const struct chair *chair);

// The outputs in `changed` have gone to `levels`, both logical.
void trace_change(FILE *file, const struct chair *chair, int64_t t_us, uint64_t changed,
	uint64_t levels);

// The channel of kernel PWM has this drive from t_us on.
void trace_drive(FILE *file, const struct chair *chair, int64_t t_us, int line, int duty_permille);

// The level of an input as read, at t_us.
void trace_input(FILE *file, const struct chair *chair, int64_t t_us, size_t line, bool level);

#endif
