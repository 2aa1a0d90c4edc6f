// SPDX-License-Identifier: MIT
//
// Air cells, and the pump that fills them.
//
// The level of a cell cannot be measured. The guard estimates it from the time that the valves were
// open, and opens them until the estimate meets the demand, with a hysteresis that spares the
// valves. With a force sensor, the session corrects the rest through its demand.
//
// Air flows through a valve as the square root of the pressure across it, so the root of the
// pressure left to fill, or to vent, falls at a constant rate and reaches zero in fill_ms, or
// vent_ms.
//
// A cell with one 3/2 valve is connected to its pump, or to the open air, and never shut:
//
//   valve   ___|~~~~~~~~~~~~~~~~~~~~~~~~|_|~~~~~|_______    on: the pump's hose; off: it vents
//   pump    ___|~~~~~|______________|~~~~~~~~|__________    runs only while a cell wants more
//   level   ___/~~~~~~~\_(leak)____/~~~~|_/~~\__|_______
//                    ^ the hose's rest    ^ too high: vented for a moment
//
// It holds its level on the pump's check valve. What the hose still has when the pump stops flows
// in, too, so the pump stops before that. Whatever is connected to that hose fills with it: the
// estimate then rises as fast as it could at the pump's pressure, or at that of the fullest cell
// beside it, so that it errs on the high side.
#include <math.h>

#include "guard/guard_private.h"

#define HYSTERESIS_PERMILLE 10
#define EMPTY_PERMILLE      1
#define SAG_PERMILLE        30 // of a cell with one valve: then its pump is worth a start
#define DIP_PERMILLE        60 // vented that far, while others fill it again and again
#define PUMP_RISES_S        0.12
#define PUMP_FALLS_S        0.5

bool cell_idle(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return !state->filling && !state->venting && !state->releasing &&
		(state->released || state->level < EMPTY_PERMILLE);
}

// The last step's part of full_ms.
static double share(const struct guard *guard, int full_ms)
{
	return full_ms > 0 ? (double)guard->dt_us / (double)(full_ms * US_PER_MS) : 1;
}

// The rest of `permille` after `part` of the time in which it falls to zero.
static double flow(double permille, double part)
{
	double root = fmax(sqrt(permille / PERMILLE_FULL) - part, 0);

	return root * root * PERMILLE_FULL;
}

// A pump builds up its pressure, and its hose loses it, with a lag.
void source_integrate(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	double target = state->direction ? PERMILLE_FULL : 0;
	double tau_s = state->direction ? PUMP_RISES_S : PUMP_FALLS_S;

	state->pressure += (target - state->pressure) *
		-expm1(-(double)guard->dt_us / US_PER_S / tau_s);
}

// The pressure that fills a cell. Without a sensor, which corrects the estimate, it errs on the
// high side.
static double pressure_at(const struct guard *guard, const struct actuator *config)
{
	const struct actuator_state *source;

	if (config->source < 0)
		return PERMILLE_FULL;
	source = &guard->actuators[config->source];
	return source->direction && !config->sensor.present ? PERMILLE_FULL : source->pressure;
}

// What flows into a cell with one valve after its pump has been switched off, until the pressure of
// the hose has fallen to the level of the cell; at most, as if that did not rise meanwhile.
static double run_down(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	double pressure = pressure_at(guard, config), level = guard->actuators[actuator].level;
	double excess = (pressure - level) / PERMILLE_FULL, rest = level / PERMILLE_FULL;
	double tau = PUMP_FALLS_S * US_PER_S / (double)(config->fill_ms * US_PER_MS);

	if (excess <= 0)
		return 0;
	return 4 * tau * PERMILLE_FULL *
		(sqrt(excess) - sqrt(rest) * atan2(sqrt(excess), sqrt(rest)));
}

// Its valve connects it to the pump's hose.
static bool is_connected(const struct guard *guard, int actuator)
{
	return guard->valves & ACTUATOR_BIT(actuator) && !guard->actuators[actuator].venting &&
		!cell_idle(guard, actuator);
}

// The pressure in that hose, but for this cell's own.
static double hose_pressure(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	double pressure = pressure_at(guard, config);

	for (uint32_t left = guard->valves & guard->busy; left;) {
		int i = actuator_take(&left);

		if (i != actuator && actuator_config(guard, i)->source == config->source &&
			is_connected(guard, i))
			pressure = max_double(pressure, guard->actuators[i].level);
	}
	return pressure;
}

// Whether another cell keeps the pump running, or has more air for this one.
static bool is_fed_by_others(const struct guard *guard, int actuator)
{
	for (uint32_t left = guard->of_kind[ACTUATOR_CELL] & guard->busy; left;) {
		int i = actuator_take(&left);

		if (i != actuator &&
			actuator_config(guard, i)->source ==
				actuator_config(guard, actuator)->source &&
			(guard->actuators[i].filling ||
				(is_connected(guard, i) &&
					guard->actuators[i].level >
						guard->actuators[actuator].level)))
			return true;
	}
	return false;
}

void cell_integrate(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	bool connected = is_connected(guard, actuator), fed = state->filling || connected;
	double pressure = connected ? hose_pressure(guard, actuator) : pressure_at(guard, config);

	if (!guard->dt_us || (state->level == 0 && !fed))
		return;
	if (fed && pressure > state->level)
		state->level = pressure -
			flow(pressure - state->level, share(guard, config->fill_ms));
	if (state->venting)
		state->level = flow(state->level, share(guard, config->vent_ms));
	if (config->leak_ms)
		state->level -= state->level * share(guard, config->leak_ms);
	state->level = clamp_double(state->level, 0, PERMILLE_FULL);
}

void cell_plan(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	bool valve = guard->valves & ACTUATOR_BIT(actuator);
	double slack_up = state->filling ? 0 : valve ? SAG_PERMILLE : HYSTERESIS_PERMILLE;
	double slack_down = state->venting ? 0 : HYSTERESIS_PERMILLE;

	if (valve && state->venting && is_fed_by_others(guard, actuator))
		slack_down = -DIP_PERMILLE; // or its valve would pulse ten times a second
	state->filling = state->venting = false;
	if (state->releasing) {
		state->venting = true;
	} else if (guard->mode == GUARD_ACTIVE && state->demand.mode == WIRE_DRIVE) {
		slack_up += valve && state->filling ? run_down(guard, actuator) : 0;
		state->filling = state->level < state->limited - slack_up;
		state->venting = state->level > state->limited + slack_down;
	} else if (valve) { // it holds only in a session
		state->venting = !state->released &&
			(guard->mode != GUARD_ACTIVE || state->demand.mode != WIRE_REST);
	}
}

// Without power, or idle, the cell's lines are at their safe levels.
void cell_note_vent(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	int line = actuator_config(guard, actuator)->line[ROLE_VENT];
	bool safe = !guard_moves(guard) || guard->cut || cell_idle(guard, actuator);
	bool valve = guard->valves & ACTUATOR_BIT(actuator), open;

	if (line < 0 && !valve)
		return;
	open = safe ? valve || guard->chair->lines[line].safe_level : state->venting;
	if (!open)
		state->vent_open_us = TIME_NEVER;
	else if (state->vent_open_us == TIME_NEVER)
		state->vent_open_us = guard->now_us;
}

bool source_demanded(const struct guard *guard, int actuator)
{
	for (uint32_t left = guard->busy & guard->of_kind[ACTUATOR_CELL]; left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->source == actuator && guard->actuators[i].filling)
			return true;
	}
	return false;
}
