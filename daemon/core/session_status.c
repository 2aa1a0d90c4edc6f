// SPDX-License-Identifier: MIT
#include "core/session_private.h"

#include <math.h>

// What is left of the segments by the plan's estimates, and of the one under way by the clock.
static double remaining_s(const struct session *session, int64_t now_us)
{
	const struct plan *plan = &session->plan;
	double elapsed_s = (double)(now_us - session->phase_us) / US_PER_S;
	double left_s = plan->estimate_s;
	size_t next = session->segment + 1u;

	for (size_t i = 0; i < plan->n_segments && i < session->segment; i++)
		left_s -= plan->segments[i].estimate_s;
	if (session->segment >= plan->n_segments)
		return 0;

	const struct segment *segment = session_segment(session);
	double after_s = left_s - segment->estimate_s;

	switch (session->phase) {
	case SESSION_HOLD:
		left_s = after_s + segment->hold_s + segment->rest_s;
		break;
	case SESSION_RELEASE:
		left_s = after_s + segment->rest_s;
		break;
	case SESSION_REST:
		elapsed_s = 0;
		left_s = (double)(session->rest_until_us - now_us) / US_PER_S +
			(session->next_segment == next ? after_s : left_s);
		break;
	case SESSION_PARKING:
		left_s = after_s;
		break;
	case SESSION_ARMING:
	case SESSION_PAUSING:
	case SESSION_PAUSED:
		elapsed_s = 0;
		break;
	default:
		break;
	}
	return fmax(left_s - elapsed_s, 0);
}

static double phase_total_s(const struct session *session)
{
	switch (session->phase) {
	case SESSION_HOLD:
	case SESSION_KNEAD:
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
	switch (session->phase) {
	case SESSION_APPROACH:
	case SESSION_PRESS:
	case SESSION_HOLD:
	case SESSION_STROKE:
	case SESSION_KNEAD:
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
	ret->phase_s = fmax((double)(now_us - session->phase_us) / US_PER_S, 0);
	ret->phase_total_s = phase_total_s(session);
	if (session->has_plan)
		ret->remaining_s = remaining_s(session, now_us);
}
