// SPDX-License-Identifier: MIT
//
// The eccentric that a kneading motor turns, with its position contacts and Hall sensor, and the
// lock signal of a tapping motor.
//
//   turn      0     1/4    1/2    3/4     1
//   rollers   narrow medium wide  medium  narrow
#ifndef CHAIRD_HAL_SIM_ECCENTRIC_H
#define CHAIRD_HAL_SIM_ECCENTRIC_H

#include "hal/sim/part.h"
#include "hal/sim/switches.h"

// The motor has turned for dt_s. Adds the edges of this step. True while it turns fast enough to
// reach a contact.
bool eccentric_step(struct part *part, double dt_s, struct switch_edges *edges);

// The lock signal of a tapping motor, which lasts over the gaps of PWM. Adds its edge.
void eccentric_lock(struct part *part, struct switch_edges *edges);

// The levels of its contacts, pulse and lock.
uint64_t eccentric_levels(const struct part *part);

#endif
