// SPDX-License-Identifier: MIT
//
// What the lines shall be, and when to look again. This is the only place that turns the guard's
// state into levels; whatever it does not set is at its safe level.
#include <math.h>

#include "guard/guard_private.h"

static void line_set(const struct actuator *spec, enum line_role role, bool level,
	uint64_t *levels)
{
	int line = spec->line[role];

	if (line < 0)
		return;
	if (level)
		*levels |= LINE_BIT(line);
	else
		*levels &= ~LINE_BIT(line);
}

static void motor_lines(const struct guard *guard, int actuator, struct guard_output *ret)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];
	int pwm = spec->line[ROLE_PWM];

	line_set(spec, ROLE_FORWARD, axis->direction > 0, &ret->levels);
	line_set(spec, ROLE_REVERSE, axis->direction < 0, &ret->levels);
	line_set(spec, ROLE_RUN, axis->direction != 0, &ret->levels);
	if (pwm >= 0 && axis->direction)
		ret->duty_permille[pwm] = (uint16_t)lround(fabs(axis->drive));
}

static void cell_lines(const struct guard *guard, int actuator, struct guard_output *ret)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	const struct axis *axis = &guard->axis[actuator];

	if (cell_idle(guard, actuator))
		return;
	line_set(spec, ROLE_FILL, axis->filling, &ret->levels);
	line_set(spec, ROLE_VENT, axis->venting, &ret->levels);
}

// The charge pump: one toggle in every tick that found nothing wrong.
static void enable_line(struct guard *guard, struct guard_output *ret)
{
	const struct chair *chair = guard->chair;

	if (chair->enable < 0)
		return;
	if (guard->tick || chair->enable_hz == 0)
		guard->pump_level = chair->enable_hz == 0 || !guard->pump_level;
	ret->levels &= ~LINE_BIT(chair->enable);
	if (guard->pump_level)
		ret->levels |= LINE_BIT(chair->enable);
}

static int64_t sooner(const struct guard *guard, int64_t next_us, int64_t t_us)
{
	return t_us > guard->now_us ? min_i64(next_us, t_us) : next_us;
}

static int64_t next_us(const struct guard *guard)
{
	int64_t next = sooner(guard, inputs_next_us(guard), guard->next_tick_us);

	next = sooner(guard, next, mode_next_us(guard));
	next = sooner(guard, next, proof_next_us(guard));
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		next = sooner(guard, next, duty_next_us(guard, (int)i));
		if (guard->axis[i].letting_go)
			next = sooner(guard, sooner(guard, next, guard->axis[i].let_go_from_us),
				guard->axis[i].let_go_until_us);
	}
	return next;
}

void output_make(struct guard *guard, struct guard_output *ret)
{
	*ret = (struct guard_output){
		.levels = guard->safe_levels & ~guard->pwm_lines,
		.pwm_lines = guard->pwm_lines,
		.cut = guard->cut,
		.report = guard->report,
		.next_us = next_us(guard),
	};
	if (guard->cut || !guard_moves(guard)) {
		guard->pump_level = false;
		return;
	}
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		if (axis_spec(guard, (int)i)->kind == ACTUATOR_CELL)
			cell_lines(guard, (int)i, ret);
		else
			motor_lines(guard, (int)i, ret);
	}
	enable_line(guard, ret);
}
