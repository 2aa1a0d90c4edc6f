// SPDX-License-Identifier: MIT
#include "core/session_private.h"

#include <math.h>

static double seconds_since(int64_t now_us, int64_t then_us)
{
	return max_double((double)(now_us - then_us) / US_PER_S, 0);
}

// The plan's estimate for the current segment and all that follow.
static double segments_left_s(const struct session *session)
{
	const struct plan *plan = &session->plan;
	double left_s = plan->estimate_s - plan->homing_s;

	for (size_t i = 0; i < plan->n_segments && i < session->segment; i++)
		left_s -= plan->segments[i].estimate_s;
	return left_s;
}

// Estimate of the remaining time: the plan's, and for the current segment by the clock. A phase
// never ends below the value with which the next one begins.
static double estimate_s(const struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	double left_s = segments_left_s(session), after_s = left_s - segment->estimate_s;
	double phase_s = seconds_since(now_us, session->phase_us);
	double held_s = after_s + segment->hold_s + segment->rest_s;
	double next_s = session->next_segment > session->segment ? after_s : left_s;

	switch (session->phase) {
	case SESSION_ARMING:
		return next_s + (session->paused_us ? 0 : session->plan.homing_s);
	case SESSION_HOMING:
		return next_s +
			(session->paused_us ? 0 : fmax(session->plan.homing_s - phase_s, 0));
	case SESSION_APPROACH:
	case SESSION_PRESS:
	case SESSION_STROKE:
	case SESSION_KNEAD:
	case SESSION_TAP:
	case SESSION_TIMED_PAUSE:
	case SESSION_POSTURE:
		left_s -= seconds_since(now_us, session->segment_us);
		return max_double(left_s, segment->technique == TECHNIQUE_HOLD ? held_s : after_s);
	case SESSION_HOLD:
		return held_s - min_double(phase_s, segment->hold_s);
	case SESSION_RELEASE:
		return after_s + segment->rest_s;
	case SESSION_REST:
		return next_s + seconds_since(session->rest_until_us, now_us);
	case SESSION_PARKING:
		return fmax(after_s - phase_s, 0);
	case SESSION_PAUSING:
	case SESSION_PAUSED:
		return next_s;
	default:
		return 0;
	}
}

static double remaining_s(const struct session *session, int64_t now_us)
{
	return min_double(estimate_s(session, now_us), session->remaining_most_s);
}

void session_remaining_update(struct session *session, int64_t now_us)
{
	if (session->has_plan)
		session->remaining_most_s = remaining_s(session, now_us);
}

void session_remaining_reset(struct session *session)
{
	session->remaining_most_s = INFINITY;
}

static double phase_total_s(const struct session *session)
{
	switch (session->phase) {
	case SESSION_HOLD:
	case SESSION_KNEAD:
	case SESSION_TAP:
	case SESSION_TIMED_PAUSE:
		return session_segment(session)->hold_s;
	case SESSION_REST:
		return (double)(session->rest_until_us - session->phase_us) / US_PER_S;
	default:
		return 0;
	}
}

static void fill_segment(const struct session *session, struct session_status *status)
{
	const struct segment *segment = session_segment(session);

	status->has_plan = true;
	status->segment = session->segment;
	status->n_segments = (uint16_t)session->plan.n_segments;
	status->points[0] = segment->points[0];
	status->points[1] = segment->points[1];
	status->leased = session->leased;
	status->target_unit = segment->target.unit;
	status->eased = session->phase == SESSION_HOLD && !isnan(session->eased_s);
	status->ease = session->ease;
	status->breath = session->breath;
	switch (session->phase) {
	case SESSION_APPROACH:
	case SESSION_PRESS:
	case SESSION_HOLD:
	case SESSION_STROKE:
	case SESSION_KNEAD:
	case SESSION_TAP:
		status->target = session_target(session);
		break;
	default:
		break;
	}
}

void session_state(const struct session *session, struct session_status *ret)
{
	const struct wire_report *report = session_report(session);

	*ret = (struct session_status){
		.phase = session->phase,
		.cause = session->cause,
		.culprit = -1,
		.guard_connected = session->link_up,
		.points = { -1, -1 },
		.intensity_percent = session->intensity_percent,
		.ease = 1,
	};
	if (session->phase == SESSION_FAULT) {
		ret->fault = session->report.reason;
		ret->culprit = session->report.culprit;
	}
	if (session->other_chair)
		ret->fault = REASON_OTHER_CHAIR;
	if (report) {
		ret->inputs_known = !report->inputs_unknown;
		ret->estop_good = report->estop_good;
		ret->occupied = report->occupied;
		ret->homed = true;
		for (size_t i = 0; i < session->chair->n_actuators; i++) {
			enum actuator_kind kind = session->chair->actuators[i].kind;
			uint32_t flags = report->actuator[i].flags;

			if (kind == ACTUATOR_TRAVEL && !(flags & ACTUATOR_HOMED))
				ret->homed = false;
			if (actuator_presses(kind) && !(flags & ACTUATOR_RELEASED))
				ret->pressed |= UINT32_C(1) << i;
		}
	}
	if (session->has_plan)
		fill_segment(session, ret);
}

void session_status(const struct session *session, int64_t now_us, struct session_status *ret)
{
	session_state(session, ret);
	ret->phase_s = seconds_since(now_us, session->phase_us);
	ret->phase_total_s = phase_total_s(session);
	if (session->has_plan)
		ret->remaining_s = remaining_s(session, now_us);
}
