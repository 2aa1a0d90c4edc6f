// SPDX-License-Identifier: MIT
//
// One step of all actuators: demand, ceilings, budget, lines.
#include <math.h>

#include "guard/guard_private.h"

#define SUPPLY_RISES_US (200 * US_PER_MS) // after the charge pump's first edge

static bool needs_person(enum actuator_kind kind, double drive)
{
	return drive > 0 &&
		(actuator_presses(kind) || kind == ACTUATOR_KNEAD || kind == ACTUATOR_TAP ||
			kind == ACTUATOR_VIBRATE || kind == ACTUATOR_ROLLER ||
			kind == ACTUATOR_HEAT);
}

// Before the first press after a power-up the directions are proven, with gentle drive: the home
// switch opens on forward and closes on reverse.
//
//   forward  ~~~~~|__________:  ~~~~~~~~~~~~~~   the push of the demand
//   reverse  _____:__|~~~~~~~|__________________
//   home     ~~~~~|__________|~~~~|_____________
static double push(struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (config->kind != ACTUATOR_PRESS)
		return drive;
	if (drive < 0 && !state->back_proven)
		return fmax(drive, -actuator_gentle_permille(config));
	if (drive <= 0 || !state->known)
		return drive;
	if (!state->out_proven)
		return fmin(drive, actuator_gentle_permille(config));
	if (state->back_proven)
		return drive;
	release_begin(guard, actuator);
	return release_drive(guard, actuator);
}

// A demand that ends before the relay has been on for its time. All that limits or replaces a
// demand comes after this, and a release never comes here: no stop waits for a relay.
static double held_on(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (!config->min_on_ms || !state->direction || drive * state->direction > 0)
		return drive;
	if (guard->now_us - state->under_drive_us >= config->min_on_ms * US_PER_MS)
		return drive;
	return state->direction * PERMILLE_FULL;
}

static double demanded_drive(struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (state->releasing)
		return release_drive(guard, actuator);
	if (guard->mode != GUARD_ACTIVE)
		return 0;
	switch (state->demand.mode) {
	case WIRE_DRIVE:
		return held_on(guard, actuator, push(guard, actuator, state->demand.value));
	case WIRE_POSITION:
		if (actuator_is_posture(actuator_config(guard, actuator)->kind))
			return posture_position(guard, actuator);
		return travel_position(guard, actuator);
	case WIRE_HOME:
		return travel_home(guard, actuator);
	case WIRE_WIDTH:
		return turning_to_width(guard, actuator);
	case WIRE_REST:
		return held_on(guard, actuator, 0);
	default:
		return 0;
	}
}

static double limited_drive(struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);

	if (needs_person(config->kind, drive) && !input_occupied(guard))
		return 0;
	if (actuator_presses(config->kind) && drive > 0 && !guard->actuators[actuator].known)
		return 0;
	if (guard->width_setters && config->kind == ACTUATOR_PRESS && drive > 0 &&
		!turning_allows_push(guard, actuator))
		return 0;
	drive = clamp_double(drive, -config->drive_max_permille, config->drive_max_permille);
	drive = force_clamp(guard, actuator, drive);
	if (config->kind == ACTUATOR_HEAT)
		return heat_limit(guard, actuator, drive);
	return travel_limit(guard, actuator, drive);
}

// A press at rest still counts in the zones that it has pressed (duty.c).
void drive_integrate(struct guard *guard)
{
	uint32_t postures = guard_postures(guard);

	for (uint32_t left = guard->busy | guard->of_kind[ACTUATOR_PRESS]; left;) {
		int i = actuator_take(&left);

		duty_integrate(guard, i);
		if (actuator_config(guard, i)->kind == ACTUATOR_SOURCE)
			source_integrate(guard, i);
		if (actuator_config(guard, i)->kind == ACTUATOR_CELL)
			cell_integrate(guard, i);
		if (actuator_config(guard, i)->kind == ACTUATOR_PRESS)
			travel_integrate(guard, i);
		if (postures & ACTUATOR_BIT(i))
			posture_integrate(guard, i);
		if (guard->turners & ACTUATOR_BIT(i))
			turning_integrate(guard, i);
	}
	for (uint32_t left = guard->busy & guard->timed; left;)
		timed_integrate(guard, actuator_take(&left));
}

