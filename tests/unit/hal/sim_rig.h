// SPDX-License-Identifier: MIT
//
// A simulated chair in virtual time, with functions that drive an actuator by PWM while the charge
// pump runs.
#ifndef CHAIRD_TESTS_UNIT_HAL_SIM_RIG_H
#define CHAIRD_TESTS_UNIT_HAL_SIM_RIG_H

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "hal/sim/sim.h"
#include "tests/unit/fixture.h"

struct sim_rig {
	struct chair chair;
	struct hal *hal;
	int64_t now_us;
	bool no_pump;   // leave the charge pump alone
	uint64_t level; // of the outputs
	size_t pulses;  // rising edges seen on pulse lines
	size_t edges;   // all others
};

void rig_open(struct sim_rig *rig, void (*fixture)(struct chair *),
	const struct sim_options *options);
void rig_close(struct sim_rig *rig);
uint64_t rig_bit(const struct sim_rig *rig, int actuator, enum line_role role);
void rig_set(struct sim_rig *rig, uint64_t mask, uint64_t levels);
void rig_take(struct sim_rig *rig);
// Run under a signed drive of one actuator; the lines of the others stay.
void rig_run(struct sim_rig *rig, int actuator, int permille, int64_t ms);
double rig_force(struct sim_rig *rig, int actuator);
bool rig_at(struct sim_rig *rig, int actuator, enum line_role role);
void rig_inject(struct sim_rig *rig, const char *text);

#endif
