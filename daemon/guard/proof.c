// SPDX-License-Identifier: MIT
//
// The proof that an actuator has released the person, from its inputs:
//
//   press   at its home, by a switch that is not doubted and has been steady for STEADY_US, and
//           below UNTOUCHED_N by its sensor, if it has one
//   cell    its vent open without a break for its release time, and below UNTOUCHED_N by its sensor
//   others  not driven
//
// Without the proof an actuator is not released. The proof is checked in every mode, so that a
// press that is turned back by hand counts as released.
#include <math.h>

#include "guard/guard_private.h"

#define STEADY_US       (50 * US_PER_MS)  // a chattering contact is not
#define CHECK_PERIOD_US (100 * US_PER_MS) // at rest, while something is not proven

static bool is_untouched(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return !actuator_config(guard, actuator)->sensor.present ||
		(state->force_valid &&
			fabs(state->force_n) < UNTOUCHED_N); // far below 0 the sensor is wrong
}

static bool vented(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return state->vent_open_us != TIME_NEVER &&
		guard->now_us - state->vent_open_us >=
		actuator_config(guard, actuator)->release_max_ms * US_PER_MS;
}

static bool proven(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	switch (actuator_config(guard, actuator)->release) {
	case RELEASE_RETRACT:
		return state->direction <= 0 && travel_at_home(guard, actuator) &&
			guard->now_us - input_since_us(guard, actuator, ROLE_HOME) >= STEADY_US &&
			is_untouched(guard, actuator);
	case RELEASE_VENT:
		return vented(guard, actuator) && is_untouched(guard, actuator);
	default:
		return state->direction == 0;
	}
}

static void mark_released(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->released = state->known = true;
	belief_reset(guard, actuator);
	if (actuator_config(guard, actuator)->release == RELEASE_RETRACT)
		state->homed = true;
	if (actuator_config(guard, actuator)->release == RELEASE_VENT)
		state->level = 0;
	guard->report = true;
}

void proof_lost(struct guard *guard, int actuator)
{
	if (guard->actuators[actuator].released)
		belief_reset(guard, actuator);
	guard->actuators[actuator].released = false;
}

// At the start, before anything has moved. A normally open valve counts as open for its release
// time if its sensor reads no force; without a sensor it must be open for that time first.
void proof_start(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	state->vent_open_us = TIME_NEVER;
	cell_note_vent(guard, actuator);
	if (state->vent_open_us != TIME_NEVER && config->sensor.present &&
		is_untouched(guard, actuator))
		state->vent_open_us -= config->release_max_ms * US_PER_MS;
	if (proven(guard, actuator))
		mark_released(guard, actuator);
}

// Its home switch has opened although nothing pushes it: it is not at home, or never was.
static bool left_home(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return state->released && actuator_config(guard, actuator)->release == RELEASE_RETRACT &&
		!state->direction && !input_at(guard, actuator, ROLE_HOME);
}

// At rest, everything is released, and only a press may leave its home.
void proof_step(struct guard *guard)
{
	for (uint32_t left = guard->busy | guard->of_kind[ACTUATOR_PRESS]; left;) {
		int i = actuator_take(&left);

		if (left_home(guard, i)) {
			proof_lost(guard, i);
			guard->actuators[i].known = guard->actuators[i].homed = false;
			guard->report = true;
		}
		if (!guard->actuators[i].released && proven(guard, i))
			mark_released(guard, i);
	}
}

bool proof_all(const struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (!guard->actuators[i].released)
			return false;
	}
	return true;
}

// It may become proven without an edge that wakes the guard: it vents, or is at home, and only time
// or its sensor is missing.
static bool proof_is_pending(const struct guard *guard, int actuator)
{
	if (actuator_config(guard, actuator)->release == RELEASE_VENT)
		return guard->actuators[actuator].vent_open_us != TIME_NEVER;
	return travel_at_home(guard, actuator);
}

int64_t proof_next_us(const struct guard *guard)
{
	if (guard_moves(guard))
		return TIME_NEVER;
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (!guard->actuators[i].released && proof_is_pending(guard, (int)i))
			return guard->now_us + CHECK_PERIOD_US;
	}
	return TIME_NEVER;
}
