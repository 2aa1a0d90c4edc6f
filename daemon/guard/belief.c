// SPDX-License-Identifier: MIT
//
// One believed force for each press and cell, from its first push until it is proven released: the
// larger of what its sensor says and what its calibrated drive gives, each doubted by the other.
//
//   drive, by the table  ____/~~~~~~~~~~~~\____________    (of a cell: its level)
//   high                 ____/~~~~~~~~~~~~~~~\_________    up at once, down with the plant's lag
//   low                  _______/~~~~~~~~~\____________    up with the lag, down at once
//
// A healthy sensor lies between them, give or take the band: the chair file's margin and a tenth.
// Below for DOUBT_LOW_US, above for DOUBT_HIGH_US, or the very same value for FROZEN_US: it is not
// believed. Until it has felt the body it may read nothing for as long as the press takes over its
// whole way: what the release of the chair file would need at that force.
//
// Without drive a gear grips and a valve is shut: what was given stays until it is taken back.
// A force that grows while a press is driven back means that its directions are exchanged.
#include <math.h>

#include "guard/guard_private.h"

#define LAG_S          0.7 // a press in tissue: its damping over the stiffness of the body
#define BAND_SHARE     0.1
#define TOUCH_N        2.0
#define DOUBT_LOW_US   (500 * US_PER_MS)
#define DOUBT_ROLLS_US (1500 * US_PER_MS) // on a carriage that moves it may lose touch
#define DOUBT_HIGH_US  (3 * US_PER_S)     // somebody may lean on it for a moment
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

static double given_n(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	double drive = config->kind == ACTUATOR_CELL ? state->level : state->drive;

	return drive > 0 ? calibration_force_n(&config->calibration, drive) : 0;
}

static void lag(double *value, double towards, double dt_s)
{
	*value += (towards - *value) * dt_s / (LAG_S + dt_s);
}

static void follow_drive(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	double given = given_n(guard, actuator);
	bool pushes = config->kind == ACTUATOR_CELL || state->direction > 0;

	if (!pushes)
		return; // it stays as it is
	if (given > belief->high_n)
		belief->high_n = given;
	else
		lag(&belief->high_n, given, dt_s);
	if (given < belief->low_n)
		belief->low_n = given;
	else
		lag(&belief->low_n, given, dt_s);
	if (!belief->touched)
		belief->way_n_s += given * dt_s;
}

static void follow_sensor(struct guard *guard, int actuator)
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

// A cell's level is reckoned, and its sensor corrects it slowly, while it is not doubted.
static void correct_level(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	double most = LEVEL_CORRECTION_PERMILLE_S * dt_s, error;

	if (!state->force_valid || state->belief.low_since_us != TIME_NEVER)
		return;
	error = calibration_drive_permille(&config->calibration, state->force_n) - state->level;
	state->level += clamp_double(error, -most, most);
}

void belief_step(struct guard *guard)
{
	double dt_s = (double)guard->dt_us / US_PER_S;

	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		const struct actuator *config = actuator_config(guard, (int)i);

		if (!actuator_presses(config->kind))
			continue;
		if (guard->actuators[i].released) {
			belief_reset(guard, (int)i);
			continue;
		}
		if (config->calibration.n)
			follow_drive(guard, (int)i, dt_s);
		if (config->sensor.present)
			follow_sensor(guard, (int)i);
		if (config->kind == ACTUATOR_CELL && config->sensor.present &&
			config->calibration.n)
			correct_level(guard, (int)i, dt_s);
	}
}

double belief_n(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (!config->sensor.present || !state->force_valid)
		return state->belief.high_n;
	return fmax(state->force_n, state->belief.high_n - config->margin_n);
}

// --- doubt ------------------------------------------------------------------------------------

static bool lasts(const struct guard *guard, bool is, int64_t *since_us, int64_t for_us)
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

// It has been driven over more than all of its way, and feels nothing.
static bool feels_nothing(const struct guard *guard, const struct actuator *config,
	const struct belief *belief)
{
	(void)guard;
	return config->kind == ACTUATOR_PRESS && !belief->touched &&
		belief->way_n_s >
		calibration_force_n(&config->calibration, config->release_drive_permille) *
			config->release_max_ms / 1000.0;
}

static bool apart(struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	bool comes_out = config->kind == ACTUATOR_PRESS && !belief->touched;
	bool pushes = config->kind == ACTUATOR_CELL || state->direction > 0;
	bool low = pushes && !comes_out &&
		state->force_n < belief->low_n - band_n(config, belief->low_n);
	bool high = state->force_n > belief->high_n + band_n(config, belief->high_n);
	bool too_low = lasts(guard, low, &belief->low_since_us, low_us(guard, config));
	bool too_high = lasts(guard, high, &belief->high_since_us, DOUBT_HIGH_US);

	return too_low || too_high || feels_nothing(guard, config, belief);
}

static bool frozen(const struct guard *guard, int actuator)
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
	if (frozen(guard, actuator))
		mode_trip(guard, REASON_SENSOR_FROZEN, actuator);
	else if (apart(guard, actuator))
		mode_trip(guard, REASON_SENSOR_DOUBT, actuator);
}

bool belief_rises(struct guard *guard, int actuator)
{
	struct actuator_state *state = &guard->actuators[actuator];
	struct belief *belief = &state->belief;
	bool rises = state->direction < 0 && state->force_valid &&
		state->force_n > belief->back_n + RISES_N;

	return lasts(guard, rises, &belief->rises_since_us, RISES_US);
}
