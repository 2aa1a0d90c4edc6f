// SPDX-License-Identifier: MIT
#include "core/session_private.h"

#include <math.h>
#include <string.h>

#include "core/fingerprint.h"

#define RENEW_US  (50 * US_PER_MS) // a fifth of the lease
#define CHANGE_US (5 * US_PER_MS)  // shortest interval of setpoints

size_t session_size(void)
{
	return sizeof(struct session);
}

struct session *session_init(void *memory, const struct chair *chair)
{
	struct session *session = memory;

	memset(session, 0, sizeof(*session));
	session->chair = chair;
	session->fingerprint = chair_fingerprint(chair);
	session->stop_buttons = chair_buttons(chair, BUTTON_STOP);
	session->intensity_percent = 100;
	session->limit.at_mm = NAN;
	session->ease = session->boost = session->boost_next = 1;
	session->eased_s = NAN;
	session_state(session, &session->last_published);
	return session;
}

const struct plan *session_plan(const struct session *session)
{
	return session->has_plan ? &session->plan : NULL;
}

const struct wire_report *session_report(const struct session *session)
{
	return session->have_report ? &session->report : NULL;
}

void session_emit(struct session *session, struct session_event event)
{
	event.segment = session->segment;
	if (session->n_events < SESSION_EVENTS_MAX)
		session->events[session->n_events++] = event;
}

void session_request(struct session *session, unsigned frames)
{
	session->request |= frames | REQUEST_QUERY;
}

void session_request_again(struct session *session, int64_t now_us, unsigned frames)
{
	if (!session->request && now_us - session->request_us >= REQUEST_AGAIN_US)
		session_request(session, frames);
}

// Whether the last report is later than this frame; sequence numbers wrap.
static bool report_answers(const struct session *session, uint32_t seq)
{
	return session->have_report && (int32_t)(session->report.header.seq - seq) >= 0;
}

bool session_answered(const struct session *session)
{
	return !session->request && report_answers(session, session->request_seq);
}

bool session_stage_answered(const struct session *session)
{
	return session->stage_sent && report_answers(session, session->stage_seq);
}

void session_guard_link(struct session *session, int64_t now_us, bool up)
{
	session->link_up = up;
	session->have_report = session->other_chair = false;
	if (up)
		session_request(session, REQUEST_QUERY);
	session_watch(session, now_us);
}

static struct zone present_zone(const struct session *session, const struct actuator *actuator)
{
	const struct wire_actuator_state *carriage;

	if (!actuator_rides(actuator))
		return ZONE_EVERYWHERE;
	carriage = session_state_of(session, actuator->carriage);
	return zone_near_mm(carriage->flags & ACTUATOR_HOMED ? carriage->position_um / 1000.0 : NAN,
		carriage->error_um / 1000.0);
}

// Presses and cells count until they are proven released, all others while they are driven.
static bool is_under_drive(const struct session *session, size_t actuator)
{
	const struct wire_actuator_state *state = &session->report.actuator[actuator];

	if (actuator_presses(session->chair->actuators[actuator].kind))
		return !(state->flags & ACTUATOR_RELEASED);
	if (actuator_is_posture(session->chair->actuators[actuator].kind))
		return state->drive_permille != 0;
	return state->drive_permille > 0;
}

// The same account as the guard's, from its reports.
static void record_pressing(struct session *session, int64_t now_us)
{
	for (size_t i = 0; i < session->chair->n_actuators; i++) {
		const struct actuator *actuator = &session->chair->actuators[i];
		bool under_drive = is_under_drive(session, i);
		struct zone zone;

		if (!under_drive && !actuator_rides(actuator))
			continue;
		zone = present_zone(session, actuator);
		if (under_drive)
			pacing_note(&session->pacing[i],
				session->have_report ? session->report_us : now_us, now_us, zone);
		if (isinf(zone.from_mm))
			pacing_forget_zones(&session->pacing[i]);
	}
}

void session_guard_report(struct session *session, int64_t now_us, const struct wire_report *report)
{
	session->other_chair = report->chair != session->fingerprint ||
		report->n != session->chair->n_actuators;
	if (session->other_chair) {
		session->have_report = false;
		session_watch(session, now_us);
		return;
	}
	memcpy(&session->report, report, offsetof(struct wire_report, actuator[report->n]));
	record_pressing(session, now_us);
	session->report_us = now_us;
	session->have_report = session->fresh = true;
	session_watch(session, now_us);
}

void session_broker_lost(struct session *session, bool lost)
{
	session->broker_lost = lost;
}

void session_client_lapsed(struct session *session)
{
	session->lapsed = true;
}

