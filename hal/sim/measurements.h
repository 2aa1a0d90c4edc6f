// SPDX-License-Identifier: MIT
//
// The channels of the simulated chair that measure currents, temperatures and positions: from the
// plant, through faults and noise, to the value that is read.
#ifndef CHAIRD_HAL_SIM_MEASUREMENTS_H
#define CHAIRD_HAL_SIM_MEASUREMENTS_H

#include "hal/hal.h"
#include "hal/sim/normal.h"
#include "hal/sim/plant.h"

struct sim_measurements {
	const struct plant *plant; // borrowed
	uint64_t seed;
	struct normal normal;
	struct sim_measurement {
		bool fails;   // reads fail with -EIO
		bool frozen;  // gives its last value again and again, as if new
		double reads; // always reads this; NAN: what there is
		struct hal_measurement last;
	} by[CHAIR_ACTUATORS_MAX][QUANTITY_COUNT];
};

void sim_measurements_init(struct sim_measurements *measurements, const struct plant *plant,
	uint64_t seed);

// The value that the channel has converted last, as sim_sensors_read().
void sim_measurements_read(struct sim_measurements *measurements, int64_t start_us, int actuator,
	enum quantity quantity, struct hal_measurement *ret);

#endif
