// SPDX-License-Identifier: MIT
//
// Positions of back rest, leg rest and its extension, and the supervision of their moves. They stop
// where they are: at the end of a demand, at a stop, and at every trip.
//
// A position is an interval of its way, in per mille from home (up, or in), at first all of it:
//
//   pot     the value, give or take POT_PERMILLE
//   pulses  the count from home, give or take PULSES; from the contact `home`, or `end`
//   time    both bounds move with the drive, one as fast as its way may be, one as slowly; at an
//           end, which it reaches by its own switch or a contact, they meet
//
//   high      ~~~~~~\_                  driven up from anywhere: after up_ms and a ninth
//   low       ~~\_    \_                it must be home
//   home      ____\_____\___________
//
// A timed actuator without contacts is switched off once it must have reached its end.
#include <math.h>

#include "guard/guard_private.h"

#define POT_PERMILLE      10.0
#define PULSES            2
#define TIME_SHARE        0.1               // by which its speed may differ from the file's
#define START_US          (100 * US_PER_MS) // may be lost, or won, at each start and stop
#define KNOWN_PERMILLE    250.0             // an interval that is wider is no position, ...
#define HOMED_PERMILLE    40.0              // ... until it is as narrow as this
#define ARRIVED_PERMILLE  15.0
#define SEEKING_PERMILLE  4.0
#define PROGRESS_PERMILLE 8.0 // of a pot, in no_pulse_ms
#define STANDING_US       (150 * US_PER_MS)

static bool has_pot(const struct actuator *config)
{
	return config->measured[QUANTITY_POSITION].present;
}

static void posture_at(struct posture *posture, double permille, double tolerance)
{
	posture->low = clamp_double(permille - tolerance, 0, PERMILLE_FULL);
	posture->high = clamp_double(permille + tolerance, 0, PERMILLE_FULL);
}

void posture_forget(struct guard *guard, int actuator)
{
	struct posture *posture = &guard->actuators[actuator].posture;

	posture->low = 0;
	posture->high = PERMILLE_FULL;
}

bool posture_known(const struct guard *guard, int actuator)
{
	const struct posture *posture = &guard->actuators[actuator].posture;

	return posture_has_position(actuator_config(guard, actuator)) &&
		posture->high - posture->low <= KNOWN_PERMILLE;
}

double posture_permille(const struct guard *guard, int actuator)
{
	const struct posture *posture = &guard->actuators[actuator].posture;

	return (posture->low + posture->high) / 2;
}

// --- where it is ------------------------------------------------------------------------------

static void integrate_time(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct posture *posture = &state->posture;
	int direction = state->direction; // since the last step
	int64_t way_us = (direction < 0 ? config->up_ms : config->down_ms) * US_PER_MS;
	double moved = direction * (double)guard->dt_us / (double)way_us * PERMILLE_FULL;
	double shortest_us = (double)min_i64(config->up_ms, config->down_ms) * US_PER_MS;
	bool rests_at_end = !direction && posture->low == posture->high;
	bool turned = direction != posture->direction && !rests_at_end; // started or stopped
	double start = turned ? START_US / shortest_us * PERMILLE_FULL : 0;
	posture->low += moved * (1 + (direction < 0 ? TIME_SHARE : -TIME_SHARE)) - start;
	posture->high += moved * (1 + (direction < 0 ? -TIME_SHARE : TIME_SHARE)) + start;
	posture->low = clamp_double(posture->low, 0, PERMILLE_FULL);
	posture->high = clamp_double(posture->high, 0, PERMILLE_FULL);
}

static void count_pulses(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (state->homed)
		posture_at(&guard->actuators[actuator].posture,
			(double)state->pulses * config->mm_per_pulse,
			PULSES * config->mm_per_pulse);
	else
		posture_forget(guard, actuator);
}

