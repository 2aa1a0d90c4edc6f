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

#define STEADY_US     (50 * US_PER_MS)  // a contact that chatters is not
#define LOOK_AGAIN_US (100 * US_PER_MS) // at rest, while something is not proven

bool proof_untouched(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return !actuator_config(guard, actuator)->sensor.present ||
		(state->force_valid && fabs(state->force_n) < UNTOUCHED_N); // far below 0 it lies
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
			proof_untouched(guard, actuator);
	case RELEASE_VENT:
		return vented(guard, actuator) && proof_untouched(guard, actuator);
	default:
		return state->direction == 0;
	}
}

static void prove(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->released = state->known = true;
	if (actuator_config(guard, actuator)->release == RELEASE_RETRACT)
		state->homed = true;
	if (actuator_config(guard, actuator)->release == RELEASE_VENT)
		state->level = 0;
	guard->report = true;
}

// Before anything has moved. A valve that is open without power has been open for long, if the
// sensor does not feel anything either; without a sensor it has to be open for its time.
void proof_start(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	state->vent_open_us = TIME_NEVER;
	cell_note_vent(guard, actuator);
	if (state->vent_open_us != TIME_NEVER && config->sensor.present &&
		proof_untouched(guard, actuator))
		state->vent_open_us -= config->release_max_ms * US_PER_MS;
	if (proven(guard, actuator))
		prove(guard, actuator);
}

// Its home switch has opened though nothing pushes it: it is not there, or never was.
static bool left_home(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return state->released && actuator_config(guard, actuator)->release == RELEASE_RETRACT &&
		!state->direction && !input_at(guard, actuator, ROLE_HOME);
}

void proof_step(struct guard *guard)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (left_home(guard, (int)i)) {
			guard->actuators[i].released = guard->actuators[i].known =
				guard->actuators[i].homed = false;
			guard->report = true;
		}
		if (!guard->actuators[i].released && proven(guard, (int)i))
			prove(guard, (int)i);
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

// Whether it may be proven without an edge that wakes the guard: it vents, or is at its home, and
// time or its sensor has yet to tell.
static bool proof_ripens(const struct guard *guard, int actuator)
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
		if (!guard->actuators[i].released && proof_ripens(guard, (int)i))
			return guard->now_us + LOOK_AGAIN_US;
	}
	return TIME_NEVER;
}
