// SPDX-License-Identifier: MIT
//
// The force sensors of the simulated chair: from the force that the plant has sampled, through
// faults and noise, to the value that is read.
#ifndef CHAIRD_HAL_SIM_SENSORS_H
#define CHAIRD_HAL_SIM_SENSORS_H

#include "hal/hal.h"
#include "hal/sim/normal.h"
#include "hal/sim/plant.h"

struct sim_sensors {
	const struct plant *plant; // borrowed
	struct normal normal;
	// by actuator, as a set or by its index
	uint32_t failing; // reads fail with -EIO
	uint32_t zero;    // reads 0 and its noise
	uint32_t frozen;  // gives its last value again and again, as if new
	double factor[CHAIR_ACTUATORS_MAX], offset_n[CHAIR_ACTUATORS_MAX];
	uint64_t noise[CHAIR_ACTUATORS_MAX]; // noise_owner()
	struct hal_force last[CHAIR_ACTUATORS_MAX];
	int64_t next_us[CHAIR_ACTUATORS_MAX]; // conversion, on the plant's clock; 0: at once
};

void sim_sensors_init(struct sim_sensors *sensors, const struct plant *plant, uint64_t seed);

// The force that the sensor of this actuator has converted last. start_us: the caller's clock at
// the plant's time 0; ret_force is on the caller's.
void sim_sensors_read(struct sim_sensors *sensors, int64_t start_us, int actuator,
	struct hal_force *ret_force);

#endif
