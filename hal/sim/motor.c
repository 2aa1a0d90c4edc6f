// SPDX-License-Identifier: MIT
#include "hal/sim/motor.h"

#include <math.h>

#include "core/units.h"

#define BREAKAWAY   1.2 // static friction, of sliding friction
#define LOOSE_DRIVE 0.1 // from that drive on the gear is loose

void sim_motor_step(struct sim_motor *motor, double motor_n, double drive, double load_n,
	double dt_s)
{
	double loose = min_double(drive / LOOSE_DRIVE, 1.0);
	double friction_n = motor->friction_rest_n +
		(motor->friction_run_n - motor->friction_rest_n) * loose;
	double push_n = motor_n - load_n;
	double mobility = 1 / (motor->mass + motor->damping * dt_s); // damped at the step's end
	double stop_mm_s = friction_n * dt_s * mobility; // what friction takes of the speed
	double v, x;

	if (motor->v_mm_s == 0.0 && fabs(push_n) <= BREAKAWAY * friction_n)
		return;
	v = (motor->mass * motor->v_mm_s + push_n * dt_s) * mobility;
	v = fabs(v) > stop_mm_s ? v - copysign(stop_mm_s, v) : 0;
	x = motor->x_mm + v * dt_s;
	motor->x_mm = clamp_double(x, motor->stop_min_mm, motor->stop_max_mm);
	motor->v_mm_s = motor->x_mm == x ? v : 0.0;
}
