// SPDX-License-Identifier: MIT
//
// The last step to the lines of a motor: slew, directions that are never on together, and the
// dead time before a reversal.
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
	struct axis *axis = &guard->axis[actuator];

	axis->drive = 0;
	if (!axis->direction)
		return;
	axis->last_direction = axis->direction;
	axis->direction = 0;
	axis->off_us = guard->now_us;
}

static void motor_start(struct guard *guard, int actuator, int direction)
{
	struct axis *axis = &guard->axis[actuator];

	axis->direction = direction;
	axis->progress_us = guard->now_us;
	axis->slew_us = guard->now_us - guard->tick_us; // something moves in the very first step
	axis->stray_pulses = 0;
	position_start(guard, actuator);
}

// A late step grows by one tick's worth, not by all the time that was missed.
static double slewed(const struct guard *guard, const struct actuator *spec,
	const struct axis *axis)
{
	int64_t dt_us = min_i64(guard->now_us - axis->slew_us, guard->tick_us);
	double magnitude = fabs(axis->wanted);

	if (spec->line[ROLE_PWM] < 0)
		return PERMILLE_FULL; // on or off
	if (spec->slew_permille_s == 0 || axis->letting_go)
		return magnitude;
	return fmin(magnitude,
		fabs(axis->drive) + spec->slew_permille_s * (double)dt_us / US_PER_S);
}

void motor_step(struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	struct axis *axis = &guard->axis[actuator];
	int direction = axis->wanted >= 1 ? 1 : axis->wanted <= -1 ? -1 : 0;

	if (direction != axis->direction)
		motor_stop(guard, actuator);
	if (direction && !axis->direction) {
		bool reverses = direction == -axis->last_direction;
		int64_t dead_us = axis->letting_go ? release_dead_time_us(spec)
						   : spec->dead_time_ms * US_PER_MS;

		if (reverses && guard->now_us - axis->off_us < dead_us)
			return;
		motor_start(guard, actuator, direction);
	}
	if (direction) {
		axis->drive = direction * slewed(guard, spec, axis);
		axis->slew_us = guard->now_us;
	}
	if (spec->release == RELEASE_COAST)
		axis->released = direction == 0;
	else if (direction > 0)
		axis->released = false;
}
