// SPDX-License-Identifier: MIT
//
// Whether an actuator has let go of the person: seen, never waited for.
//
//   press   at its home, by a switch that is believed and has been steady for a while, and below
//           UNTOUCHED_N where it has a sensor
//   cell    its vent open without a break for its release time, and below UNTOUCHED_N by its sensor
//   others  not driven
//
// What cannot be proven is not released. The proof is looked for in every mode: a person who turns
// the press back by hand is seen to be free.
#include <math.h>

#include "guard/guard_private.h"

#define STEADY_US     (50 * US_PER_MS) // a contact that chatters is not
#define LOOK_AGAIN_US (100 * US_PER_MS) // at rest, while something is not proven

bool proof_untouched(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return !axis_spec(guard, actuator)->sensor.present ||
		(axis->force_valid && fabs(axis->force_n) < UNTOUCHED_N); // far below 0 it lies
}

static bool vented(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return axis->vent_open_us != TIME_NEVER && guard->now_us - axis->vent_open_us >=
		axis_spec(guard, actuator)->release_max_ms * US_PER_MS;
}

static bool proven(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	switch (axis_spec(guard, actuator)->release) {
	case RELEASE_RETRACT:
		return axis->direction <= 0 && travel_at_home(guard, actuator) &&
			guard->now_us - input_since_us(guard, actuator, ROLE_HOME) >= STEADY_US &&
			proof_untouched(guard, actuator);
	case RELEASE_VENT:
		return vented(guard, actuator) && proof_untouched(guard, actuator);
	default:
		return axis->direction == 0;
	}
}

static void prove(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];

	axis->released = axis->known = true;
	if (axis_spec(guard, actuator)->release == RELEASE_RETRACT)
		axis->homed = true;
	if (axis_spec(guard, actuator)->release == RELEASE_VENT)
		axis->level = 0;
	guard->report = true;
}

// Before anything has moved. A valve that is open without power has been open for long, if the
// sensor does not feel anything either; without a sensor it has to be open for its time.
void proof_start(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];

	axis->vent_open_us = TIME_NEVER;
	cell_note_vent(guard, actuator);
	if (axis->vent_open_us != TIME_NEVER && spec->sensor.present &&
		proof_untouched(guard, actuator))
		axis->vent_open_us -= spec->release_max_ms * US_PER_MS;
	if (proven(guard, actuator))
		prove(guard, actuator);
}

// Its home switch has opened though nothing pushes it: it is not there, or never was.
static bool left_home(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	return axis->released && axis_spec(guard, actuator)->release == RELEASE_RETRACT &&
		!axis->direction && !input_at(guard, actuator, ROLE_HOME);
}

void proof_step(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (left_home(guard, (int)i)) {
			guard->axis[i].released = guard->axis[i].known = guard->axis[i].homed = false;
			guard->report = true;
		}
		if (!guard->axis[i].released && proven(guard, (int)i))
			prove(guard, (int)i);
	}
}

bool proof_all(const struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (!guard->axis[i].released)
			return false;
	}
	return true;
}

// Whether it may be proven without an edge that wakes the guard: it vents, or is at its home, and
// time or its sensor has yet to tell.
static bool proof_ripens(const struct guard *guard, int actuator)
{
	if (axis_spec(guard, actuator)->release == RELEASE_VENT)
		return guard->axis[actuator].vent_open_us != TIME_NEVER;
	return travel_at_home(guard, actuator);
}

int64_t proof_next_us(const struct guard *guard)
{
	if (guard_moves(guard))
		return TIME_NEVER;
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (!guard->axis[i].released && proof_ripens(guard, (int)i))
			return guard->now_us + LOOK_AGAIN_US;
	}
	return TIME_NEVER;
}
