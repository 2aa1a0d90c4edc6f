// SPDX-License-Identifier: MIT
//
// Force regulator of one hold: a PI controller with feedforward for a press, steps for a cell.
//
// A press gives force by its drive:
//
//   drive = feedforward: the calibration's drive for the setpoint   (most of it, at once)
//         + P: a share of the error                                 (quick, small)
//         + I: the integral of the error                            (slow: friction, soft tissue)
//
// The force follows the drive with a lag, which is not an error:
//
//   setpoint   ____/~~~~~~~~~~~~~
//   reference  _____/~~~~~~~~~~~~   the setpoint as a usual press would follow it
//
// A force between the two has no error. A higher force is corrected quickly, a lower one slowly.
// The integral does not rise while the setpoint climbs or the drive is limited (anti-windup).
//
// An air cell keeps its level, which is only estimated. Each step demands the estimated level,
// changed a little by the error, or unchanged if the force is near enough.
#ifndef CHAIRD_CORE_REGULATOR_H
#define CHAIRD_CORE_REGULATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/chair.h"

struct regulator {
	const struct actuator *actuator; // borrowed
	int64_t last_us;
	double force_n; // low-passed
	double reference_n;
	double integral; // per mille
};

// Start at a force of force_n.
void regulator_start(struct regulator *regulator, const struct actuator *actuator, int64_t now_us,
	double force_n);

// Inputs of a step, from the guard's report.
struct regulator_input {
	double setpoint_n, force_n;
	double applied_permille; // the drive, or the estimated level of a cell
	bool climbing;           // the setpoint is on its way up
	bool limited;            // the guard limits the drive below the demand
};

// The drive or level to demand: 0 ... the actuator's drive_max.
double regulator_step(struct regulator *regulator, int64_t now_us,
	const struct regulator_input *input);

#endif
