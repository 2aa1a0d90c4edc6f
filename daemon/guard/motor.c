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
	position_start(guard, actuator);
}

// A late step grows by one tick's worth, not by all the time that was missed.
static double slewed(const struct guard *guard, const struct actuator *config,
	const struct actuator_state *state)
{
	int64_t dt_us = min_i64(guard->now_us - state->slew_us, guard->tick_us);
	double magnitude = fabs(state->limited);

	if (config->line[ROLE_PWM] < 0)
		return PERMILLE_FULL; // on or off
	if (config->slew_permille_s == 0 || state->releasing)
		return magnitude;
	return min_double(magnitude,
		fabs(state->drive) + config->slew_permille_s * (double)dt_us / US_PER_S);
}

void motor_step(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	int direction = state->limited >= 1 ? 1 : state->limited <= -1 ? -1 : 0;

	if (direction != state->direction)
		motor_stop(guard, actuator);
	if (direction && !state->direction) {
		bool reverses = direction == -state->last_direction;
		int64_t dead_us = state->releasing ? release_dead_time_us(config)
						   : config->dead_time_ms * US_PER_MS;

		if (reverses && guard->now_us - state->off_us < dead_us)
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
