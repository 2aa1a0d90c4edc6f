// SPDX-License-Identifier: MIT
#include "core/session.h"

static const char *const phase_names[SESSION_PHASE_COUNT] = {
	[SESSION_IDLE] = "idle",
	[SESSION_ARMING] = "arming",
	[SESSION_HOMING] = "homing",
	[SESSION_APPROACH] = "approach",
	[SESSION_PRESS] = "press",
	[SESSION_HOLD] = "hold",
	[SESSION_RELEASE] = "release",
	[SESSION_REST] = "rest",
	[SESSION_STROKE] = "stroke",
	[SESSION_KNEAD] = "knead",
	[SESSION_TAP] = "tap",
	[SESSION_TIMED_PAUSE] = "break",
	[SESSION_POSTURE] = "posture",
	[SESSION_PARKING] = "parking",
	[SESSION_PAUSING] = "pausing",
	[SESSION_PAUSED] = "paused",
	[SESSION_RELEASING] = "releasing",
	[SESSION_JOG] = "jog",
	[SESSION_FAULT] = "fault",
};

static const char *const event_names[SESSION_EVENT_TYPE_COUNT] = {
	[SESSION_EVENT_STARTED] = "started",
	[SESSION_EVENT_HOLD_REACHED] = "hold_reached",
	[SESSION_EVENT_HOLD_DONE] = "hold_done",
	[SESSION_EVENT_STEP_DONE] = "step_done",
	[SESSION_EVENT_PAUSED] = "paused",
	[SESSION_EVENT_RESUMED] = "resumed",
	[SESSION_EVENT_COMPLETED] = "completed",
	[SESSION_EVENT_ABORTED] = "aborted",
	[SESSION_EVENT_TRIPPED] = "tripped",
	[SESSION_EVENT_RESET] = "reset",
	[SESSION_EVENT_HOMED] = "homed",
};

static const struct {
	const char *name, *text;
} causes[CAUSE_COUNT] = {
	[CAUSE_NONE] = { "none", "nothing ended it" },
	[CAUSE_STOP] = { "stop", "it was stopped" },
	[CAUSE_SEAT] = { "seat", "nobody sits in the chair any more" },
	[CAUSE_LEASE] = { "lease", "its lease was not renewed" },
	[CAUSE_BROKER] = { "broker", "the broker was lost for too long" },
	[CAUSE_GUARD_LOST] = { "guard_lost", "the guard disconnected or sent no reports" },
	[CAUSE_GUARD] = { "guard", "the guard released by itself" },
	[CAUSE_TIME] = { "time", "the session reached its longest time" },
	[CAUSE_STUCK] = { "stuck", "a movement did not end in its time" },
	[CAUSE_SUSPEND] = { "suspend", "the computer was suspended" },
};

const char *session_phase_name(enum session_phase phase)
{
	return phase_names[phase];
}

const char *session_event_name(enum session_event_type type)
{
	return event_names[type];
}

const char *session_cause_name(enum session_cause cause)
{
	return causes[cause].name;
}

const char *session_cause_text(enum session_cause cause)
{
	return causes[cause].text;
}
