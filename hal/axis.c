// SPDX-License-Identifier: MIT
#include "hal/axis.h"

#include <math.h>

#include "core/units.h"

#define BREAKAWAY    1.2 // static friction, of sliding friction
#define LOOSE_DRIVE  0.1 // from that drive on the gear is shaken loose

void axis_step(struct axis *axis, double motor_n, double drive, double load_n, double dt_s)
{
	double loose = min_double(drive / LOOSE_DRIVE, 1.0);
	double friction_n = axis->friction_rest_n +
		(axis->friction_run_n - axis->friction_rest_n) * loose;
	double push_n = motor_n - load_n;
	double inertia = axis->mass + axis->damping * dt_s; // damping taken at the end of the step
	double v, x;

	if (axis->v_mm_s == 0.0 && fabs(push_n) <= BREAKAWAY * friction_n)
		return;
	v = (axis->mass * axis->v_mm_s + push_n * dt_s) / inertia;
	v = copysign(max_double(fabs(v) - friction_n * dt_s / inertia, 0.0), v);
	x = axis->x_mm + v * dt_s;
	axis->x_mm = clamp_double(x, axis->stop_min_mm, axis->stop_max_mm);
	axis->v_mm_s = axis->x_mm == x ? v : 0.0;
}
