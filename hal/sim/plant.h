// SPDX-License-Identifier: MIT
//
// The simulated chair as a body: what its outputs do to motors, air and the person, and what its
// switches and sensors see of it. Its equations and constants are explained in README.md.
//
// Time runs from 0 in microseconds and is integrated on a fixed grid of about 1 ms, so that the
// result depends on when the outputs changed and on nothing else.
#ifndef CHAIRD_HAL_SIM_PLANT_H
#define CHAIRD_HAL_SIM_PLANT_H

#include "hal/sim/part.h"

#define PLANT_EDGES_MAX 64
#define PLANT_SAMPLE_US 12500 // the force sensors convert 80 times a second

// A switch or a Hall sensor changed.
struct plant_edge {
	int64_t t_us;
	int line;
	bool active;
};

struct plant {
	const struct chair *chair;
	int64_t t_us;      // the grid point it has reached
	int64_t acc_us;    // how far the drive of the next step has been added up
	int64_t sample_us; // when the force sensors convert next
	int64_t grid_us;
	int window; // grid steps in a PWM period, at most DRIVE_WINDOW_MAX
	int window_next;
	bool occupied;
	uint64_t lines, safe_levels; // outputs of actuators; where springs want the valves
	uint64_t levels;             // what drives it
	bool powered;
	uint32_t dead;
	uint32_t driven;      // parts with drive
	uint32_t awake;       // parts that a step may change
	uint32_t stale;       // parts whose sensor has something new to convert
	uint32_t exchanged;   // actuators whose directions are exchanged
	uint32_t vents_stuck; // cells whose vent stays shut
	bool altered;         // these, or a part's strength, since it was last driven
	struct part parts[CHAIR_ACTUATORS_MAX];
	struct plant_edge edges[PLANT_EDGES_MAX]; // of the last step
	int n_edges;
};

void plant_init(struct plant *plant, const struct chair *chair, uint64_t seed, bool occupied);

// Outputs from t_us on: logical levels, whether the relay gives power, and the actuators that do
// not answer. plant_step() must have been taken as far as it goes before.
void plant_drive(struct plant *plant, int64_t t_us, uint64_t levels, bool powered, uint32_t dead);

// One step that does not end after until_us. False where there is none left. The edges of the
// step are in `edges`, until the next.
bool plant_step(struct plant *plant, int64_t until_us);

// Somebody sits down or gets up.
void plant_seat(struct plant *plant, bool occupied);

// True while a step may move a switch or a Hall sensor.
bool plant_moves(const struct plant *plant);

// The force on the person, and what a sensor makes of it where nobody sits.
double plant_force_n(const struct plant *plant, int actuator);

// Levels of home, end and pulse lines.
uint64_t plant_levels(const struct plant *plant);

#endif
