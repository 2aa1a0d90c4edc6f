// SPDX-License-Identifier: MIT
#include "control/journal.h"

#include <stdio.h>

#include "service/log.h"
#include "service/notify.h"

#define FIELD_SIZE 128

// Journal fields with the position in the session.
struct place {
	char phase[FIELD_SIZE], profile[FIELD_SIZE], step[FIELD_SIZE], point[FIELD_SIZE];
};

static void place_fill(struct place *place, const struct status_view *view, unsigned segment)
{
	snprintf(place->phase, FIELD_SIZE, "CHAIRD_PHASE=%s",
		session_phase_name(view->status.phase));
	snprintf(place->profile, FIELD_SIZE, "CHAIRD_PROFILE=%s",
		view->plan ? view->plan->profile : "");
	snprintf(place->step, FIELD_SIZE, "CHAIRD_STEP=%u", view->plan ? segment + 1 : 0);
	snprintf(place->point, FIELD_SIZE, "CHAIRD_POINT=%s", status_point(view));
}

void journal_phase(const struct status_view *view)
{
	const struct session_status *status = &view->status;
	const char *point = status_point(view), *phase = session_phase_name(status->phase);
	char text[FIELD_SIZE];
	struct place place;

	place_fill(&place, view, status->segment);
	if (view->plan && status->phase != SESSION_IDLE)
		snprintf(text, sizeof(text), "%s %d/%d%s%s", phase, status->segment + 1,
			status->n_segments, *point ? " " : "", point);
	else
		snprintf(text, sizeof(text), "%s", phase);
	log_fields(LOG_INFO, text,
		(const char *const[]){ place.phase, place.profile, place.step, place.point, NULL });
	notify_status("%s", text);
}

static int event_level(enum session_event_type type)
{
	switch (type) {
	case SESSION_EVENT_TRIPPED:
		return LOG_ERR;
	case SESSION_EVENT_ABORTED:
		return LOG_WARNING;
	default:
		return LOG_INFO;
	}
}

static void event_text(char *text, size_t size, const struct session_event *event)
{
	const char *name = session_event_name(event->type);
	const struct hold_result *hold = &event->hold;
	const char *unit = hold->unit == TARGET_NEWTON ? "N" : "per mille";

	if (event->type == SESSION_EVENT_HOLD_DONE)
		snprintf(text, size, "%s: target %.1f, mean %.1f, least %.1f %s, %.0f s", name,
			hold->target, hold->mean, hold->minimum, unit, hold->seconds);
	else if (event->cause == CAUSE_GUARD && event->reason != REASON_NONE)
		snprintf(text, size, "%s: %s: %s", name, session_cause_text(event->cause),
			guard_reason_text(event->reason));
	else if (event->cause != CAUSE_NONE)
		snprintf(text, size, "%s: %s", name, session_cause_text(event->cause));
	else if (event->reason != REASON_NONE)
		snprintf(text, size, "%s: %s", name, guard_reason_text(event->reason));
	else
		snprintf(text, size, "%s", name);
}

void journal_event(const struct status_view *view, const struct session_event *event)
{
	char text[2 * FIELD_SIZE], type[FIELD_SIZE], cause[FIELD_SIZE], reason[FIELD_SIZE];
	struct place place;

	place_fill(&place, view, event->segment);
	event_text(text, sizeof(text), event);
	snprintf(type, sizeof(type), "CHAIRD_EVENT=%s", session_event_name(event->type));
	snprintf(cause, sizeof(cause), "CHAIRD_CAUSE=%s", session_cause_name(event->cause));
	snprintf(reason, sizeof(reason), "CHAIRD_REASON=%s", guard_reason_name(event->reason));
	log_fields(event_level(event->type), text,
		(const char *const[]){ place.phase, place.profile, place.step, place.point, type,
			cause, reason, NULL });
}