static union wire_frame *add_frame(struct session *session, struct session_output *output,
	enum wire_type type, size_t length)
{
	union wire_frame *frame = &output->frames[output->n_frames++];

	memset(frame, 0, length);
	wire_header_init(&frame->header, type, (uint32_t)length, ++session->seq);
	return frame;
}

static void send_request(struct session *session, int64_t now_us, enum wire_type type,
	struct session_output *output)
{
	size_t length = type == WIRE_ARM ? sizeof(struct wire_arm) : sizeof(struct wire_bare);
	union wire_frame *frame = add_frame(session, output, type, length);

	if (type == WIRE_ARM)
		frame->arm.chair = session->fingerprint;
	session->request_seq = session->seq;
	session->request_us = now_us;
}

// A release is sent first. A set point follows, and the QUERY is last: the guard moves first.
static void send_requests(struct session *session, int64_t now_us, struct session_output *output)
{
	if (session->request & REQUEST_RELEASE)
		send_request(session, now_us, WIRE_RELEASE, output);
	if (session->request & REQUEST_RESET)
		send_request(session, now_us, WIRE_RESET, output);
	if (session->request & REQUEST_ARM)
		send_request(session, now_us, WIRE_ARM, output);
}

// Send the setpoint if it has changed or its lease must be renewed.
static void send_setpoint(struct session *session, int64_t now_us, struct session_output *output)
{
	size_t n = session->chair->n_actuators;
	bool changed = !session->stage_sent ||
		memcmp(session->demand, session->sent, n * sizeof(session->demand[0]));
	int64_t since_us = now_us - session->sent_us;
	struct wire_setpoint *frame;

	if (since_us < RENEW_US && (!changed || (session->stage_sent && since_us < CHANGE_US)))
		return;
	frame = &add_frame(session, output, WIRE_SETPOINT, sizeof(*frame))->setpoint;
	frame->lease_ms = LEASE_HARD_MAX_MS;
	frame->n = (uint32_t)n;
	memcpy(frame->demand, session->demand, n * sizeof(frame->demand[0]));
	memcpy(session->sent, session->demand, n * sizeof(session->sent[0]));
	session->sent_us = now_us;
	if (!session->stage_sent) {
		session->stage_sent = true;
		session->stage_seq = session->seq;
	}
}

// Whether they differ, except in times.
static bool state_differs(const struct session_status *a, const struct session_status *b)
{
	return a->phase != b->phase || a->cause != b->cause || a->fault != b->fault ||
		a->culprit != b->culprit || a->guard_connected != b->guard_connected ||
		a->inputs_known != b->inputs_known || a->occupied != b->occupied ||
		a->estop_good != b->estop_good || a->homed != b->homed ||
		a->pressed != b->pressed || a->has_plan != b->has_plan ||
		a->segment != b->segment || a->n_segments != b->n_segments ||
		a->points[0] != b->points[0] || a->points[1] != b->points[1] ||
		a->intensity_percent != b->intensity_percent || a->target != b->target ||
		a->target_unit != b->target_unit || a->leased != b->leased || a->ease != b->ease ||
		a->eased != b->eased;
}

static void hand_over_events(struct session *session, struct session_output *output)
{
	memcpy(output->events, session->events, session->n_events * sizeof(session->events[0]));
	output->n_events = session->n_events;
	session->n_events = 0;
	memcpy(output->transitions, session->transitions,
		session->n_transitions * sizeof(session->transitions[0]));
	output->n_transitions = session->n_transitions;
	session->n_transitions = 0;
}

void session_step(struct session *session, int64_t now_us, struct session_output *ret)
{
	struct session_status state;
	bool arms;

	ret->n_frames = 0;
	session_watch(session, now_us);
	session_run_phase(session, now_us);
	session->step_us = now_us;
	session->fresh = false;
	session_remaining_update(session, now_us);

	arms = session->request & REQUEST_ARM;
	send_requests(session, now_us, ret);
	if (session_moves(session->phase) || arms) {
		session_motion(session);
		send_setpoint(session, now_us, ret);
	}
	if (session->request & REQUEST_QUERY)
		send_request(session, now_us, WIRE_QUERY, ret);
	session->request = 0;

	hand_over_events(session, ret);

	session_state(session, &state);
	ret->changed = state_differs(&state, &session->last_published);
	if (ret->changed)
		session->last_published = state;

	ret->phase = session->phase;
	ret->next_us = session_watch_next_us(session);
	if (session_moves(session->phase))
		ret->next_us = min_i64(ret->next_us, session->sent_us + RENEW_US);
	if (ret->next_us <= now_us) // never spin
		ret->next_us = now_us + US_PER_MS;
}
