// SPDX-License-Identifier: MIT
//
// The force ceilings of the region under an actuator, applied by the calibration table and the
// sensor.
#include <math.h>

#include "guard/guard_private.h"

#define PEAK_TOLERATED_US (100 * US_PER_MS)
#define MEAN_S            3.0
#define MEAN_SLACK        1.1
#define NOISE_N           3.0 // of a sensor without contact
#define PLAUSIBLE_MIN_N   (-50.0)
#define PLAUSIBLE_MAX_N   500.0

void force_start(struct guard *guard, int actuator)
{
	guard->actuators[actuator].limit.at_mm = NAN;
	guard->actuators[actuator].over_us = TIME_NEVER;
}

// The chair's limits are those of the last step unless its carriage has moved.
static void limit_update(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double at_mm = travel_mm(guard, config->carriage);
	double error_mm = travel_error_mm(guard, config->carriage);

	if (state->limit.at_mm == at_mm && state->limit.error_mm == error_mm) // NAN never equals
		return;
	state->limit.at_mm = at_mm;
	state->limit.error_mm = error_mm;
	state->limit.ceiling = chair_ceiling_near(guard->chair, actuator, at_mm, error_mm);
	state->limit.drive_permille = actuator_drive_limit_permille(config, state->limit.ceiling);
}

// A value is valid if it was read without an error, is fresh, and can come from a body.
void force_update(struct guard *guard, const struct guard_input *input)
{
	double dt_s = (double)guard->dt_us / US_PER_S;

	guard->mean_share = dt_s / (MEAN_S + dt_s);
	for (uint32_t left = guard_pressers(guard); left;) {
		int i = actuator_take(&left);
		const struct hal_force *force = &input->force[i];
		struct actuator_state *state = &guard->actuators[i];
		bool plausible = force->force_n >= PLAUSIBLE_MIN_N &&
			force->force_n <= PLAUSIBLE_MAX_N;

		if (!actuator_config(guard, i)->sensor.present)
			continue;
		state->force_n = plausible || isfinite(force->force_n) ? force->force_n : 0;
		state->force_failed = force->error || !plausible;
		state->force_valid = !state->force_failed && force->t_us > 0 &&
			guard->now_us - force->t_us <= FORCE_FRESH_US;
	}
}

double force_clamp(struct guard *guard, int actuator, double drive)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (!actuator_presses(actuator_config(guard, actuator)->kind) || drive <= 0)
		return drive;
	limit_update(guard, actuator);
	if (state->limit.ceiling.peak_n <= 0 ||
		(guard->timed && actuator_rides(actuator_config(guard, actuator)) &&
			timed_uncertain(guard, actuator_config(guard, actuator)->carriage)))
		return 0;
	return min_double(drive, state->limit.drive_permille);
}

// After the start of a session a sensor may need a moment for its first fresh value.
static bool sensor_lost(const struct guard *guard, const struct actuator_state *state)
{
	return state->force_failed ||
		(!state->force_valid && guard->now_us - guard->mode_us > FORCE_FRESH_US);
}

static bool force_above(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	double force_n = belief_n(guard, actuator);
	struct region_ceiling ceiling;

	state->mean_n += (force_n - state->mean_n) * guard->mean_share;
	// Below every ceiling; or what was pressed is released, and its mean is not of the region
	// that the carriage passes now.
	if (force_n <= NOISE_N && (state->mean_n <= NOISE_N || state->released)) {
		state->over_us = TIME_NEVER;
		return false;
	}
	limit_update(guard, actuator);
	ceiling = state->limit.ceiling;
	if (force_n <= max_double(ceiling.peak_n, NOISE_N))
		state->over_us = TIME_NEVER;
	else if (state->over_us == TIME_NEVER)
		state->over_us = guard->now_us;
	return (state->over_us != TIME_NEVER &&
		       guard->now_us - state->over_us >= PEAK_TOLERATED_US) ||
		state->mean_n > max_double(ceiling.sustained_n * MEAN_SLACK, NOISE_N);
}

void force_check(struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	if (actuator_config(guard, actuator)->sensor.present && sensor_lost(guard, state))
		mode_trip(guard, REASON_SENSOR, actuator);
	else if (force_above(guard, actuator))
		mode_trip(guard, REASON_FORCE, actuator);
	belief_check(guard, actuator);
}
