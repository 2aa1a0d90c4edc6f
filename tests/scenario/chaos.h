// SPDX-License-Identifier: MIT
//
// One session in which anything may happen: random commands, faults, deaths and lies, all from
// one seed.
#ifndef TESTS_SCENARIO_CHAOS_H
#define TESTS_SCENARIO_CHAOS_H

#include "ctl/simulator.h"

#include "rng.h"
#include "timeline.h"

// How bad it gets.
enum chaos_level {
	CHAOS_NONE,     // the session is left alone
	CHAOS_COMMANDS, // a restless person
	CHAOS_FAULTS,   // and a failing chair
	CHAOS_LIES,     // and a controller that dies, comes back and lies
	CHAOS_LEVEL_COUNT,
};

struct chaos {
	struct rng rng;
	enum chaos_level level;
	const struct chair *chair;
	const struct plan *plan;
	struct simulator *simulator;
	struct timeline log; // what was done to it

	// What the checks must know of the faults.
	int64_t late_us;        // the longest injected lateness
	int64_t writes_fail_us; // from then on the lines may stay as they are; TIME_NEVER
	bool cannot_let_go;     // motor power was cut, or what would let go is broken
	// Actuators of which nothing that the guard has tells whether they have let go: a press
	// without a sensor whose home line is short-circuited, a cell whose vent does not answer and
	// that has no sensor, or one that lies.
	bool seat_lies, seat_used; // its contact has failed; somebody has got up or sat down
	bool exchanged;            // a press has had its wires exchanged from the start
	uint32_t blind, stuck_vents, lying_sensors;

	struct wire_setpoint lie;
	int lies_left;
	bool steady; // the same lie to its end
	uint32_t lie_seq;
};

// Before the session: what may be wrong with a chair when it is switched on.
void chaos_begin(struct chaos *chaos);

// Do something to the session. Returns how long to wait before the next time, in microseconds.
int64_t chaos_strike(struct chaos *chaos);

#endif
