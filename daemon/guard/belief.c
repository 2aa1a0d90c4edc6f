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

#define LAG_S           0.7 // a press in tissue: its damping over the stiffness of the body
#define BAND_SHARE      0.1
#define TOUCH_N         2.0
#define DOUBT_LOW_US    (500 * US_PER_MS)
#define DOUBT_ROLLS_US  (1500 * US_PER_MS) // on a carriage that moves it may lose touch
#define DOUBT_HIGH_US   (3 * US_PER_S)     // somebody may lean on it for a moment
#define FROZEN_US       (1500 * US_PER_MS)
#define RISES_N         5.0
#define RISES_US        (60 * US_PER_MS)

void belief_reset(struct guard *guard, int actuator)
{
	struct belief *belief = &guard->axis[actuator].belief;

	*belief = (struct belief){
		.low_since_us = TIME_NEVER, .high_since_us = TIME_NEVER, .rises_since_us = TIME_NEVER,
		.changed_us = guard->now_us, .back_n = INFINITY,
	};
}

static double band_n(const struct actuator *spec, double force_n)
{
	return spec->margin_n + BAND_SHARE * force_n;
}

static double given_n(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];
	double drive = spec->kind == ACTUATOR_CELL ? axis->level : axis->drive;

	return drive > 0 ? calibration_force_n(&spec->calibration, drive) : 0;
}

static void lag(double *value, double towards, double dt_s)
{
	*value += (towards - *value) * dt_s / (LAG_S + dt_s);
}

static void follow_drive(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	struct belief *belief = &axis->belief;
	double given = given_n(guard, actuator);
	bool pushes = spec->kind == ACTUATOR_CELL || axis->direction > 0;

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
	struct axis *axis = &guard->axis[actuator];
	struct belief *belief = &axis->belief;

	if (axis->force_n != belief->sensor_n)
		belief->changed_us = guard->now_us;
	belief->sensor_n = axis->force_n;
	belief->touched |= axis->force_valid && axis->force_n >= TOUCH_N;
	if (axis->direction >= 0)
		belief->back_n = INFINITY;
	else
		belief->back_n = fmin(belief->back_n, axis->force_n);
}

// A cell's level is reckoned, and its sensor corrects it slowly, while it is not doubted.
static void correct_level(struct guard *guard, int actuator, double dt_s)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	double most = LEVEL_CORRECTION_PERMILLE_S * dt_s, error;

	if (!axis->force_valid || axis->belief.low_since_us != TIME_NEVER)
		return;
	error = calibration_drive_permille(&spec->calibration, axis->force_n) - axis->level;
	axis->level += clamp_double(error, -most, most);
}

void belief_step(struct guard *guard)
{
	double dt_s = (double)guard->dt_us / US_PER_S;

	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		const struct actuator *spec = axis_spec(guard, (int)i);

		if (!actuator_presses(spec->kind))
			continue;
		if (guard->axis[i].released) {
			belief_reset(guard, (int)i);
			continue;
		}
		if (spec->calibration.n)
			follow_drive(guard, (int)i, dt_s);
		if (spec->sensor.present)
			follow_sensor(guard, (int)i);
		if (spec->kind == ACTUATOR_CELL && spec->sensor.present && spec->calibration.n)
			correct_level(guard, (int)i, dt_s);
	}
}

double belief_n(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (!spec->sensor.present || !axis->force_valid)
		return axis->belief.high_n;
	return fmax(axis->force_n, axis->belief.high_n - spec->margin_n);
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

static int64_t low_us(const struct guard *guard, const struct actuator *spec)
{
	return spec->carriage >= 0 && guard->axis[spec->carriage].direction ? DOUBT_ROLLS_US
									    : DOUBT_LOW_US;
}

// It has been driven over more than all of its way, and feels nothing.
static bool feels_nothing(const struct guard *guard, const struct actuator *spec,
	const struct belief *belief)
{
	(void)guard;
	return spec->kind == ACTUATOR_PRESS && !belief->touched && belief->way_n_s >
		calibration_force_n(&spec->calibration, spec->release_drive_permille) *
		spec->release_max_ms / 1000.0;
}

static bool apart(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	struct belief *belief = &axis->belief;
	bool comes_out = spec->kind == ACTUATOR_PRESS && !belief->touched;
	bool pushes = spec->kind == ACTUATOR_CELL || axis->direction > 0;
	bool low = pushes && !comes_out &&
		axis->force_n < belief->low_n - band_n(spec, belief->low_n);
	bool high = axis->force_n > belief->high_n + band_n(spec, belief->high_n);
	bool too_low = lasts(guard, low, &belief->low_since_us, low_us(guard, spec));
	bool too_high = lasts(guard, high, &belief->high_since_us, DOUBT_HIGH_US);

	return too_low || too_high || feels_nothing(guard, spec, belief);
}

static bool frozen(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct belief *belief = &guard->axis[actuator].belief;

	return belief->low_n > spec->margin_n && guard->now_us - belief->changed_us >= FROZEN_US;
}

void belief_check(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (!spec->sensor.present || axis->released || axis->letting_go || !axis->force_valid ||
		!spec->calibration.n)
		return;
	if (frozen(guard, actuator))
		mode_trip(guard, REASON_SENSOR_FROZEN, actuator);
	else if (apart(guard, actuator))
		mode_trip(guard, REASON_SENSOR_DOUBT, actuator);
}

bool belief_rises(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	struct belief *belief = &axis->belief;
	bool rises = axis->direction < 0 && axis->force_valid &&
		axis->force_n > belief->back_n + RISES_N;

	return lasts(guard, rises, &belief->rises_since_us, RISES_US);
}
