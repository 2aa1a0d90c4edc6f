// SPDX-License-Identifier: MIT
//
// The model of a geared DC motor that moves a mass along a line between two stops.
//
//   mass dv/dt = motor - load - damping v - friction sign(v)
//
// `damping` is the back-EMF seen at the output: a motor whose bridge is off is short-circuited and
// brakes. Friction is dry: a standing motor starts to move at 1.2 times the sliding friction. The
// pulses of the drive loosen the gear; without them all of friction_rest_n holds it, which is why a
// press without power does not release a person by itself.
#ifndef CHAIRD_HAL_SIM_MOTOR_H
#define CHAIRD_HAL_SIM_MOTOR_H

struct sim_motor {
	double mass;            // N s^2 / mm
	double damping;         // N s / mm
	double friction_run_n;  // with the gear loosened by the drive
	double friction_rest_n; // without drive
	double stop_min_mm, stop_max_mm;
	// state
	double x_mm, v_mm_s;
};

// One step of at most some milliseconds. `drive` is the share of full drive, 0 ... 1.
void sim_motor_step(struct sim_motor *motor, double motor_n, double drive, double load_n,
	double dt_s);

#endif
