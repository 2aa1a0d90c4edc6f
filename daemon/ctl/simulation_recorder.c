// SPDX-License-Identifier: MIT
#include "ctl/simulation_recorder.h"

#include <math.h>

// A posture without a measured position is known at its ends alone, by its contacts.
static float position(const struct actuator *actuator, const struct wire_actuator_state *state)
{
	if (!recorded_position_unit(actuator->kind))
		return NAN;
	if (state->flags & ACTUATOR_POSITION_VALID)
		return (float)(state->position_um / 1000.0);
	if (!actuator_is_posture(actuator->kind))
		return NAN;
	return state->flags & ACTUATOR_AT_HOME   ? 0
		: state->flags & ACTUATOR_AT_END ? PERMILLE_FULL
						 : NAN;
}

static struct recorded_actuator record_actuator(const struct actuator *actuator,
	const struct wire_actuator_state *state, const struct sim_truth *truth)
{
	return (struct recorded_actuator){
		.drive_permille = (float)state->drive_permille,
		.delivered_n = (float)recorded_force_n(actuator, state->drive_permille,
			state->flags & ACTUATOR_FORCE_VALID, state->force_mn / 1000.0),
		.felt_n = actuator_presses(actuator->kind) ? (float)truth->force_n : NAN,
		.position = position(actuator, state),
	};
}

static int8_t working_actuator(const struct session *session, const struct session_status *status)
{
	return status->has_plan ? session_plan(session)->segments[status->segment].actuator : -1;
}

int simulation_recorder_step(struct simulation_recorder *recorder, struct simulator *simulator,
	int64_t now_us, bool changed)
{
	const struct recording *recording = recorder->recording;
	const struct chair *chair = recording->chair;
	const struct wire_report *report = simulator_report(simulator);
	struct session_status status;
	struct sample sample = { .t_us = now_us };

	if (!report || (now_us < recorder->next_us && !changed))
		return 0;
	recorder->next_us = now_us - now_us % RECORDING_PERIOD_US + RECORDING_PERIOD_US;
	session_status(simulator_session(simulator), now_us, &status);
	sample.phase = status.phase;
	sample.points[0] = status.has_plan ? status.points[0] : -1;
	sample.points[1] = status.has_plan ? status.points[1] : -1;
	sample.actuator = working_actuator(simulator_session(simulator), &status);
	sample.segment = status.segment;
	sample.unit = status.target_unit;
	sample.target = (float)status.target;
	sample.pressed = status.pressed;
	sample.lung = (float)recorded_lung((double)(now_us - status.breath.origin_us) / US_PER_S,
		status.breath.inhale_s, status.breath.exhale_s);
	for (size_t i = 0; i < chair->n_actuators; i++) {
		struct sim_truth truth = sim_truth(simulator_hal(simulator), (int)i);

		sample.by[i] = record_actuator(&chair->actuators[i], &report->actuator[i], &truth);
	}
	recording_set_ceilings(recording, &sample);
	return recording_add(recorder->recording, &sample);
}
