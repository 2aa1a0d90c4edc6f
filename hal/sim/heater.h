// SPDX-License-Identifier: MIT
//
// A heating pad: a mass that its power warms and the room cools, and the cut-out on it.
#ifndef CHAIRD_HAL_SIM_HEATER_H
#define CHAIRD_HAL_SIM_HEATER_H

#include <stdbool.h>

#define HEATER_ROOM_C 22.0

struct heater {
	double pad_c;
	bool opened; // its thermal cut-out
};

// One step of any length, with the share of the time in which it is on. cutoff_c: by the chair.
void heater_step(struct heater *heater, double share, double cutoff_c, double dt_s);

#endif
