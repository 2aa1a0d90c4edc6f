// SPDX-License-Identifier: MIT
//
// What a fault, or an action of a person, does to the simulated chair. sim.h lists the kinds.
#ifndef CHAIRD_HAL_SIM_FAULT_EFFECTS_H
#define CHAIRD_HAL_SIM_FAULT_EFFECTS_H

#include "hal/sim/inputs.h"
#include "hal/sim/measurements.h"
#include "hal/sim/plant.h"
#include "hal/sim/sensors.h"
#include "hal/sim/sim.h"

struct fault_effects {
	// borrowed; altered in place
	struct plant *plant;
	struct sim_inputs *inputs;
	struct sim_sensors *sensors;
	struct sim_measurements *measurements;
	// for the backend to act on
	uint32_t dead, no_pulses, double_pulses; // actuators
	bool estop_pressed;
	int64_t writes_left; // until writes fail; -1: they do not
	bool read_fails;
	int64_t late_us; // not yet taken by sim_take_late_us()
};

// None yet.
void fault_effects_init(struct fault_effects *effects, struct plant *plant,
	struct sim_inputs *inputs, struct sim_sensors *sensors,
	struct sim_measurements *measurements);

// The fault begins, or ends, at t_us of the plant's time. It has passed fault_check(). Call
// plant_drive() after it.
void fault_effects_apply(struct fault_effects *effects, int64_t t_us, const struct sim_fault *fault,
	bool ends);

#endif
