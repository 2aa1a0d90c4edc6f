// SPDX-License-Identifier: MIT
#include "core/dose_meter.h"

#include <math.h>

#include "core/reach.h"

#define FELT_N 3.0 // above it a press is not released (guard/proof.c)

void dose_meter_init(struct dose_meter *meter)
{
	*meter = (struct dose_meter){ 0 };
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++)
		meter->actuator[i].points[0] = meter->actuator[i].points[1] = -1;
}

static double sensor_n(const struct wire_actuator_state *state)
{
	return state->flags & ACTUATOR_FORCE_VALID ? state->force_mn / 1000.0 : NAN;
}

static double believed_n(const struct actuator *actuator, const struct wire_actuator_state *state,
	double held_n)
{
	double felt_n = sensor_n(state);

	if (isnan(felt_n))
		return held_n;
	if (isnan(held_n) || state->drive_permille < 0) // driven back
		return fmax(felt_n, 0);
	return fmax(felt_n, fmax(held_n - actuator->margin_n, 0));
}

static bool begins(const struct wire_actuator_state *state)
{
	return state->drive_permille > 0 || sensor_n(state) >= FELT_N;
}

static void update(struct dose_meter *meter, const struct dose_meter_input *input, size_t i)
{
	const struct actuator *actuator = &input->chair->actuators[i];
	const struct wire_actuator_state *state = &input->report->actuator[i];
	const struct segment *segment = input->segment;

	if (state->flags & ACTUATOR_RELEASED) {
		meter->actuator[i].presses = false;
		return;
	}
	if (!meter->actuator[i].presses) {
		if (!begins(state))
			return;
		meter->actuator[i].presses = true;
		meter->actuator[i].held_n = actuator->calibration.n ? 0 : NAN;
		meter->actuator[i].points[0] = meter->actuator[i].points[1] = -1;
	}
	if (state->drive_permille > 0)
		meter->actuator[i].held_n = calibration_force_n(&actuator->calibration,
			state->drive_permille);
	meter->actuator[i].force_n = believed_n(actuator, state, meter->actuator[i].held_n);
	if (segment && segment->actuator == (int)i) {
		meter->actuator[i].points[0] = segment->points[0];
		meter->actuator[i].points[1] = segment->points[1];
	}
}

static double position_mm(const struct dose_meter_input *input, const struct actuator *actuator)
{
	const struct wire_actuator_state *state;

	if (actuator->carriage < 0)
		return NAN;
	state = &input->report->actuator[actuator->carriage];
	return state->flags & ACTUATOR_HOMED ? state->position_um / 1000.0 : NAN;
}

static void count_place(const struct dose_meter_input *input, size_t actuator,
	struct ledger_dose dose)
{
	double at_mm = position_mm(input, &input->chair->actuators[actuator]);

	for (size_t i = 0; i < input->atlas->n_points; i++) {
		const struct point *point = &input->atlas->points[i];

		if (reach_covers(input->chair, (int)actuator, point, at_mm))
			input->pressed(input->data, point, dose);
	}
}

static void count(const struct dose_meter *meter, const struct dose_meter_input *input, size_t i,
	double seconds, double force_n)
{
	const struct ledger_dose dose = {
		.pressed_s = seconds,
		.impulse_n_s = isnan(force_n) ? 0 : seconds * force_n,
	};
	const int16_t *points = meter->actuator[i].points;

	if (points[0] < 0 && points[1] < 0) {
		count_place(input, i, dose);
		return;
	}
	for (int side = 0; side < 2; side++) {
		if (points[side] >= 0 && (size_t)points[side] < input->atlas->n_points)
			input->pressed(input->data, &input->atlas->points[points[side]], dose);
	}
}

// The time since the last report. A guard that was away has held no press for longer than it may.
static double passed_s(const struct dose_meter *meter, const struct wire_report *report)
{
	return clamp_double((double)(report->now_us - meter->last_us) / US_PER_S, 0,
		PRESS_HARD_MAX_S);
}

void dose_meter_report(struct dose_meter *meter, const struct dose_meter_input *input)
{
	double seconds = passed_s(meter, input->report);

	for (size_t i = 0; i < input->chair->n_actuators; i++) {
		bool pressed = meter->actuator[i].presses;
		double before_n = meter->actuator[i].force_n;

		if (!actuator_presses(input->chair->actuators[i].kind))
			continue;
		update(meter, input, i);
		if (pressed)
			count(meter, input, i, seconds,
				meter->actuator[i].presses
					? fmax(before_n, meter->actuator[i].force_n)
					: before_n);
	}
	meter->last_us = input->report->now_us;
}

bool dose_meter_presses(const struct dose_meter *meter)
{
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		if (meter->actuator[i].presses)
			return true;
	}
	return false;
}
