// SPDX-License-Identifier: MIT
//
// The regulator of one press: drive follows the force.
//
//   drive = what the calibration says for the set point  (most of it, at once)
//         + a share of the error                         (quick, small)
//         + the integral of the error                    (slow: friction, tissue that yields)
//
// A press follows its drive with a lag, and a lag is no error:
//
//   set point  ____/~~~~~~~~~~~~~
//   reference  _____/~~~~~~~~~~~~   the set point as a usual press would follow it
//
// Below the reference the force is too small, above the set point it is too great, and in
// between it is right. Too great is corrected quickly, too small slowly, and not at all while
// the set point climbs; nor where the drive cannot follow (anti-windup).
#ifndef CHAIRD_CORE_REGULATOR_H
#define CHAIRD_CORE_REGULATOR_H

#include <stdbool.h>
#include <stdint.h>

#include "core/chair.h"

struct regulator {
	const struct actuator *actuator; // borrowed
	int64_t last_us;
	double force_n;  // low-passed
	double reference_n;
	double integral; // per mille
};

// Take over at a force of force_n.
void regulator_start(struct regulator *regulator, const struct actuator *actuator, int64_t now_us,
	double force_n);

// One report: the drive for this set point, 0 ... the actuator's drive_max. `climbing`: the set
// point is on its way up; `limited`: the guard held the last drive below what was asked.
double regulator_step(struct regulator *regulator, int64_t now_us, double setpoint_n,
	double force_n, bool climbing, bool limited);

#endif