// At rest the motor relay is open, and a bridge without its supply may report that: its input
// counts once the supply is there.
static void check_fault_inputs(struct guard *guard)
{
	if (!guard_moves(guard) || guard_reason_is_trip(guard->reason) ||
		guard->now_us - guard->motion_us < SUPPLY_RISES_US)
		return;
	for (uint32_t left = guard->fault_inputs; left;) {
		int i = actuator_take(&left);

		if (input_at(guard, i, ROLE_FAULT))
			mode_trip(guard, REASON_BRIDGE_FAULT, i);
	}
}

// Sensors and switches are checked at rest, too.
void drive_check(struct guard *guard)
{
	uint32_t pressers = guard_pressers(guard), reversibles = guard_reversibles(guard);
	uint32_t heaters = guard->of_kind[ACTUATOR_HEAT];

	check_fault_inputs(guard);
	for (uint32_t left =
			guard->busy | pressers | reversibles | guard->measuring | guard->turners;
		left && guard->mode == GUARD_ACTIVE;) {
		int i = actuator_take(&left);

		if (pressers & ACTUATOR_BIT(i))
			force_check(guard, i);
		if (guard->measuring & ACTUATOR_BIT(i))
			measure_check(guard, i);
		if (heaters & ACTUATOR_BIT(i))
			heat_check(guard, i);
		if (reversibles & ACTUATOR_BIT(i))
			travel_check(guard, i);
		if (guard->turners & ACTUATOR_BIT(i))
			turning_check(guard, i);
		duty_check(guard, i);
	}
}

// No demand, and nothing left of its drive to account for. A cell that is released has no level,
// and does not fill.
static bool is_at_rest(const struct actuator_state *state)
{
	return state->demand.mode == WIRE_REST && state->released && !state->releasing &&
		!state->direction && !state->venting && state->under_drive_us == TIME_NEVER &&
		state->pressure == 0;
}

static void limit_demands(struct guard *guard)
{
	guard->busy = 0;
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		struct actuator_state *state = &guard->actuators[i];
		double drive;

		state->limited = 0;
		state->at_target = state->clamped = false;
		if (is_at_rest(state))
			continue;
		guard->busy |= ACTUATOR_BIT(i);
		drive = demanded_drive(guard, (int)i);
		state->limited = drive == 0 ? 0 : limited_drive(guard, (int)i, drive);
		state->clamped = fabs(state->limited) < fabs(drive);
	}
}

void drive_step(struct guard *guard)
{
	limit_demands(guard);
	for (uint32_t left = guard->busy & guard->of_kind[ACTUATOR_CELL]; left;)
		cell_plan(guard, actuator_take(&left));
	for (uint32_t left = guard->of_kind[ACTUATOR_SOURCE]; left;) {
		int i = actuator_take(&left);

		guard->actuators[i].limited = source_demanded(guard, i) ? PERMILLE_FULL
			: guard->mode == GUARD_ACTIVE                   ? held_on(guard, i, 0)
									: 0;
		if (guard->actuators[i].limited > 0)
			guard->busy |= ACTUATOR_BIT(i);
	}
	budget_share(guard, guard->busy);
	for (uint32_t left = guard->busy; left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->kind != ACTUATOR_CELL)
			motor_step(guard, i);
		else if (guard->actuators[i].filling)
			proof_lost(guard, i);
		duty_mark(guard, i);
	}
}

void drive_none(struct guard *guard)
{
	guard->busy = guard->all;
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		struct actuator_state *state = &guard->actuators[i];

		motor_stop(guard, (int)i);
		state->limited = 0;
		state->filling = state->venting = state->at_target = state->clamped = false;
		state->under_drive_us = TIME_NEVER;
	}
}
