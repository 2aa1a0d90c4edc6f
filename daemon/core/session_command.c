// SPDX-License-Identifier: MIT
//
// Commands and their refusals. A refused command changes nothing.
#include "core/session_private.h"

#include <math.h>
#include <stdlib.h>

#define LESS 0.85 // of the target, and 1/LESS for more

static bool in_session(const struct session *session)
{
	return session->has_plan && session->phase != SESSION_RELEASING;
}

// The conditions of START, HOME and JOG.
static enum refusal refuse_motion(const struct session *session)
{
	if (session->phase == SESSION_FAULT)
		return REFUSAL_FAULT;
	if (session->phase != SESSION_IDLE)
		return REFUSAL_BUSY;
	if (session->other_chair)
		return REFUSAL_OTHER_CHAIR;
	if (!session->link_up || !session->have_report)
		return REFUSAL_GUARD;
	if (session_stop_held(session))
		return REFUSAL_STOP_BUTTON;
	return session->report.estop_good ? REFUSAL_NONE : REFUSAL_FAULT;
}

static void begin_arming(struct session *session, int64_t now_us, enum purpose purpose)
{
	session->purpose = purpose;
	session->cause = CAUSE_NONE;
	session->start_us = now_us;
	session->paused_us = 0;
	session->leased = session->lapsed = false;
	session->segment = session->next_segment = 0;
	session->has_plan = purpose == PURPOSE_PLAN;
	session_remaining_reset(session);
	session_enter(session, now_us, SESSION_ARMING);
	session_request(session, REQUEST_ARM);
}

static enum refusal start(struct session *session, int64_t now_us, const struct command *command,
	const struct plan *plan)
{
	enum refusal refusal = refuse_motion(session);

	if (refusal == REFUSAL_NONE && !session->report.occupied)
		refusal = REFUSAL_SEAT;
	if (refusal != REFUSAL_NONE)
		return refusal;
	plan_copy(&session->plan, plan);
	session->ease = session->boost = session->boost_next = 1;
	if (!isnan(command->intensity_percent))
		session->intensity_percent = clamp_double(command->intensity_percent, 0, 100);
	begin_arming(session, now_us, PURPOSE_PLAN);
	session->breath = (struct breath){
		.origin_us = now_us,
		.inhale_s = plan->inhale_s,
		.exhale_s = plan->exhale_s,
	};
	session->leased = command->lease_us > 0;
	session_emit(session, (struct session_event){ .type = SESSION_EVENT_STARTED });
	return REFUSAL_NONE;
}

static enum refusal pause_session(struct session *session, int64_t now_us)
{
	if (!in_session(session))
		return REFUSAL_IDLE;
	if (!session_at_segment(session->phase))
		return REFUSAL_STEP;
	// A segment that has been pressed is not repeated.
	if (session->phase == SESSION_RELEASE)
		session->next_segment = session->segment + 1;
	else if (session->phase != SESSION_REST)
		session->next_segment = session->segment;
	session_request(session, REQUEST_RELEASE);
	session_enter(session, now_us, SESSION_PAUSING);
	session_remaining_reset(session);
	return REFUSAL_NONE;
}

static enum refusal resume(struct session *session, int64_t now_us)
{
	if (!in_session(session))
		return REFUSAL_IDLE;
	if (session->phase != SESSION_PAUSED)
		return REFUSAL_NOT_PAUSED;
	session->paused_us += now_us - session->phase_us;
	session_emit(session, (struct session_event){ .type = SESSION_EVENT_RESUMED });
	session_enter(session, now_us, SESSION_ARMING);
	session_request(session, REQUEST_ARM);
	return REFUSAL_NONE;
}

static enum refusal stop(struct session *session, int64_t now_us)
{
	bool idle = session->phase == SESSION_IDLE || session->phase == SESSION_FAULT ||
		session->phase == SESSION_RELEASING;

	if (idle) // nothing of this session runs; release to be sure
		session_request(session, REQUEST_RELEASE);
	else
		session_abort(session, now_us, CAUSE_STOP);
	return REFUSAL_NONE;
}

static enum refusal skip(struct session *session, int64_t now_us)
{
	if (!in_session(session))
		return REFUSAL_IDLE;
	if (!session_at_segment(session->phase))
		return REFUSAL_STEP;
	session->skipping = true;
	switch (session->phase) {
	case SESSION_APPROACH:
		if (session->stage != STAGE_CONTACT) { // nothing presses yet
			session_begin(session, now_us, session->segment + 1);
			break;
		}
		session_end_press(session, now_us);
		break;
	case SESSION_PRESS:
	case SESSION_HOLD:
	case SESSION_STROKE:
		session_end_press(session, now_us);
		break;
	case SESSION_REST:
		session_begin(session, now_us, session->next_segment);
		break;
	default: // RELEASE, KNEAD, TAP, TIMED_PAUSE and POSTURE end in the next step
		break;
	}
	return REFUSAL_NONE;
}

