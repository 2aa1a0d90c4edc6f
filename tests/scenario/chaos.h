// SPDX-License-Identifier: MIT
//
// Chaos: random commands, faults, deaths and lies in one session, all from one seed.
#ifndef TESTS_SCENARIO_CHAOS_H
#define TESTS_SCENARIO_CHAOS_H

#include "ctl/simulator.h"

#include "rng.h"
#include "timeline.h"

// The severity.
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

	// Consequences of the injected faults, for the checks.
	int64_t late_us;           // the longest injected lateness
	int64_t writes_fail_us;    // from then on the lines may stay as they are; TIME_NEVER
	bool cannot_release;       // motor power was cut, or the means of a release is broken
	bool seat_lies, seat_used; // its contact has failed; somebody has got up or sat down
	bool carriage_lies;        // a fault moves a carriage, or a contact of it, unseen
	bool exchanged;            // a press has had its wires exchanged from the start
	// Sets of actuators. blind: no input of the guard shows whether it is released, as of a
	// press without a sensor whose home line is short-circuited, or of a cell whose vent sticks
	// and whose sensor is missing or lies.
	uint32_t blind, stuck_vents, lying_sensors;
	uint32_t unseen_posture; // the drive of a recline or extension, or its sense, is broken
	uint32_t unseen_heat;    // heaters whose thermistor lies: a cut-out or their time is left
	uint32_t lying_widths;   // kneads with a position contact that closes elsewhere

	struct wire_setpoint lie;
	int lies_left;
	bool steady; // the same lie to its end
	uint32_t lie_seq;
};

// Before the session: inject a fault that a chair may have when it is switched on.
void chaos_begin(struct chaos *chaos);

// Do something to the session. Returns the time until the next strike, in microseconds.
int64_t chaos_strike(struct chaos *chaos);

#endif
