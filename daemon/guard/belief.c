// SPDX-License-Identifier: MIT
//
// The estimated force of each press and cell, from its first push until it is proven released: the
// larger of its sensor's value and the value of the calibration table, each checked by the other.
//
//   force by the table   ____/~~~~~~~~~~~~\____________    (of a drive; of a cell: its level)
//   high                 ____/~~~~~~~~~~~~~~~\_________    rises at once, falls with the lag
//   low                  _______/~~~~~~~~~\____________    rises with the lag, falls at once
//
// A healthy sensor reads between low and high, give or take the band: the chair file's margin and a
// tenth. Below that for DOUBT_LOW_US, above for DOUBT_HIGH_US, or at the same value for FROZEN_US
// the sensor trips the chair. Until it has felt the body it may read nothing for as long as the
// press needs for its whole way: the release time of the chair file at the release drive.
//
// Without drive a gear holds and a valve is shut, so high and low stay until driven back or vented.
// A force that rises while a press is driven back means that its directions are exchanged.
#include <math.h>

#include "guard/guard_private.h"

#define LAG_S          0.7 // a press in tissue: its damping over the stiffness of the body
#define BAND_SHARE     0.1
#define TOUCH_N        2.0
#define DOUBT_LOW_US   (500 * US_PER_MS)
#define DOUBT_ROLLS_US (1500 * US_PER_MS) // on a moving carriage it may lose contact
#define DOUBT_HIGH_US  (3 * US_PER_S)     // a person may lean on it for a moment
#define FROZEN_US      (1500 * US_PER_MS)
#define RISES_N        5.0
#define RISES_US       (60 * US_PER_MS)

void belief_reset(struct guard *guard, int actuator)
{
	struct belief *belief = &guard->actuators[actuator].belief;

	*belief = (struct belief){
		.low_since_us = TIME_NEVER,
		.high_since_us = TIME_NEVER,
		.rises_since_us = TIME_NEVER,
		.changed_us = guard->now_us,
		.back_n = INFINITY,
	};
}

static double band_n(const struct actuator *config, double force_n)
{
	return config->margin_n + BAND_SHARE * force_n;
}

static double table_n(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	double drive = config->kind == ACTUATOR_CELL ? state->level : state->drive;

	return drive > 0 ? calibration_force_n(&config->calibration, drive) : 0;
}

static void low_pass(double *value, double towards, double dt_s)
{
	*value += (towards - *value) * (dt_s / (LAG_S + dt_s));
}

static void update_from_drive(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	double table = table_n(guard, actuator);
	bool pushes = config->kind == ACTUATOR_CELL || state->direction > 0;

	if (!pushes)
		return; // high and low stay
	if (table > belief->high_n)
		belief->high_n = table;
	else
		low_pass(&belief->high_n, table, dt_s);
	if (table < belief->low_n)
		belief->low_n = table;
	else
		low_pass(&belief->low_n, table, dt_s);
	if (!belief->touched)
		belief->way_n_s += table * dt_s;
}

static void update_from_sensor(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;

	if (state->force_n != belief->sensor_n)
		belief->changed_us = guard->now_us;
	belief->sensor_n = state->force_n;
	belief->touched |= state->force_valid && state->force_n >= TOUCH_N;
	if (state->direction >= 0)
		belief->back_n = INFINITY;
	else
		belief->back_n = fmin(belief->back_n, state->force_n);
}

// The sensor slowly corrects a cell's estimated level, for leaks and for pumps that differ. One
// that reads less by more than its margin may be wrong: to follow it would hide force.
static void correct_level(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double step_max = LEVEL_CORRECTION_PERMILLE_S * dt_s, error;

	if (!state->force_valid || state->force_n < table_n(guard, actuator) - config->margin_n)
		return;
	error = calibration_drive_permille(&config->calibration, state->force_n) - state->level;
	state->level += clamp_double(error, -step_max, step_max);
}

void belief_step(struct guard *guard)
{
	double dt_s = (double)guard->dt_us / US_PER_S;

	for (uint32_t left = guard_pressers(guard); left;) {
		int i = actuator_take(&left);
		const struct actuator *config = actuator_config(guard, i);

		if (guard->actuators[i].released)
			continue;
		if (config->calibration.n)
			update_from_drive(guard, i, dt_s);
		if (config->sensor.present)
			update_from_sensor(guard, i);
		if (config->kind == ACTUATOR_CELL && config->sensor.present &&
			config->calibration.n)
			correct_level(guard, i, dt_s);
	}
}

double belief_n(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (!config->sensor.present || !state->force_valid)
		return state->belief.high_n;
	return max_double(state->force_n, state->belief.high_n - config->margin_n);
}

// --- checks of the sensor ---------------------------------------------------------------------

static bool lasts_for(const struct guard *guard, bool is, int64_t *since_us, int64_t for_us)
{
	if (!is)
		*since_us = TIME_NEVER;
	else if (*since_us == TIME_NEVER)
		*since_us = guard->now_us;
	return is && guard->now_us - *since_us >= for_us;
}

static int64_t low_us(const struct guard *guard, const struct actuator *config)
{
	return config->carriage >= 0 && guard->actuators[config->carriage].direction
		? DOUBT_ROLLS_US
		: DOUBT_LOW_US;
}

// It has been driven over more than its whole way, and its sensor has not felt the body.
static bool sensor_missed_body(const struct actuator *config, const struct belief *belief)
{
	return config->kind == ACTUATOR_PRESS && !belief->touched &&
		belief->way_n_s >
		calibration_force_n(&config->calibration, config->release_drive_permille) *
			config->release_max_ms / 1000.0;
}

static bool sensor_out_of_band(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	bool comes_out = config->kind == ACTUATOR_PRESS && !belief->touched;
	bool pushes = config->kind == ACTUATOR_CELL || state->direction > 0;
	bool low = pushes && !comes_out &&
		state->force_n < belief->low_n - band_n(config, belief->low_n);
	bool high = state->force_n > belief->high_n + band_n(config, belief->high_n);
	bool too_low = lasts_for(guard, low, &belief->low_since_us, low_us(guard, config));
	bool too_high = lasts_for(guard, high, &belief->high_since_us, DOUBT_HIGH_US);

	return too_low || too_high || sensor_missed_body(config, belief);
}

static bool sensor_frozen(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct belief *belief = &guard->actuators[actuator].belief;

	return belief->low_n > config->margin_n && guard->now_us - belief->changed_us >= FROZEN_US;
}

void belief_check(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (!config->sensor.present || state->released || state->releasing || !state->force_valid ||
		!config->calibration.n)
		return;
	if (sensor_frozen(guard, actuator))
		mode_trip(guard, REASON_SENSOR_FROZEN, actuator);
	else if (sensor_out_of_band(guard, actuator))
		mode_trip(guard, REASON_SENSOR_DOUBT, actuator);
}

bool belief_rises(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	bool rises = state->direction < 0 && state->force_valid &&
		state->force_n > belief->back_n + RISES_N;

	return lasts_for(guard, rises, &belief->rises_since_us, RISES_US);
}
