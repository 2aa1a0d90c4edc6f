// SPDX-License-Identifier: MIT
//
// The backend for a simulated chair: a physical model of motors, air and a person behind the lines.
//
// Carriages and depth motors have inertia, friction, end switches and Hall pulses; tissue is
// visco-elastic and relaxes under a hold; air cells fill from a pump, leak and vent. Noise is
// seeded: the same seed, the same calls, the same chair. It integrates on its caller's clock.
//
// Motors, pump and valves have power only while the emergency stop is closed and the charge pump
// (the chair's enable line, if it has one) holds the relay. Without power a valve goes to
// its safe level.
#ifndef CHAIRD_HAL_SIM_SIM_H
#define CHAIRD_HAL_SIM_SIM_H

#include <stdio.h>

#include "hal/hal.h"

enum sim_fault_kind {
	SIM_STUCK,          // an input keeps the level `value` (NAN: the one it has)
	SIM_DEAD,           // an actuator's motor, valve or pump does not react
	SIM_NO_PULSES,      // an actuator's Hall pulses are lost
	SIM_SENSOR_OFFSET,  // a force sensor reads `value` newtons more
	SIM_SENSOR_FAIL,    // reads of a force sensor fail with -EIO
	SIM_WRITE_FAIL,     // the `value`th write from then on fails with -EIO, and all after it
	SIM_READ_FAIL,      // every read of lines fails with -EIO
	SIM_LATE,           // one call takes `value` ms (sim_take_late_us)
	SIM_SENSOR_ZERO,    // a force sensor reads 0 and its noise
	SIM_SENSOR_FROZEN,  // a force sensor gives its last value again and again, as if new
	SIM_SENSOR_LOW,     // a force sensor reads `value` times what there is
	SIM_CHATTER,        // a contact has an edge every `value` ms (NAN: 4)
	SIM_WELD,           // a contact that closes stays closed
	SIM_DOUBLE_PULSES,  // each of an actuator's Hall pulses comes twice
	SIM_EXCHANGED,      // an actuator's forward and reverse are exchanged
	SIM_VENT_STICKS,    // a cell's vent stays shut
	SIM_WEAK,           // a motor or pump gives `value` times its torque or pressure
	SIM_BLOCKED,        // a motor cannot turn
	SIM_SHORTED,        // a motor or heater is on whenever there is power
	SIM_CHANNEL_FAIL,   // reads of a current, temperature or position fail with -EIO
	SIM_CHANNEL_FROZEN, // it gives its last value again and again, as if new
	SIM_CHANNEL_READS,  // it always reads `value`, in its unit
	// actions of people, not faults of the chair
	SIM_ESTOP,  // value 1: pressed, 0: pulled out
	SIM_SEAT,   // value 1: sits down, 0: gets up
	SIM_RESET,  // pressed for `value` ms (NAN: 200)
	SIM_BUTTON, // `line` is pressed for `value` ms (NAN: 200)
	SIM_FAULT_KIND_COUNT,
};

struct sim_fault {
	enum sim_fault_kind kind;
	int64_t at_us;          // on the caller's clock, counted from the first call; 0: at once
	int64_t for_us;         // 0: for good
	int line;               // STUCK, CHATTER, WELD
	int actuator;           // all others that are about one
	enum quantity quantity; // CHANNEL_...
	double value;           // NAN if not given
};

// "KIND[:NAME][=VALUE][@AT_S][+FOR_S]", such as "estop=1@12.5", "stuck:depth.home=0",
// "write-fail=3@5", "dead:carriage@20+5", "button:pause=500". NAME of a line is ACTUATOR.ROLE or
// its kernel name; of a button its line, or the word for what it does; of a channel
// ACTUATOR.current, ACTUATOR.thermistor or ACTUATOR.pot.
// 0, or -EINVAL with a sentence for people in `why`.
int sim_fault_parse(const struct chair *chair, const char *text, struct sim_fault *ret_fault,
	char *why, size_t why_size);

struct sim_options {
	uint64_t seed;
	bool empty_seat; // at the start
	FILE *trace;     // receives the trace (below); NULL: none; borrowed
	bool persist;    // hal_outputs_persist() returns 1
};

// The trace of the pins: "# line NAME actuator ROLE safe LEVEL" for each output ("-" for the
// chair's own; LEVEL is the wire's, 0 or 1), then "t_us NAME 0|1" for each change of a wire's
// level, time counted from the first call. The first lines after the header give every output's
// level at 0. "# input t_us NAME 0|1" is an edge of a button. A channel of kernel PWM is 1 while it
// has a drive, and "# drive t_us NAME PERMILLE" before that says which.

// 0 or -ENOMEM. The chair is borrowed.
int sim_new(const struct chair *chair, const struct sim_options *options, struct hal **ret_hal);

// Add a fault at run time. 0, -ENOSPC if 64 are pending, or -EINVAL if it is not possible on the
// chair.
int sim_inject(struct hal *hal, const struct sim_fault *fault);

// The delay by SIM_LATE faults since the last call; the caller adds it to its clock.
int64_t sim_take_late_us(struct hal *hal);

// Whether motors, pump and valves have power.
bool sim_powered(struct hal *hal);

// The true state of the model, for tests and measurements, never for control.
struct sim_truth {
	double force_n; // on the person; 0 if the seat is empty
	// recline, extension: per mille of its way; a cell: its pressure, per mille of full; heat:
	// degrees Celsius; knead: per mille of a turn (eccentric.h)
	double position_mm;
	// knead, tap, vibrate, roller: share of full speed; source: of full pressure
	double speed_mm_s;
};
struct sim_truth sim_truth(struct hal *hal, int actuator);

#endif