// Remembered until the hold has lasted its minimum. Repetitions change nothing.
static enum refusal eased(struct session *session, int64_t now_us)
{
	if (!in_session(session))
		return REFUSAL_IDLE;
	if (session->phase != SESSION_HOLD)
		return REFUSAL_STEP;
	if (isnan(session->eased_s))
		session->eased_s = (double)(now_us - session->phase_us) / US_PER_S;
	return REFUSAL_NONE;
}

static enum refusal feedback(struct session *session, int64_t now_us, enum feedback feedback)
{
	if (feedback == FEEDBACK_EASED)
		return eased(session, now_us);
	if (!in_session(session))
		return REFUSAL_IDLE;
	if (!session_at_segment(session->phase) || session_segment(session)->actuator < 0 ||
		session_segment(session)->technique == TECHNIQUE_POSTURE)
		return REFUSAL_STEP;
	if (feedback == FEEDBACK_MORE)
		session->boost_next = 1 / LESS;
	if (feedback != FEEDBACK_LESS)
		return REFUSAL_NONE;
	if (session_target(session) <= session_segment(session)->target.floor &&
		!session_layers_yield(session))
		return REFUSAL_FLOOR;
	session->ease *= LESS;
	session->boost = session->boost_next = 1;
	return REFUSAL_NONE;
}

static enum refusal home(struct session *session, int64_t now_us)
{
	enum refusal refusal = refuse_motion(session);

	if (refusal == REFUSAL_NONE)
		begin_arming(session, now_us, PURPOSE_HOME);
	return refusal;
}

static enum refusal check_jog(const struct session *session, const struct command *command)
{
	bool jogging = session->purpose == PURPOSE_JOG &&
		(session->phase == SESSION_JOG || session->phase == SESSION_ARMING);
	enum refusal refusal = jogging ? REFUSAL_NONE : refuse_motion(session);
	const struct actuator *actuator;
	bool both_ways;

	if (refusal != REFUSAL_NONE)
		return refusal;
	if (command->actuator < 0 || command->actuator >= (int)session->chair->n_actuators)
		return REFUSAL_ACTUATOR;
	actuator = &session->chair->actuators[command->actuator];
	both_ways = actuator_is_reversible(actuator->kind);
	if (actuator->kind == ACTUATOR_SOURCE || (command->drive_permille < 0 && !both_ways) ||
		abs(command->drive_permille) > actuator->drive_max_permille ||
		(jogging && session->jog_actuator != command->actuator))
		return REFUSAL_ACTUATOR;
	if (command->drive_permille > 0 && !session->report.occupied &&
		actuator->kind != ACTUATOR_TRAVEL && !actuator_is_posture(actuator->kind))
		return REFUSAL_SEAT;
	return REFUSAL_NONE;
}

static enum refusal jog(struct session *session, int64_t now_us, const struct command *command)
{
	enum refusal refusal = check_jog(session, command);
	bool jogging = session->phase == SESSION_JOG || session->phase == SESSION_ARMING;

	if (refusal != REFUSAL_NONE)
		return refusal;
	if (command->drive_permille == 0) {
		if (jogging)
			session_release(session, now_us);
		return REFUSAL_NONE;
	}
	session->jog_actuator = command->actuator;
	session->jog_drive_permille = command->drive_permille;
	session->lapsed = false;
	if (!jogging)
		begin_arming(session, now_us, PURPOSE_JOG);
	return REFUSAL_NONE;
}

static enum refusal reset(struct session *session)
{
	if (session->phase != SESSION_FAULT)
		return REFUSAL_NO_FAULT;
	if (session->report.reason == REASON_ESTOP && session->chair->reset >= 0)
		return REFUSAL_BUTTON; // the guard would ignore RESET
	session_request(session, REQUEST_RESET);
	return REFUSAL_NONE;
}

enum refusal session_command(struct session *session, int64_t now_us, const struct command *command,
	const struct plan *plan)
{
	switch (command->verb) {
	case COMMAND_START:
		return start(session, now_us, command, plan);
	case COMMAND_PAUSE:
		return pause_session(session, now_us);
	case COMMAND_RESUME:
		return resume(session, now_us);
	case COMMAND_STOP:
		return stop(session, now_us);
	case COMMAND_SKIP:
		return skip(session, now_us);
	case COMMAND_INTENSITY:
		session->intensity_percent = clamp_double(command->intensity_percent, 0, 100);
		return REFUSAL_NONE;
	case COMMAND_FEEDBACK:
		return feedback(session, now_us, command->feedback);
	case COMMAND_RENEW:
		if (!in_session(session))
			return REFUSAL_IDLE;
		if (!session->leased)
			return REFUSAL_NO_LEASE;
		session->lapsed = false;
		return REFUSAL_NONE;
	case COMMAND_HOME:
		return home(session, now_us);
	case COMMAND_JOG:
		return jog(session, now_us, command);
	case COMMAND_RESET:
		return reset(session);
	default:
		return REFUSAL_STEP;
	}
}