// An end that a contact shows outranks what was estimated.
static void see_contacts(struct guard *guard, int actuator)
{
	struct posture *posture = &guard->actuators[actuator].posture;

	if (input_at(guard, actuator, ROLE_HOME))
		posture_at(posture, 0, 0);
	else if (input_at(guard, actuator, ROLE_END))
		posture_at(posture, PERMILLE_FULL, 0);
}

void posture_integrate(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	if (has_pot(config) && state->measured[QUANTITY_POSITION].valid)
		posture_at(&state->posture, state->measured[QUANTITY_POSITION].value, POT_PERMILLE);
	else if (has_pot(config))
		posture_forget(guard, actuator);
	else if (config->pulses)
		count_pulses(guard, actuator);
	else if (config->up_ms)
		integrate_time(guard, actuator);
	state->posture.direction = state->direction;
	if (!has_pot(config) && posture_has_position(config))
		see_contacts(guard, actuator);
}

void posture_pulse(struct guard *guard, int actuator)
{
	if (guard->actuators[actuator].homed)
		count_pulses(guard, actuator);
}

void posture_closed(struct guard *guard, int actuator, enum line_role role)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];

	if (config->pulses && (role == ROLE_HOME || role == ROLE_END)) {
		state->homed = true;
		state->pulses = role == ROLE_HOME ? 0 : config->pulses;
	}
}

// --- moves ------------------------------------------------------------------------------------

double posture_limit(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct posture *posture = &guard->actuators[actuator].posture;
	bool by_contact = config->line[drive < 0 ? ROLE_HOME : ROLE_END] >= 0;

	if (by_contact || !posture_has_position(config))
		return drive; // travel_limit() stops it there
	if (config->up_ms)    // until it must be there
		return (drive < 0 ? posture->high > 0 : posture->low < PERMILLE_FULL) ? drive : 0;
	return (drive < 0 ? posture->low > 0 : posture->high < PERMILLE_FULL) ? drive : 0;
}

// Once its position is not known it goes all the way home, so that it does not turn to and fro.
static bool must_home(struct guard *guard, int actuator)
{
	struct posture *posture = &guard->actuators[actuator].posture;
	double width = posture->high - posture->low;

	if (posture->homing && width <= HOMED_PERMILLE)
		guard->actuators[actuator].goal_us = 0; // the way to the target begins
	posture->homing = width > (posture->homing ? HOMED_PERMILLE : KNOWN_PERMILLE);
	return posture->homing;
}

double posture_position(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	double limit = state->demand.limit_permille;
	double target = clamp_double(state->demand.value / 1000.0, 0, PERMILLE_FULL);
	double error = target - posture_permille(guard, actuator);
	bool arrived;

	if (must_home(guard, actuator))
		return has_pot(actuator_config(guard, actuator)) ? 0 : -limit;
	arrived = fabs(error) <= ARRIVED_PERMILLE &&
		(!state->seeking || fabs(error) <= SEEKING_PERMILLE ||
			state->direction * error < 0 ||
			posture_limit(guard, actuator, error) == 0); // at its end
	state->seeking = !arrived;
	if (!arrived)
		return copysign(limit, error);
	state->at_target = !state->direction && guard->now_us - state->off_us > STANDING_US;
	return 0;
}

// --- supervision ------------------------------------------------------------------------------

// A pot that does not follow the drive: the motor stands, runs the other way, or its wire is off.
static bool pot_stands(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct posture *posture = &state->posture;
	double moved;

	if (!state->direction) {
		posture->progress_us = TIME_NEVER;
		return false;
	}
	moved = (posture_permille(guard, actuator) - posture->progress) * state->direction;
	if (posture->progress_us == TIME_NEVER || moved >= PROGRESS_PERMILLE) {
		posture->progress = posture_permille(guard, actuator);
		posture->progress_us = guard->now_us;
	}
	return guard->now_us - posture->progress_us > config->no_pulse_ms * US_PER_MS;
}

void posture_check(struct guard *guard, int actuator)
{
	if (has_pot(actuator_config(guard, actuator)) && pot_stands(guard, actuator))
		mode_trip(guard, REASON_NO_PULSE, actuator);
}
