// SPDX-License-Identifier: MIT
//
// The report: the guard's state as a frame.
#include <math.h>
#include <string.h>

#include "guard/guard_private.h"

static bool position_valid(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	bool counted = config->kind == ACTUATOR_TRAVEL && config->line[ROLE_PULSE] >= 0;

	if (config->kind == ACTUATOR_HEAT)
		return state->measured[QUANTITY_TEMPERATURE].valid;
	if (actuator_is_posture(config->kind))
		return posture_known(guard, actuator);
	return state->homed && (counted || guard->timed & ACTUATOR_BIT(actuator));
}

static double position_um(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];

	if (config->kind == ACTUATOR_HEAT)
		return state->measured[QUANTITY_TEMPERATURE].value * 1000;
	if (actuator_is_posture(config->kind))
		return posture_permille(guard, actuator) * 1000;
	if (guard->timed & ACTUATOR_BIT(actuator))
		return state->timed_mm * 1000;
	return (double)state->pulses * config->mm_per_pulse * 1000;
}

static uint32_t flags(const struct guard *guard, int actuator)
{
	const struct actuator_state *state = &guard->actuators[actuator];

	return state->homed * ACTUATOR_HOMED |
		position_valid(guard, actuator) * ACTUATOR_POSITION_VALID |
		input_at(guard, actuator, ROLE_HOME) * ACTUATOR_AT_HOME |
		input_at(guard, actuator, ROLE_END) * ACTUATOR_AT_END |
		state->at_target * ACTUATOR_AT_TARGET | state->releasing * ACTUATOR_RELEASING |
		state->released * ACTUATOR_RELEASED | state->force_valid * ACTUATOR_FORCE_VALID |
		state->clamped * ACTUATOR_CLAMPED;
}

static struct wire_actuator_state actuator_state(const struct guard *guard, int actuator)
{
	const struct actuator *config = actuator_config(guard, actuator);
	const struct actuator_state *state = &guard->actuators[actuator];
	double drive = config->kind == ACTUATOR_CELL ? state->level : state->drive;
	bool timed = guard->timed & ACTUATOR_BIT(actuator);
	double force_mn = clamp_double(state->force_n, -1e6, 1e6) * 1000;

	if (timed) // in the same place (wire.h)
		force_mn = fmin(ceil(state->timed_error_mm * 1000), INT32_MAX);
	return (struct wire_actuator_state){
		.drive_permille = (int32_t)round_double(drive),
		.position_um = (int32_t)clamp_double(position_um(guard, actuator), INT32_MIN,
			INT32_MAX),
		.force_mn = (int32_t)round_double(force_mn),
		.flags = flags(guard, actuator),
	};
}

static bool source_is_on(const struct guard *guard)
{
	for (uint32_t left = guard->of_kind[ACTUATOR_SOURCE]; left;) {
		if (guard->actuators[actuator_take(&left)].direction)
			return true;
	}
	return false;
}

void guard_report(const struct guard *guard, struct wire_report *ret_report)
{
	size_t n = guard->chair->n_actuators;

	wire_header_init(&ret_report->header, WIRE_REPORT, sizeof(*ret_report), guard->seq);
	ret_report->now_us = guard->now_us;
	ret_report->chair = guard->fingerprint;
	ret_report->mode = guard->mode;
	ret_report->reason = guard->reason;
	ret_report->culprit = (int8_t)guard->culprit;
	ret_report->estop_good = input_estop_good(guard);
	ret_report->occupied = input_occupied(guard);
	ret_report->pump_on = source_is_on(guard);
	ret_report->armed_once = guard->armed_once;
	ret_report->inputs_unknown = guard->inputs_unknown;
	ret_report->n = (uint32_t)n;
	ret_report->frames_refused = guard->frames_refused;
	memcpy(ret_report->lateness, guard->lateness, sizeof(ret_report->lateness));
	ret_report->shed = guard->shed;
	ret_report->buttons = guard->buttons;
	ret_report->buttons_stuck = guard->buttons_stuck;
	for (size_t i = 0; i < n; i++)
		ret_report->actuator[i] = actuator_state(guard, (int)i);
	memset(&ret_report->actuator[n], 0,
		(size_t)((char *)(ret_report + 1) -
			(char *)&ret_report->actuator[n])); // and the padding
}
