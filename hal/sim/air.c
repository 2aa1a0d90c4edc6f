// SPDX-License-Identifier: MIT
#include "hal/sim/air.h"

#include <math.h>

#define PUMP_UP_S   0.12 // time constant of the pump's pressure ...
#define PUMP_DOWN_S 0.5  // ... and of its hose's loss

double air_pump(double pressure, double target, double dt_s)
{
	double tau_s = target > pressure ? PUMP_UP_S : PUMP_DOWN_S;
	double after;

	if (pressure == target)
		return target;
	after = target + (pressure - target) * exp(-dt_s / tau_s);
	return after < 0.001 ? 0.0 : after;
}

// The pressure difference d over an orifice after dt_s.
static double orifice(double d, double full_s, double dt_s)
{
	double root = full_s > 0 ? fmax(sqrt(fmax(d, 0.0)) - dt_s / full_s, 0.0) : 0.0;

	return root * root;
}

double air_filled(double level, double pressure, double fill_s, double dt_s)
{
	return pressure > level ? pressure - orifice(pressure - level, fill_s, dt_s) : level;
}

void air_cell(struct cell *cell, double pressure, double dt_s)
{
	if (cell->fill)
		cell->level = air_filled(cell->level, pressure, cell->fill_s, dt_s);
	if (cell->vent)
		cell->level = orifice(cell->level, cell->vent_s, dt_s);
	if (cell->leak_s > 0 && cell->leak_dt_s != dt_s) {
		cell->leak_dt_s = dt_s;
		cell->leak_share = exp(-dt_s / cell->leak_s);
	}
	if (cell->leak_s > 0)
		cell->level *= cell->leak_share;
	if (cell->level < 1e-6)
		cell->level = 0.0;
}
