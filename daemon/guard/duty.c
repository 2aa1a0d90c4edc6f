// SPDX-License-Identifier: MIT
//
// How long an actuator is under drive: without a break, and in any five minutes.
//
// What counts is what the ceilings are for. A press is under drive while it pushes into the body
// (to let go is never rationed), a cell from its first filling until it is let go of, everything
// else while it runs. Five minutes are kept as one bucket a second, and one more for the running
// second: the sum covers all of the last five minutes and never less.
#include "guard/guard_private.h"

static bool under_drive(const struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	switch (axis_spec(guard, actuator)->kind) {
	case ACTUATOR_PRESS:
		return axis->direction > 0;
	case ACTUATOR_CELL:
		return !axis->letting_go && !cell_idle(guard, actuator);
	default:
		return axis->direction != 0;
	}
}

static void duty_advance(struct duty *duty, int64_t second)
{
	if (second - duty->second >= DUTY_BUCKETS)
		duty->second = second - DUTY_BUCKETS;
	while (duty->second < second) {
		uint32_t *oldest = &duty->spent_us[++duty->second % DUTY_BUCKETS];

		duty->sum_us -= *oldest;
		*oldest = 0;
	}
}

void duty_settle(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];
	struct duty *duty = &axis->duty;

	duty_advance(duty, guard->now_us / US_PER_S);
	if (axis->under_drive_us == TIME_NEVER)
		return;
	duty->spent_us[duty->second % DUTY_BUCKETS] += (uint32_t)guard->dt_us;
	duty->sum_us += guard->dt_us;
}

void duty_mark(struct guard *guard, int actuator)
{
	struct axis *axis = &guard->axis[actuator];

	if (!under_drive(guard, actuator))
		axis->under_drive_us = TIME_NEVER;
	else if (axis->under_drive_us == TIME_NEVER)
		axis->under_drive_us = guard->now_us;
}

// What it may have of five minutes; TIME_NEVER where there is no such ceiling.
static int64_t duty_allowed_us(const struct actuator *spec)
{
	int permille = spec->duty_max_permille > 0 ? spec->duty_max_permille : PERMILLE_FULL;

	if (actuator_presses(spec->kind) && permille > PRESS_DUTY_HARD_MAX_PERMILLE)
		permille = PRESS_DUTY_HARD_MAX_PERMILLE;
	if (permille >= PERMILLE_FULL)
		return TIME_NEVER;
	return permille * DUTY_WINDOW_S * US_PER_S / PERMILLE_FULL;
}

int64_t duty_next_us(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (axis->under_drive_us == TIME_NEVER || spec->on_max_ms == 0)
		return TIME_NEVER;
	return axis->under_drive_us + spec->on_max_ms * US_PER_MS;
}

void duty_check(struct guard *guard, int actuator)
{
	const struct axis *axis = &guard->axis[actuator];

	if (axis->under_drive_us == TIME_NEVER)
		return;
	if (guard->now_us >= duty_next_us(guard, actuator))
		mode_release(guard, REASON_ON_TIME, actuator);
	else if (axis->duty.sum_us >= duty_allowed_us(axis_spec(guard, actuator)))
		mode_release(guard, REASON_DUTY, actuator);
}
