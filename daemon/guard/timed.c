// SPDX-License-Identifier: MIT
//
// The position of a carriage without pulses, by the time that it was driven (core/timed.h).
//
//   forward  __|~~~~~~~~~~~~|______|~~~~~~~~|____
//   home     ~~~~|________________________________    it counts from the contact's opening
//   end      __________________________|~~~~~~~~~~    and is known again where one closes
//   error    __/~~~~~~~~~~~~|______/~~~|__________    a step at each start, a share of the way
//
// While a contact is closed the carriage is there, however long it is driven. If a contact closes
// where the carriage cannot be, or does not close where it must be, the position is lost: it has
// slipped by more than the chair file claims, or a contact is broken.
#include <math.h>

#include "core/timed.h"
#include "guard/guard_private.h"

#define COASTS_US (1 * US_PER_S)   // after drive; a contact that opens later was moved by hand
#define LATE_US   (30 * US_PER_MS) // of a step

static bool presses(const struct guard *guard, int carriage)
{
	for (uint32_t left = guard_pressers(guard); left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->carriage == carriage &&
			!guard->actuators[i].released)
			return true;
	}
	return false;
}

static double contact_mm(const struct actuator *config, enum line_role role)
{
	return role == ROLE_HOME ? 0 : config->timed.way_mm;
}

static void known_at(struct guard *guard, int actuator, enum line_role role)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->timed_mm = contact_mm(actuator_config(guard, actuator), role);
	state->timed_error_mm = TIMED_CONTACT_MM;
}

// If nothing presses, a carriage that looks for its contact goes on: travel_max_s ends that.
static void lose(struct guard *guard, int actuator)
{
	if (presses(guard, actuator))
		position_lose(guard, actuator);
	guard->actuators[actuator].homed = false;
	guard->report = true;
}

void timed_integrate(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double dt_s = (double)guard->dt_us / US_PER_S, way_mm, beyond_mm;

	if (!state->direction)
		return;
	if (input_at(guard, actuator, ROLE_HOME)) {
		known_at(guard, actuator, ROLE_HOME);
		return;
	}
	if (input_at(guard, actuator, ROLE_END)) {
		known_at(guard, actuator, ROLE_END);
		return;
	}
	way_mm = timed_mm_s(config, state->direction) * dt_s;
	state->timed_mm += state->direction * way_mm;
	state->timed_error_mm += way_mm * config->timed.slip_permille / PERMILLE_FULL;
	if (guard->dt_us > LATE_US) // the charge pump's relay may have opened meanwhile
		state->timed_error_mm += way_mm;
	beyond_mm = fmax(-state->timed_mm, state->timed_mm - config->timed.way_mm);
	if (state->homed && beyond_mm > state->timed_error_mm)
		lose(guard, actuator);
}

void timed_start(struct guard *guard, int actuator)
{
	guard->actuators[actuator].timed_error_mm +=
		actuator_config(guard, actuator)->timed.start_mm;
}

void timed_closed(struct guard *guard, int actuator, enum line_role role)
{
	struct actuator_state *state = &guard->actuators[actuator];
	int direction = state->direction ? state->direction : state->last_direction;
	double apart_mm = fabs(state->timed_mm -
		contact_mm(actuator_config(guard, actuator), role));

	if (state->homed && apart_mm > state->timed_error_mm)
		position_lose(guard, actuator);
	else if (direction == (role == ROLE_HOME ? -1 : 1))
		state->homed = true;
	known_at(guard, actuator, role);
}

void timed_opened(struct guard *guard, int actuator, enum line_role role)
{
	struct actuator_state *state = &guard->actuators[actuator];

	known_at(guard, actuator, role);
	if (!state->direction && guard->now_us - state->off_us > COASTS_US)
		lose(guard, actuator);
}

bool timed_uncertain(const struct guard *guard, int actuator)
{
	return guard->timed & ACTUATOR_BIT(actuator) && guard->actuators[actuator].homed &&
		guard->actuators[actuator].timed_error_mm >
		actuator_config(guard, actuator)->timed.position_error_mm;
}

void timed_check(struct guard *guard, int actuator)
{
	if (timed_uncertain(guard, actuator) && presses(guard, actuator))
		position_lose(guard, actuator);
	position_check_lost(guard, actuator);
}

void timed_forget(struct guard *guard)
{
	for (uint32_t left = guard->timed; left;) {
		int i = actuator_take(&left);

		if (!input_at(guard, i, ROLE_HOME) && !input_at(guard, i, ROLE_END))
			guard->actuators[i].homed = false;
	}
}
