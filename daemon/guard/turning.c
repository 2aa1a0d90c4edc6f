// SPDX-License-Identifier: MIT
//
// Supervision of motors that must turn when they are driven: kneading with its position contacts,
// tapping with its lock signal, and the pulses of kneading and of a press.
//
// The eccentric of a kneading motor sets the distance of its rollers from the spine by stopping at
// a contact:
//
//   drive    ~~~~~~~~~~~~~~~~|________________
//   contact  ~~~|____________|~~~~~~~~~~~~~~~~
//            not proven          at the width
//
// A contact counts if the motor turned when it closed, and has not been driven since: one that was
// closed when the motor started may be stuck, and one that closes at rest is short-circuited. The
// motor does not turn towards a width while a press of the same carriage is in, and no such press
// is pushed before the rollers stand at the width demanded. If they leave it under a press,
// everything is released (REASON_POSITION).
//
// A press stands still against a body. Its pulses are due only while it is driven back, and on the
// way out while its home contact is closed or its sensor feels nothing.
#include <math.h>

#include "guard/guard_private.h"

#define STANDS_US (300 * US_PER_MS) // after its drive a kneading motor has coasted to a stop
#define TOUCH_N   2.0               // a press whose sensor reads less is still on its way

static bool is_in(const struct guard *guard, int actuator)
{
	int carriage = actuator_config(guard, actuator)->carriage;

	for (uint32_t left = guard->of_kind[ACTUATOR_PRESS]; left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->carriage == carriage &&
			!guard->actuators[i].released)
			return true;
	}
	return false;
}

static enum line_role demanded_contact(const struct actuator_state *state)
{
	return width_role((enum width)state->demand.value);
}

// At the contact that is demanded, by a contact that is proven.
static bool touches_width(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return state->proven_contacts & 1u << demanded_contact(state) &&
		input_touches(guard, actuator, demanded_contact(state));
}

static bool stands_at_width(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return touches_width(guard, actuator) &&
		input_at(guard, actuator, demanded_contact(state)) && !state->direction &&
		guard->now_us - state->off_us >= STANDS_US;
}

void turning_contact(struct guard *guard, int actuator, enum line_role role)
{
	struct actuator_state *state = &guard->actuators[actuator];
	bool turns = state->direction || guard->now_us - state->off_us < STANDS_US;

	state->proven_contacts &= ~(1u << role);
	if (input_at(guard, actuator, role) && turns)
		state->proven_contacts |= 1u << role;
	guard->report = true;
}

double turning_to_width(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	if (touches_width(guard, actuator)) {
		state->at_target = stands_at_width(guard, actuator);
		return 0;
	}
	return is_in(guard, actuator) ? 0 : width_drive_permille(actuator_config(guard, actuator));
}

bool turning_allows_push(const struct guard *guard, int press)
{
	for (uint32_t left = guard->width_setters; left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->carriage ==
				actuator_config(guard, press)->carriage &&
			guard->actuators[i].demand.mode == WIRE_WIDTH && !stands_at_width(guard, i))
			return false;
	}
	return true;
}

void turning_pulse(struct guard *guard, int actuator)
{
	guard->actuators[actuator].idle_us = 0;
}

// --- since the last step ----------------------------------------------------------------------

static bool press_must_move(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];
	const struct actuator *config = actuator_config(guard, actuator);

	if (!travel_drive_moves(config, fabs(state->drive)))
		return false;
	if (state->direction < 0)
		return !input_touches(guard, actuator, ROLE_HOME);
	return input_at(guard, actuator, ROLE_HOME) ||
		(config->sensor.present && state->force_valid && state->force_n < TOUCH_N);
}

static bool must_turn(const struct guard *guard, int actuator)
{
	if (actuator_config(guard, actuator)->kind == ACTUATOR_PRESS)
		return press_must_move(guard, actuator);
	return guard->actuators[actuator].direction != 0;
}

// The last step counts, for kneading by its drive: it turns as fast as that.
static int64_t turned_us(const struct guard *guard, int actuator)
{
	if (actuator_config(guard, actuator)->kind == ACTUATOR_PRESS)
		return guard->dt_us;
	return (int64_t)((double)guard->dt_us * fabs(guard->actuators[actuator].drive) /
		PERMILLE_FULL);
}

static void seek_integrate(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	int width = state->demand.mode == WIRE_WIDTH ? state->demand.value : WIDTH_ANY;

	if (width != state->sought_width || width == WIDTH_ANY || stands_at_width(guard, actuator))
		state->seek_us = 0;
	else
		state->seek_us += turned_us(guard, actuator);
	state->sought_width = width;
}

void turning_integrate(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	bool locked = state->direction && input_at(guard, actuator, ROLE_LOCK);

	state->idle_us = must_turn(guard, actuator) ? state->idle_us + turned_us(guard, actuator)
						    : 0;
	state->locked_us = locked ? state->locked_us + guard->dt_us : 0;
	if (guard->width_setters & ACTUATOR_BIT(actuator))
		seek_integrate(guard, actuator);
}

// --- rules ------------------------------------------------------------------------------------

void turning_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (inputs_conflict(guard, actuator))
		mode_trip(guard, REASON_END_SWITCH, actuator);
	if (config->no_pulse_ms && state->idle_us > config->no_pulse_ms * US_PER_MS)
		mode_trip(guard, REASON_NO_PULSE, actuator);
	if (config->lock_ms && state->locked_us > config->lock_ms * US_PER_MS)
		mode_trip(guard, REASON_NO_PULSE, actuator);
	if (state->demand.mode != WIRE_WIDTH)
		return;
	if (config->travel_max_ms && state->seek_us > config->travel_max_ms * US_PER_MS)
		mode_trip(guard, REASON_TRAVEL_TIME, actuator);
	if (is_in(guard, actuator) && !stands_at_width(guard, actuator))
		mode_release(guard, REASON_POSITION, actuator);
}
