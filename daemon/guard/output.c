// SPDX-License-Identifier: MIT
//
// The levels of all lines, and the time of the next step. No other file turns the guard's state
// into levels; a line that is not set here is at its safe level.
#include <math.h>

#include "guard/guard_private.h"

static void line_set(const struct actuator *config, enum line_role role, bool level,
	uint64_t *levels)
{
	int line = config->line[role];

	if (line < 0)
		return;
	if (level)
		*levels |= LINE_BIT(line);
	else
		*levels &= ~LINE_BIT(line);
}

static void motor_lines(const struct guard *guard, int actuator, struct guard_output *ret)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	uint16_t duty_permille = (uint16_t)round_double(fabs(state->drive));
	int pulsed = config->line[ROLE_PWM];

	if (config->sign_magnitude)
		pulsed = config->line[state->direction < 0 ? ROLE_REVERSE : ROLE_FORWARD];
	if (pulsed >= 0 && state->direction)
		ret->duty_permille[pulsed] = duty_permille;
	if (config->sign_magnitude)
		return;
	line_set(config, ROLE_FORWARD, state->direction > 0, &ret->levels);
	line_set(config, ROLE_REVERSE, state->direction < 0, &ret->levels);
	line_set(config, ROLE_RUN, state->direction != 0, &ret->levels);
}

static void cell_lines(const struct guard *guard, int actuator, struct guard_output *ret)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (cell_idle(guard, actuator))
		return;
	line_set(config, ROLE_FILL, state->filling, &ret->levels);
	line_set(config, ROLE_VENT, state->venting, &ret->levels);
	line_set(config, ROLE_VALVE, !state->venting, &ret->levels);
}

// The charge pump: one toggle in every tick without a fault.
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
	if (guard->buttons)
		next = sooner(guard, next, button_next_us(guard));
	for (uint32_t left = guard->busy; left;) {
		int i = actuator_take(&left);

		next = sooner(guard, next, duty_next_us(guard, i));
		if (guard->actuators[i].releasing)
			next = sooner(guard,
				sooner(guard, next, guard->actuators[i].release_from_us),
				guard->actuators[i].release_until_us);
	}
	return next;
}

void output_make(struct guard *guard, struct guard_output *ret)
{
	ret->levels = guard->safe_levels & ~guard->pwm_lines;
	ret->pwm_lines = guard->pwm_lines;
	for (uint64_t left = guard->pwm_lines; left; left &= left - 1)
		ret->duty_permille[__builtin_ctzll(left)] = 0;
	ret->cut = guard->cut;
	ret->report = guard->report;
	ret->next_us = next_us(guard);
	if (guard->cut || !guard_moves(guard)) {
		guard->pump_level = false;
		return;
	}
	for (uint32_t left = guard->busy; left;) {
		int i = actuator_take(&left);

		if (actuator_config(guard, i)->kind == ACTUATOR_CELL)
			cell_lines(guard, i, ret);
		else
			motor_lines(guard, i, ret);
	}
	enable_line(guard, ret);
}
