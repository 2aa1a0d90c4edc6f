// SPDX-License-Identifier: MIT
//
// The regulator of one hold: drive follows the force.
//
// A press gives force by its drive:
//
//   drive = what the calibration says for the set point  (most of it, at once)
//         + a share of the error                         (quick, small)
//         + the integral of the error                    (slow: friction, tissue that yields)
//
// It follows its drive with a lag, and a lag is no error:
//
//   set point  ____/~~~~~~~~~~~~~
//   reference  _____/~~~~~~~~~~~~   the set point as a usual press would follow it
//
// Between the two the force is right. Too great is corrected quickly, too small slowly, and not at
// all while the set point climbs; nor where the drive cannot follow (anti-windup).
//
// An air cell keeps what it was given, and nobody knows its level well: it is asked for a little
// more or less than the level it is reckoned to have, by the error, and for no change where the
// force is near enough.
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

// Take over at a force of force_n.
void regulator_start(struct regulator *regulator, const struct actuator *actuator, int64_t now_us,
	double force_n);

// What a report says.
struct regulator_input {
	double setpoint_n, force_n;
	double applied_permille; // the drive, or the level of a cell, as the guard has it
	bool climbing;           // the set point is on its way up
	bool limited;            // the guard holds the drive below what was asked
};

// The drive, or level, to ask for: 0 ... the actuator's drive_max.
double regulator_step(struct regulator *regulator, int64_t now_us,
	const struct regulator_input *input);

#endif
