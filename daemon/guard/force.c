// SPDX-License-Identifier: MIT
//
// Force: how hard the region under an actuator may be pressed, by the table and by the sensor.
#include <math.h>

#include "guard/guard_private.h"

#define PEAK_TOLERATED_US (100 * US_PER_MS)
#define MEAN_S            3.0
#define MEAN_SLACK        1.1
#define NOISE_N           3.0  // of a sensor that nobody touches
#define STALE_US          (500 * US_PER_MS)
#define BELIEVABLE_MIN_N  (-50.0)
#define BELIEVABLE_MAX_N  500.0

static struct region_ceiling ceiling_at(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);

	return chair_ceiling(guard->chair, actuator, travel_mm(guard, spec->carriage));
}

// Is the value there, of now, and such as a body can give?
void force_take(struct guard *guard, const struct guard_input *input)
{
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		const struct hal_force *force = &input->force[i];
		struct axis *axis = &guard->axis[i];

		if (!axis_spec(guard, (int)i)->sensor.present)
			continue;
		axis->force_n = isfinite(force->force_n) ? force->force_n : 0;
		axis->force_failed = force->error || !(force->force_n >= BELIEVABLE_MIN_N &&
			force->force_n <= BELIEVABLE_MAX_N);
		axis->force_valid = !axis->force_failed && force->t_us > 0 &&
			guard->now_us - force->t_us <= STALE_US;
	}
}

double force_clamp(const struct guard *guard, int actuator, double drive)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct region_ceiling ceiling;

	if (!actuator_presses(spec->kind) || drive <= 0)
		return drive;
	ceiling = ceiling_at(guard, actuator);
	if (ceiling.peak_n <= 0)
		return 0;
	return fmin(drive, actuator_drive_limit_permille(spec, ceiling));
}

// A sensor may need a moment to wake up with the rest of the chair.
static bool sensor_lost(const struct guard *guard, const struct axis *axis)
{
	return axis->force_failed || (!axis->force_valid &&
		guard->now_us - guard->mode_us > STALE_US);
}

static bool force_above(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	double dt_s = (double)guard->dt_us / US_PER_S, force_n = belief_n(guard, actuator);
	struct region_ceiling ceiling;

	axis->mean_n += (force_n - axis->mean_n) * dt_s / (MEAN_S + dt_s);
	if (force_n <= NOISE_N && axis->mean_n <= NOISE_N) { // below every ceiling
		axis->over_us = TIME_NEVER;
		return false;
	}
	ceiling = ceiling_at(guard, actuator);
	if (force_n <= fmax(ceiling.peak_n, NOISE_N))
		axis->over_us = TIME_NEVER;
	else if (axis->over_us == TIME_NEVER)
		axis->over_us = guard->now_us;
	return (axis->over_us != TIME_NEVER && guard->now_us - axis->over_us >= PEAK_TOLERATED_US) ||
		axis->mean_n > fmax(ceiling.sustained_n * MEAN_SLACK, NOISE_N);
}

void force_check(struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	if (!actuator_presses(axis_spec(guard, actuator)->kind))
		return;
	if (axis_spec(guard, actuator)->sensor.present && sensor_lost(guard, axis))
		mode_trip(guard, REASON_SENSOR, actuator);
	else if (force_above(guard, actuator))
		mode_trip(guard, REASON_FORCE, actuator);
	belief_check(guard, actuator);
}
