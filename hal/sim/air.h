// SPDX-License-Identifier: MIT
//
// The pneumatic model: a pump with a check valve, and cells behind orifices. Pressures are shares
// of the pump's nominal full pressure.
//
// The flow through an orifice goes with the root of the pressure difference d, so that
// sqrt(d) falls linearly: an empty cell is full after fill_s, a full one empty after vent_s, and
// a step of any length is exact.
#ifndef CHAIRD_HAL_SIM_AIR_H
#define CHAIRD_HAL_SIM_AIR_H

#include <stdbool.h>

struct cell {
	double fill_s, vent_s, leak_s; // 0: at once; leak 0: tight
	// state
	double level;
	bool fill, vent;
	double leak_dt_s, leak_share; // share of the level that remains after a step of that length
};

// The pump's pressure after dt_s, driven towards `target`.
double air_pump(double pressure, double target, double dt_s);

// The level of a cell that is filled with `pressure` for dt_s; it does not flow back.
double air_filled(double level, double pressure, double fill_s, double dt_s);

// One step of a cell that is fed with `pressure`.
void air_cell(struct cell *cell, double pressure, double dt_s);

#endif
