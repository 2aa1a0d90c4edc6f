// SPDX-License-Identifier: MIT
//
// One step of all actuators: what was asked, what the ceilings leave of it, who may have it.
#include <math.h>

#include "guard/guard_private.h"

static bool needs_person(enum actuator_kind kind, double drive)
{
	return drive > 0 && (actuator_presses(kind) || kind == ACTUATOR_KNEAD ||
		kind == ACTUATOR_VIBRATE);
}

// Before the first press of a power-up its directions are proven, with little drive: its home opens
// on forward and closes on reverse.
//
//   forward  ~~~~~|__________:  ~~~~~~~~~~~~~~   the push that was asked for
//   reverse  _____:__|~~~~~~~|__________________
//   home     ~~~~~|__________|~~~~|_____________
static double push(struct guard *guard, int actuator, double drive)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (spec->kind != ACTUATOR_PRESS)
		return drive;
	if (drive < 0 && !axis->back_proven)
		return fmax(drive, -actuator_gentle_permille(spec));
	if (drive <= 0 || !axis->known)
		return drive;
	if (!axis->out_proven)
		return fmin(drive, actuator_gentle_permille(spec));
	if (axis->back_proven)
		return drive;
	release_begin(guard, actuator);
	return release_drive(guard, actuator);
}

static double asked(struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	if (axis->letting_go)
		return release_drive(guard, actuator);
	if (guard->mode != GUARD_ACTIVE)
		return 0;
	switch (axis->demand.mode) {
	case WIRE_DRIVE:
		return push(guard, actuator, axis->demand.value);
	case WIRE_POSITION:
		return travel_position(guard, actuator);
	case WIRE_HOME:
		return travel_home(guard, actuator);
	default:
		return 0;
	}
}

static double ceiled(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *spec = axis_spec(guard, actuator);

	if (needs_person(spec->kind, drive) && !input_occupied(guard))
		return 0;
	if (actuator_presses(spec->kind) && drive > 0 && !guard->axis[actuator].known)
		return 0;
	drive = clamp_double(drive, -spec->drive_max_permille, spec->drive_max_permille);
	drive = force_clamp(guard, actuator, drive);
	return travel_limit(guard, actuator, drive);
}

void drive_settle(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		duty_settle(guard, (int)i);
		if (axis_spec(guard, (int)i)->kind == ACTUATOR_SOURCE)
			source_settle(guard, (int)i);
		if (axis_spec(guard, (int)i)->kind == ACTUATOR_CELL)
			cell_settle(guard, (int)i);
		if (axis_spec(guard, (int)i)->kind == ACTUATOR_PRESS)
			travel_settle(guard, (int)i);
	}
}

void drive_check(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators && guard->mode == GUARD_ACTIVE; i++) {
		force_check(guard, (int)i);
		travel_check(guard, (int)i);
		duty_check(guard, (int)i);
	}
}

// Asked for nothing, and nothing of what it did is left to account for.
static bool rests(const struct axis *axis)
{
	return axis->demand.mode == WIRE_REST && !axis->letting_go && axis->released &&
		!axis->direction && !axis->filling && !axis->venting &&
		axis->under_drive_us == TIME_NEVER;
}

void drive_step(struct guard *guard)
{
	size_t n = guard->chair->n_actuators;
	uint32_t busy = 0;

	for (size_t i = 0; i < n; i++) {
		struct axis *axis = &guard->axis[i];
		double drive;

		axis->wanted = 0;
		axis->at_target = axis->clamped = false;
		if (rests(axis))
			continue;
		busy |= UINT32_C(1) << i;
		drive = asked(guard, (int)i);
		axis->wanted = drive == 0 ? 0 : ceiled(guard, (int)i, drive);
		axis->clamped = fabs(axis->wanted) < fabs(drive);
	}
	for (uint32_t left = busy; left; left &= left - 1) {
		int i = __builtin_ctz(left);

		if (axis_spec(guard, i)->kind == ACTUATOR_CELL)
			cell_plan(guard, i);
	}
	for (size_t i = 0; i < n; i++) {
		if (axis_spec(guard, (int)i)->kind != ACTUATOR_SOURCE)
			continue;
		guard->axis[i].wanted = source_wanted(guard, (int)i) ? PERMILLE_FULL : 0;
		busy |= UINT32_C(1) << i;
	}
	budget_share(guard, busy);
	for (uint32_t left = busy; left; left &= left - 1) {
		int i = __builtin_ctz(left);

		if (axis_spec(guard, (int)i)->kind != ACTUATOR_CELL)
			motor_step(guard, i);
		else if (guard->axis[i].filling)
			guard->axis[i].released = false;
		duty_mark(guard, i);
	}
}

void drive_none(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		struct axis *axis = &guard->axis[i];

		motor_stop(guard, (int)i);
		axis->wanted = 0;
		axis->filling = axis->venting = axis->at_target = axis->clamped = false;
		axis->under_drive_us = TIME_NEVER;
	}
}
