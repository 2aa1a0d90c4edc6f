// SPDX-License-Identifier: MIT
//
// The phases' transition table, and the only function that changes the phase.
#include "core/session_private.h"

#define FROM(phase) (UINT32_C(1) << SESSION_##phase)

// A segment, or the rest after one, is under way.
#define AT_SEGMENT \
	(FROM(APPROACH) | FROM(PRESS) | FROM(HOLD) | FROM(RELEASE) | FROM(REST) | FROM(STROKE) | \
		FROM(KNEAD) | FROM(TAP) | FROM(TIMED_PAUSE) | FROM(POSTURE))
// Something is under way that can be ended.
#define RUNNING \
	(AT_SEGMENT | FROM(ARMING) | FROM(HOMING) | FROM(PARKING) | FROM(PAUSING) | FROM(PAUSED) | \
		FROM(JOG))
// A segment may end here or, in an approach without contact, be skipped.
#define BEFORE_SEGMENT \
	(FROM(HOMING) | FROM(APPROACH) | FROM(RELEASE) | FROM(KNEAD) | FROM(TAP) | \
		FROM(TIMED_PAUSE) | FROM(POSTURE))

static const struct {
	uint32_t from; // set of phases
	enum session_phase to;
	const char *reason;
} transitions[] = {
	{ FROM(IDLE), SESSION_ARMING, "START, HOME or JOG" },
	{ FROM(PAUSED), SESSION_ARMING, "RESUME" },
	{ FROM(ARMING), SESSION_HOMING, "the guard is armed" },
	{ FROM(ARMING), SESSION_JOG, "the guard is armed" },

	{ BEFORE_SEGMENT | FROM(REST), SESSION_APPROACH, "the next segment begins" },
	{ BEFORE_SEGMENT | FROM(REST), SESSION_TIMED_PAUSE, "the next segment is a pause" },
	{ BEFORE_SEGMENT | FROM(REST), SESSION_POSTURE, "the next segment is a posture" },
	{ BEFORE_SEGMENT | FROM(REST), SESSION_REST, "a rest comes first" },
	{ BEFORE_SEGMENT, SESSION_PARKING, "no segment is left" },

	{ FROM(APPROACH), SESSION_PRESS, "the press touches" },
	{ FROM(APPROACH), SESSION_KNEAD, "the carriage is in place" },
	{ FROM(APPROACH), SESSION_TAP, "the carriage is in place" },
	{ FROM(APPROACH), SESSION_STROKE, "the carriage is in place, to roll" },
	{ FROM(PRESS), SESSION_HOLD, "the ramp is over" },
	{ FROM(PRESS), SESSION_STROKE, "the ramp is over" },
	{ FROM(STROKE), SESSION_STROKE, "the next leg begins" },
	{ FROM(APPROACH) | FROM(PRESS) | FROM(HOLD) | FROM(STROKE), SESSION_RELEASE,
		"the segment is over, or SKIP" },

	{ AT_SEGMENT, SESSION_PAUSING, "PAUSE" },
	{ FROM(PAUSING), SESSION_PAUSED, "everything is released" },
	{ RUNNING, SESSION_RELEASING, "the session is over: completed, STOP or session_watch()" },
	{ FROM(RELEASING), SESSION_IDLE, "everything is released, or the time for it is over" },
	{ FROM(IDLE) | FROM(RELEASING), SESSION_FAULT, "the guard tripped" },
	{ FROM(FAULT), SESSION_IDLE, "the guard was reset" },
};

const char *session_transition_reason(enum session_phase from, enum session_phase to)
{
	for (size_t i = 0; i < sizeof(transitions) / sizeof(transitions[0]); i++) {
		if (transitions[i].from >> from & 1 && transitions[i].to == to)
			return transitions[i].reason;
	}
	return NULL;
}

static bool is_in(enum session_phase phase, uint32_t phases)
{
	return phases >> phase & 1;
}

bool session_at_segment(enum session_phase phase)
{
	return is_in(phase, AT_SEGMENT);
}

bool session_moves(enum session_phase phase)
{
	// Rests and timed pauses hold the lease as well: the guard stays ACTIVE, so seat, E-stop
	// and the life of both programs are watched as closely as in a press.
	return is_in(phase, AT_SEGMENT | FROM(HOMING) | FROM(PARKING) | FROM(JOG));
}

void session_stage(struct session *session, int64_t now_us, enum stage stage)
{
	session->stage = stage;
	session->stage_us = now_us;
	session->stage_sent = false;
}

// A transition that the table does not have is recorded but not prevented: it may be a release.
void session_enter(struct session *session, int64_t now_us, enum session_phase phase)
{
	if (session->n_transitions < SESSION_TRANSITIONS_MAX)
		session->transitions[session->n_transitions++] =
			(struct session_transition){ session->phase, phase };
	if (session_moves(phase) && !session_moves(session->phase)) {
		session->active = false;
		session->motion_us = session->step_us = now_us;
	}
	session->phase = phase;
	session->phase_us = now_us;
	session->skipping = session->skipping && phase == SESSION_RELEASE;
	session_stage(session, now_us, STAGE_CLEAR);
	if (phase == SESSION_IDLE)
		session->has_plan = false;
}
