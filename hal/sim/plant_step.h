// SPDX-License-Identifier: MIT
//
// Private part of the plant: a step of one of its parts.
#ifndef CHAIRD_HAL_SIM_PLANT_STEP_H
#define CHAIRD_HAL_SIM_PLANT_STEP_H

#include "hal/sim/plant.h"

// These parts may have changed: step and sample them.
static inline void plant_wake(struct plant *plant, uint32_t parts)
{
	plant->awake |= parts;
	plant->stale |= parts;
}

// Advance the part by dt_s at the mean of its drive, and note in the plant whether it moves, and
// its edges. A carriage wakes the parts that ride on it.
void plant_step_part(struct plant *plant, struct part *part, double dt_s);

#endif
