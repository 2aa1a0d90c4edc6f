// SPDX-License-Identifier: MIT
//
// The physical model of the simulated chair: from its outputs, through motors, air and the person,
// to its switches and sensors. Its equations and constants are explained in hal/README.md.
//
// Time runs from 0 in microseconds and is integrated on a fixed grid of about 1 ms, so that the
// result depends only on when the outputs changed.
#ifndef CHAIRD_HAL_SIM_PLANT_H
#define CHAIRD_HAL_SIM_PLANT_H

#include "hal/sim/part.h"
#include "hal/sim/switches.h"

#define PLANT_SAMPLE_US 12500 // the force sensors convert 80 times a second

struct plant {
	const struct chair *chair;
	int64_t t_us;      // the grid point it has reached
	int64_t acc_us;    // time up to which the drive of the next step has been added up
	int64_t sample_us; // when the force sensors convert next
	int64_t grid_us;
	int window; // grid steps in a PWM period, at most DRIVE_WINDOW_MAX
	int window_next;
	bool occupied;
	uint64_t lines, safe_levels; // lines of actuators; levels of the valves without power
	uint32_t parts_of[CHAIR_LINES_MAX]; // the part of each line, as a set
	uint64_t levels;                    // of the outputs
	bool powered;
	uint32_t dead;
	uint32_t driven;      // parts with drive
	uint32_t awake;       // parts that a step may change
	uint32_t moving;      // parts with a speed
	uint32_t stale;       // parts with a new force for their sensor
	uint32_t exchanged;   // actuators whose directions are exchanged
	uint32_t vents_stuck; // cells whose vent stays shut
	uint32_t shorted;     // actuators that are on whenever there is power
	bool altered;         // these, or a part's strength, since the last plant_drive()
	struct part parts[CHAIR_ACTUATORS_MAX];
	struct switch_edges edges; // of the last step
};

void plant_init(struct plant *plant, const struct chair *chair, uint64_t seed, bool occupied);

// Set the outputs from t_us on: logical levels, whether the relay gives power, and the dead
// actuators. Call plant_step() until it returns false before.
void plant_drive(struct plant *plant, int64_t t_us, uint64_t levels, bool powered, uint32_t dead);

// Set the drive of an actuator whose PWM line is a channel, from the next plant_drive() on.
void plant_channel(struct plant *plant, int actuator, int duty_permille);

// Make one step that does not end after until_us. False if there is none left. `edges` holds the
// edges of the step until the next.
bool plant_step(struct plant *plant, int64_t until_us);

// A person sits down (true) or gets up.
void plant_seat(struct plant *plant, bool occupied);

// True while a step may move a switch or a Hall sensor.
bool plant_moves(const struct plant *plant);

// The force of an actuator, as its sensor would read it; also with an empty seat.
double plant_force_n(const struct plant *plant, int actuator);

// A current, temperature or position in its unit, as its channel would read it.
double plant_measure(const struct plant *plant, int actuator, enum quantity quantity);

// Levels of its contacts, pulses, cut-outs and lock signals.
uint64_t plant_levels(const struct plant *plant);

#endif
