// SPDX-License-Identifier: MIT
#include "guard/guard.h"

#include <errno.h>
#include <stdlib.h>

#include "core/fingerprint.h"
#include "guard/guard_private.h"

int guard_new(const struct chair *chair, bool outputs_persist, struct guard **ret_guard)
{
	struct guard *guard = calloc(1, sizeof(*guard));

	if (!guard)
		return -ENOMEM;
	guard->chair = chair;
	guard->outputs_persist = outputs_persist;
	guard->fingerprint = chair_fingerprint(chair);
	guard->tick_us = chair->enable_hz > 0 ? US_PER_S / (2 * chair->enable_hz) : PLAIN_TICK_US;
	guard->safe_levels = chair_safe_levels(chair);
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (chair->lines[i].role == ROLE_PWM)
			guard->pwm_lines |= LINE_BIT(i);
	}
	guard->culprit = -1;
	guard->next_tick_us = TIME_NEVER;
	*ret_guard = guard;
	return 0;
}

struct guard *guard_free(struct guard *guard)
{
	free(guard);
	return NULL;
}

// What is let go of before anything has moved: whatever coasts, a press at its home switch, a
// cell whose valve is open while nothing drives it.
static bool released_at_start(const struct guard *guard, int actuator)
{
	const struct actuator *spec = axis_spec(guard, actuator);
	int vent = spec->line[ROLE_VENT];

	switch (spec->release) {
	case RELEASE_RETRACT:
		return input_at(guard, actuator, ROLE_HOME);
	case RELEASE_VENT:
		return vent >= 0 && guard->chair->lines[vent].safe_level;
	default:
		return true;
	}
}

static void start(struct guard *guard, const struct guard_input *input)
{
	guard->started = true;
	guard->now_us = input->now_us;
	inputs_start(guard, input->levels);
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		guard->axis[i].released = released_at_start(guard, (int)i);
		guard->axis[i].under_drive_us = TIME_NEVER;
		guard->axis[i].over_us = TIME_NEVER;
	}
	guard->report = true;
}

static void time_take(struct guard *guard, int64_t now_us)
{
	if (now_us < guard->now_us)
		now_us = guard->now_us;
	guard->dt_us = guard_moves(guard) ? now_us - guard->now_us : 0;
	guard->now_us = now_us;
	guard->tick = now_us >= guard->next_tick_us;
	if (!guard->tick)
		return;
	guard->next_tick_us = guard_grid_next_us(guard, guard->tick_us);
	if (now_us >= guard->next_report_us) {
		guard->report = true;
		guard->next_report_us = guard_grid_next_us(guard, REPORT_PERIOD_US);
	}
}

void guard_step(struct guard *guard, const struct guard_input *input, struct guard_output *ret)
{
	guard->report = guard->cut = false;
	if (!guard->started)
		start(guard, input);
	time_take(guard, input->now_us);

	drive_settle(guard);
	inputs_take(guard, input);
	force_take(guard, input);
	lateness_count(guard, input->due_us);
	mode_step(guard, input);
	drive_check(guard);
	if (input->frame)
		frame_take(guard, input->frame);

	if (guard_moves(guard) && !guard->cut)
		drive_step(guard);
	else
		drive_none(guard);
	output_make(guard, ret);
}

void guard_no_realtime(struct guard *guard)
{
	guard->no_realtime = true;
}

enum guard_mode guard_mode(const struct guard *guard)
{
	return guard->mode;
}
