// SPDX-License-Identifier: MIT
//
// Air cells, and the pump that fills them.
//
// Nothing tells how full a cell is. The guard reckons it from how long the valves were open, and
// opens them until the reckoning meets what is asked, with a hysteresis that spares the valves.
// A force sensor, where there is one, corrects the rest through what the session asks for.
//
// Air goes through a valve as the square root of the pressure across it, so the root of what is
// left to fill, or to vent, shrinks at an even pace and gets to zero in fill_ms, or vent_ms.
#include <math.h>

#include "guard/guard_private.h"

#define HYSTERESIS_PERMILLE 10
#define EMPTY_PERMILLE      1
#define PUMP_RISES_S        0.12
#define PUMP_FALLS_S        0.5

bool cell_idle(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return !axis->filling && !axis->venting && !axis->letting_go &&
		(axis->released || axis->level < EMPTY_PERMILLE);
}

// The part of full_ms that the last step took.
static double share(const struct guard *guard, int full_ms)
{
	return full_ms > 0 ? (double)guard->dt_us / (double)(full_ms * US_PER_MS) : 1;
}

// What is left of `permille` after so much of the time that takes all of it.
static double flow(double permille, double part)
{
	double root = fmax(sqrt(permille / PERMILLE_FULL) - part, 0);

	return root * root * PERMILLE_FULL;
}

// A pump takes a moment to get to its pressure, and its hose one to lose it.
void source_settle(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	double target = axis->direction ? PERMILLE_FULL : 0;
	double tau_s = axis->direction ? PUMP_RISES_S : PUMP_FALLS_S;

	axis->pressure += (target - axis->pressure) *
		-expm1(-(double)guard->dt_us / US_PER_S / tau_s);
}

// What fills a cell now. Without a sensor that corrects the reckoning it errs on the full side.
static double pressure_at(const struct guard *guard, const struct actuator *spec)
{
	if (spec->source < 0)
		return PERMILLE_FULL;
	if (!spec->sensor.present)
		return guard->axis[spec->source].direction ? PERMILLE_FULL : 0;
	return guard->axis[spec->source].pressure;
}

void cell_settle(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	double pressure = pressure_at(guard, spec);

	if (!guard->dt_us || (axis->level == 0 && !axis->filling))
		return;
	if (axis->filling && pressure > axis->level)
		axis->level = pressure - flow(pressure - axis->level, share(guard, spec->fill_ms));
	if (axis->venting)
		axis->level = flow(axis->level, share(guard, spec->vent_ms));
	if (spec->leak_ms)
		axis->level -= axis->level * share(guard, spec->leak_ms);
	axis->level = clamp_double(axis->level, 0, PERMILLE_FULL);
}

void cell_plan(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	double slack_up = axis->filling ? 0 : HYSTERESIS_PERMILLE;
	double slack_down = axis->venting ? 0 : HYSTERESIS_PERMILLE;

	axis->filling = axis->venting = false;
	if (axis->letting_go) {
		axis->venting = true;
	} else if (guard->mode == GUARD_ACTIVE && axis->demand.mode == WIRE_DRIVE) {
		axis->filling = axis->level < axis->wanted - slack_up;
		axis->venting = axis->level > axis->wanted + slack_down;
	}
}

// Without power, or idle, its lines are at their safe levels.
void cell_note_vent(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	int line = axis_spec(guard, actuator)->line[ROLE_VENT];
	bool safe = !guard_moves(guard) || guard->cut || cell_idle(guard, actuator);
	bool open;

	if (line < 0)
		return;
	open = safe ? guard->chair->lines[line].safe_level : axis->venting;
	if (!open)
		axis->vent_open_us = TIME_NEVER;
	else if (axis->vent_open_us == TIME_NEVER)
		axis->vent_open_us = guard->now_us;
}

bool source_wanted(const struct guard *guard, int actuator)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (axis_spec(guard, (int)i)->source == actuator && guard->axis[i].filling)
			return true;
	}
	return false;
}
