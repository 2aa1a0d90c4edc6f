// SPDX-License-Identifier: MIT
//
// The phases of a session but for those in which a technique works (session_technique.c), one
// function each, called at every step: at every report in motion.
#include "core/session_private.h"

#include "core/motion_time.h"

#define ARM_MAX_US (30 * US_PER_S)

bool session_abort_if_stuck(struct session *session, int64_t now_us, int64_t limit_us)
{
	if (now_us - session->stage_us <= limit_us)
		return false;
	session_abort(session, now_us, CAUSE_STUCK);
	return true;
}

// The rollers get their width during or after the travel.
static int64_t width_max_us(const struct session *session)
{
	const struct segment *segment = session_segment(session);

	if (!session->has_plan || segment->width == WIDTH_ANY)
		return 0;
	return (int64_t)(width_max_s(&session->chair->actuators[segment->setter]) * US_PER_S);
}

int64_t session_travel_max_us(const struct session *session)
{
	int64_t longest_ms = 0;

	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		if (session->chair->actuators[i].travel_max_ms > longest_ms)
			longest_ms = session->chair->actuators[i].travel_max_ms;
	}
	return longest_ms * US_PER_MS + width_max_us(session) + SLACK_US;
}

// A setpoint with all actuators at rest follows the ARM: the guard becomes ACTIVE as soon as it
// may, and its relay is powered before the first motion.
static void run_arming(struct session *session, int64_t now_us)
{
	bool armed = session->report.mode == GUARD_READY || session->report.mode == GUARD_ACTIVE;

	if (session_answered(session) && armed) {
		session_enter(session, now_us,
			session->purpose == PURPOSE_JOG ? SESSION_JOG : SESSION_HOMING);
	} else if (session_answered(session) && session->report.mode == GUARD_OFF &&
		session->report.reason != REASON_NONE) {
		session_abort(session, now_us, CAUSE_GUARD);
	} else if (!session_abort_if_stuck(session, now_us, ARM_MAX_US)) {
		// the guard may still have been releasing
		session_request_again(session, now_us, REQUEST_ARM);
	}
}

static void run_homing(struct session *session, int64_t now_us)
{
	if (session->stage == STAGE_CLEAR) {
		if (session_all_released(session))
			session_stage(session, now_us, STAGE_TRAVEL);
		else
			session_abort_if_stuck(session, now_us, RELEASE_MAX_US);
		return;
	}
	if (!session_all_homed(session))
		session_abort_if_stuck(session, now_us, session_travel_max_us(session));
	else if (session->purpose == PURPOSE_HOME)
		session_complete(session, now_us);
	else
		session_begin(session, now_us, session->next_segment);
}

static void rest(struct session *session, int64_t now_us, uint16_t next, int64_t until_us)
{
	session->next_segment = next;
	session->rest_until_us = until_us;
	session_enter(session, now_us, SESSION_REST);
}

// The earliest start of a segment, by the recent presses of its actuator.
static int64_t earliest_us(const struct session *session, int64_t now_us,
	const struct segment *segment)
{
	if (segment->actuator < 0)
		return now_us;
	return pacing_earliest_us(&session->pacing[segment->actuator],
		&session->chair->actuators[segment->actuator], now_us,
		(int64_t)(segment->press_s * US_PER_S), segment->zone);
}

static enum session_phase first_phase(const struct segment *segment)
{
	switch (segment->technique) {
	case TECHNIQUE_PAUSE:
		return SESSION_TIMED_PAUSE;
	case TECHNIQUE_POSTURE:
		return SESSION_POSTURE;
	default:
		return SESSION_APPROACH;
	}
}

void session_begin(struct session *session, int64_t now_us, uint16_t index)
{
	const struct segment *segment = &session->plan.segments[index];
	int64_t start_us;

	if (index >= session->plan.n_segments) {
		session_enter(session, now_us, SESSION_PARKING);
		return;
	}
	session->segment = index;
	session_layers_reset(session);
	start_us = earliest_us(session, now_us, segment);
	if (start_us > now_us) {
		session_remaining_reset(session);
		rest(session, now_us, index, start_us);
		return;
	}
	session->segment_us = now_us;
	session->boost = session->boost_next;
	session->boost_next = 1;
	session_enter(session, now_us, first_phase(segment));
}

void session_finish(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	uint16_t next = session->segment + 1;
	bool skipped = session->skipping;

	session->skipping = false;
	if (!skipped)
		session_emit(session, (struct session_event){ .type = SESSION_EVENT_STEP_DONE });
	if (next < session->plan.n_segments && segment->rest_s > 0 && !skipped)
		rest(session, now_us, next, now_us + (int64_t)(segment->rest_s * US_PER_S));
	else
		session_begin(session, now_us, next);
}

static void run_rest(struct session *session, int64_t now_us)
{
	if (session->next_segment > session->segment) // not before its own segment
		session_layers_rest(session, now_us,
			(double)(session->rest_until_us - now_us) / US_PER_S);
	if (now_us >= session->rest_until_us)
		session_begin(session, now_us, session->next_segment);
}

static void run_timed_pause(struct session *session, int64_t now_us)
{
	double hold_s = session_segment(session)->hold_s;

	if (session->skipping || now_us - session->phase_us >= (int64_t)(hold_s * US_PER_S))
		session_finish(session, now_us);
}

static void run_parking(struct session *session, int64_t now_us)
{
	if (session->stage == STAGE_CLEAR && session_all_released(session))
		session_stage(session, now_us, STAGE_TRAVEL);
	else if (session->stage == STAGE_TRAVEL && session_all_parked(session))
		session_complete(session, now_us);
	else
		session_abort_if_stuck(session, now_us, session_travel_max_us(session));
}

static void run_pausing(struct session *session, int64_t now_us)
{
	if (session_answered(session) && session->report.mode == GUARD_READY) {
		session_enter(session, now_us, SESSION_PAUSED);
		session_emit(session, (struct session_event){ .type = SESSION_EVENT_PAUSED });
	} else if (!session_abort_if_stuck(session, now_us, RELEASE_MAX_US)) {
		session_request_again(session, now_us, REQUEST_RELEASE);
	}
}

void session_run_phase(struct session *session, int64_t now_us)
{
	static void (*const run[SESSION_PHASE_COUNT])(struct session *, int64_t) = {
		[SESSION_ARMING] = run_arming,
		[SESSION_HOMING] = run_homing,
		[SESSION_REST] = run_rest,
		[SESSION_TIMED_PAUSE] = run_timed_pause,
		[SESSION_PARKING] = run_parking,
		[SESSION_PAUSING] = run_pausing,
	};

	if (run[session->phase])
		run[session->phase](session, now_us);
	else
		session_run_technique(session, now_us);
}
