// SPDX-License-Identifier: MIT
#include "guard/guard.h"

#include <errno.h>
#include <stdlib.h>

#include "core/fingerprint.h"
#include "core/timed.h"
#include "guard/guard_private.h"

// A motor that turning.c supervises.
static bool is_turner(const struct actuator *actuator)
{
	if (actuator->kind != ACTUATOR_KNEAD && actuator->kind != ACTUATOR_TAP &&
		actuator->kind != ACTUATOR_PRESS)
		return false;
	return actuator->line[ROLE_PULSE] >= 0 || actuator->line[ROLE_LOCK] >= 0 ||
		actuator_sets_width(actuator);
}

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
	guard->pwm_lines = chair_pwm_lines(chair);
	guard->culprit = -1;
	for (size_t i = 0; i < chair->n_actuators; i++) {
		guard->of_kind[chair->actuators[i].kind] |= ACTUATOR_BIT(i);
		if (chair->actuators[i].line[ROLE_FAULT] >= 0)
			guard->fault_inputs |= ACTUATOR_BIT(i);
		if (travel_is_timed(&chair->actuators[i]))
			guard->timed |= ACTUATOR_BIT(i);
		if (chair->actuators[i].line[ROLE_VALVE] >= 0)
			guard->valves |= ACTUATOR_BIT(i);
		if (is_turner(&chair->actuators[i]))
			guard->turners |= ACTUATOR_BIT(i);
		if (actuator_sets_width(&chair->actuators[i]))
			guard->width_setters |= ACTUATOR_BIT(i);
		for (int q = 0; q < QUANTITY_COUNT; q++) {
			if (chair->actuators[i].measured[q].present)
				guard->measuring |= ACTUATOR_BIT(i);
		}
	}
	guard->stop_buttons = chair_buttons(chair, BUTTON_STOP);
	for (uint32_t left = guard->stop_buttons; left; left &= left - 1)
		guard->stop_lines |= LINE_BIT(chair->buttons[__builtin_ctz(left)].line);
	guard->busy = guard->all = ACTUATOR_BIT(chair->n_actuators) - 1;
	guard->next_tick_us = TIME_NEVER;
	*ret_guard = guard;
	return 0;
}

struct guard *guard_free(struct guard *guard)
{
	free(guard);
	return NULL;
}

static void start(struct guard *guard, const struct guard_input *input)
{
	guard->started = true;
	guard->now_us = input->now_us;
	inputs_start(guard, input->levels);
	button_start(guard);
	force_update(guard, input);
	measure_update(guard, input);
	for (size_t i = 0; i < guard->chair->n_actuators; i++) {
		proof_start(guard, (int)i);
		belief_reset(guard, (int)i);
		guard->actuators[i].under_drive_us = TIME_NEVER;
		force_start(guard, (int)i);
		measure_start(guard, (int)i);
		heat_start(guard, (int)i);
		posture_forget(guard, (int)i);
	}
	guard->report = true;
}

static void time_update(struct guard *guard, int64_t now_us)
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
	time_update(guard, input->now_us);

	drive_integrate(guard);
	inputs_update(guard, input);
	button_step(guard);
	force_update(guard, input);
	measure_update(guard, input);
	proof_step(guard);
	belief_step(guard);
	lateness_count(guard, guard->now_us - (input->now_us - input->due_us));
	mode_step(guard, input);
	drive_check(guard);
	if (input->frame)
		frame_handle(guard, input->frame);

	if (guard_moves(guard) && !guard->cut)
		drive_step(guard);
	else
		drive_none(guard);
	for (uint32_t left = guard->busy & guard->of_kind[ACTUATOR_CELL]; left;)
		cell_note_vent(guard, actuator_take(&left));
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

uint32_t guard_transitions_made(const struct guard *guard)
{
	return guard->transitions_made;
}

const struct guard_transition *guard_impossible(const struct guard *guard)
{
	return guard->impossible.reason ? &guard->impossible : NULL;
}

uint32_t guard_pressed(const struct guard *guard)
{
	uint32_t set = guard_pressers(guard);

	for (uint32_t left = set; left;) {
		int i = actuator_take(&left);

		if (guard->actuators[i].released)
			set &= ~ACTUATOR_BIT(i);
	}
	return set;
}
