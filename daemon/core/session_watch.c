// SPDX-License-Identifier: MIT
//
// Ends of a session: guard, seat, leases, clocks. Every end requests a RELEASE first.
#include "core/session_private.h"

#define SUSPEND_US   (10 * US_PER_S)
#define ANSWER_US    (2 * US_PER_S) // READY -> ACTIVE after the first setpoint
#define PAUSE_MAX_US (600 * US_PER_S)

void session_release(struct session *session, int64_t now_us)
{
	session_request(session, REQUEST_RELEASE);
	session_enter(session, now_us, SESSION_RELEASING);
}

void session_abort(struct session *session, int64_t now_us, enum session_cause cause)
{
	session->cause = cause;
	if (session->purpose != PURPOSE_JOG)
		session_emit(session,
			(struct session_event){
				.type = SESSION_EVENT_ABORTED,
				.cause = cause,
				.reason = session->have_report ? session->report.reason
							       : REASON_NONE,
			});
	session_release(session, now_us);
}

void session_complete(struct session *session, int64_t now_us)
{
	session_emit(session,
		(struct session_event){
			.type = session->purpose == PURPOSE_HOME ? SESSION_EVENT_HOMED
								 : SESSION_EVENT_COMPLETED,
		});
	session_release(session, now_us);
}

void session_suspended(struct session *session, int64_t now_us)
{
	switch (session->phase) {
	case SESSION_IDLE:
	case SESSION_RELEASING:
	case SESSION_FAULT:
		break;
	default:
		session_abort(session, now_us, CAUSE_SUSPEND);
		break;
	}
}

// A trip, or the release that comes before it.
static bool guard_tripped(const struct session *session)
{
	return session->report.mode == GUARD_TRIPPED ||
		(session->report.mode == GUARD_RELEASING &&
			guard_reason_is_trip(session->report.reason));
}

static void enter_fault(struct session *session, int64_t now_us)
{
	if (session->phase != SESSION_IDLE && session->phase != SESSION_RELEASING)
		session_abort(session, now_us, CAUSE_GUARD);
	session_emit(session,
		(struct session_event){
			.type = SESSION_EVENT_TRIPPED,
			.reason = session->report.reason,
		});
	session_enter(session, now_us, SESSION_FAULT);
	session->has_plan = false;
}

static void watch_fault(struct session *session, int64_t now_us)
{
	bool tripped = session->have_report && guard_tripped(session);

	if (session->phase == SESSION_FAULT && session->have_report && !tripped) {
		session_emit(session, (struct session_event){ .type = SESSION_EVENT_RESET });
		session_enter(session, now_us, SESSION_IDLE);
	} else if (session->phase != SESSION_FAULT && tripped) {
		enter_fault(session, now_us);
	}
}

bool session_stop_held(const struct session *session)
{
	return session->have_report && session->report.buttons & session->stop_buttons;
}

// In motion the guard must stay ACTIVE once it was, and its reports must keep coming.
static enum session_cause watch_guard(struct session *session, int64_t now_us)
{
	const struct wire_report *report = &session->report;
	int64_t last_us = session->report_us;

	if (!session->link_up || session->other_chair)
		return CAUSE_GUARD_LOST;
	if (!session_moves(session->phase))
		return CAUSE_NONE;
	if (now_us - session->step_us > SUSPEND_US)
		return CAUSE_SUSPEND;
	if (last_us < session->motion_us)
		last_us = session->motion_us;
	if (now_us - last_us > REPORT_FRESH_US)
		return CAUSE_GUARD_LOST;
	if (!session->have_report)
		return CAUSE_NONE;
	if (report->mode == GUARD_ACTIVE) {
		session->active = true;
		return CAUSE_NONE;
	}
	if (report->reason == REASON_SUSPEND)
		return CAUSE_SUSPEND;
	if (report->reason == REASON_STOP_BUTTON)
		return CAUSE_STOP;
	if (session->active || report->mode != GUARD_READY)
		return report->reason == REASON_SEAT || (session->has_plan && !report->occupied)
			? CAUSE_SEAT
			: CAUSE_GUARD;
	return now_us - session->motion_us > ANSWER_US ? CAUSE_STUCK : CAUSE_NONE;
}

static int64_t deadline_us(const struct session *session)
{
	if (session->phase == SESSION_PAUSED)
		return session->phase_us + PAUSE_MAX_US;
	return session->start_us + session->paused_us + session->plan.max_s * US_PER_S;
}

static enum session_cause watch_session(const struct session *session, int64_t now_us)
{
	if (session->purpose == PURPOSE_JOG)
		return CAUSE_NONE; // its heartbeat ends it
	if (session->broker_lost && !session->leased)
		return CAUSE_BROKER;
	if (!session->has_plan)
		return CAUSE_NONE;
	if (session->have_report && !session->report.occupied)
		return CAUSE_SEAT;
	if (session->leased && session->lapsed)
		return CAUSE_LEASE;
	return now_us >= deadline_us(session) ? CAUSE_TIME : CAUSE_NONE;
}

// RELEASING: only its own end is watched.
static void watch_releasing(struct session *session, int64_t now_us)
{
	bool done = session_answered(session) &&
		(session->report.mode == GUARD_READY || session->report.mode == GUARD_OFF);
	bool over = now_us - session->phase_us > RELEASE_MAX_US;

	// The RELEASE is sent first, even if the guard may be gone.
	if (done || (!session->request && (!session->link_up || over)))
		session_enter(session, now_us, SESSION_IDLE);
	else
		session_request_again(session, now_us, REQUEST_RELEASE);
}

void session_watch(struct session *session, int64_t now_us)
{
	enum session_cause cause;

	watch_fault(session, now_us);
	switch (session->phase) {
	case SESSION_IDLE:
	case SESSION_FAULT:
		return;
	case SESSION_RELEASING:
		watch_releasing(session, now_us);
		return;
	default:
		break;
	}
	cause = session_stop_held(session) ? CAUSE_STOP : watch_guard(session, now_us);
	if (cause == CAUSE_NONE)
		cause = watch_session(session, now_us);
	if (cause == CAUSE_NONE && session->purpose == PURPOSE_JOG && session->lapsed)
		session_release(session, now_us);
	else if (cause == CAUSE_SEAT && session->phase == SESSION_PARKING)
		session_complete(session, now_us); // all is done: the person may get up
	else if (cause != CAUSE_NONE)
		session_abort(session, now_us, cause);
}

// The next time at which a condition here may become true without an input.
int64_t session_watch_next_us(const struct session *session)
{
	int64_t next_us = TIME_NEVER;

	switch (session->phase) {
	case SESSION_IDLE:
	case SESSION_FAULT:
		return TIME_NEVER;
	case SESSION_RELEASING:
		return session->link_up ? session->request_us + REQUEST_AGAIN_US : session->step_us;
	case SESSION_PAUSING:
	case SESSION_ARMING:
		next_us = session->request_us + REQUEST_AGAIN_US;
		break;
	default:
		break;
	}
	return session->has_plan ? min_i64(next_us, deadline_us(session)) : next_us;
}
