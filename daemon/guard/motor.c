// SPDX-License-Identifier: MIT
//
// The drive of a motor: slew, directions that are never on together, and the dead time before a
// reversal.
//
//   forward  ~~~~~~~~~|________________________________
//   reverse  _________:<--- dead time --->|~~~~~~~~~~~~
//   drive    /~~~~~~~~|___________________|/~~~~~~~~~~~   away from zero by slew,
//                                                         towards zero at once;
//                                                         a release is not slewed
//
// A motor without PWM is on or off. Its relay rests for min_off_ms before it goes on again; that
// it stays on for min_on_ms is part of its demand (drive.c), so that every stop is at once.
#include <math.h>

#include "guard/guard_private.h"

void motor_stop(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->drive = 0;
	if (!state->direction)
		return;
	state->last_direction = state->direction;
	state->direction = 0;
	state->off_us = guard->now_us;
}

static void motor_start(struct guard *guard, int actuator, int direction)
{
	struct actuator_state *state = &guard->actuators[actuator];

	state->direction = direction;
	state->progress_us = guard->now_us;
	state->slew_us = guard->now_us - guard->tick_us; // so that the first step has a drive
	state->stray_pulses = 0;
	state->proven_contacts = 0;
	position_start(guard, actuator);
	timed_start(guard, actuator);
}

// A late step grows by one tick's worth, not by all the time that was missed.
static double slewed(const struct guard *guard, const struct actuator *config,
	const struct actuator_state *state)
{
	int64_t dt_us = min_i64(guard->now_us - state->slew_us, guard->tick_us);
	double magnitude = fabs(state->limited);

	if (actuator_is_switched(config))
		return PERMILLE_FULL;
	if (config->slew_permille_s == 0 || state->releasing)
		return magnitude;
	return min_double(magnitude,
		fabs(state->drive) + config->slew_permille_s * (double)dt_us / US_PER_S);
}

// How long both directions stay off before the motor may go on in this one.
static int64_t rest_us(const struct actuator *config, const struct actuator_state *state,
	int direction)
{
	int64_t dead_us = state->releasing ? release_dead_time_us(config)
					   : config->dead_time_ms * US_PER_MS;

	return max_i64(direction == -state->last_direction ? dead_us : 0,
		config->min_off_ms * US_PER_MS);
}

void motor_step(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	int direction = state->limited >= 1 ? 1 : state->limited <= -1 ? -1 : 0;

	if (direction != state->direction)
		motor_stop(guard, actuator);
	if (direction && !state->direction) {
		if (guard->now_us - state->off_us < rest_us(config, state, direction))
			return;
		motor_start(guard, actuator, direction);
	}
	if (direction) {
		state->drive = direction * slewed(guard, config, state);
		state->slew_us = guard->now_us;
	}
	if (config->release == RELEASE_COAST)
		state->released = direction == 0;
	else if (direction > 0)
		proof_lost(guard, actuator);
}
