// SPDX-License-Identifier: MIT
#include "control/status.h"

#include <math.h>
#include <string.h>

#include "control/pressed.h"
#include "core/timed.h"

// A number rounded to `digit` (0.1, say), or null if it is not known.
static json_t *number(double value, double digit)
{
	return isfinite(value) ? json_real(round(value / digit) * digit) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

static const char *unit_name(enum target_unit unit)
{
	return unit == TARGET_NEWTON ? "N" : "permille";
}

// Array of the names of points; entries of -1 are left out.
static json_t *point_names(const struct atlas *atlas, const int16_t *points, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++) {
		if (points[i] >= 0 && (size_t)points[i] < atlas->n_points)
			json_array_append_new(list, json_string(atlas->points[points[i]].name));
	}
	return list;
}

json_t *status_unreachable(const struct atlas *atlas, const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->n_unreachable; i++)
		json_array_append_new(list, json_string(atlas->points[plan->unreachable[i]].name));
	return list;
}

// Plan of a running session, or NULL.
static const struct plan *running_plan(const struct status_view *view)
{
	return view->status.has_plan && view->status.phase != SESSION_IDLE ? view->plan : NULL;
}

const char *status_point(const struct status_view *view)
{
	int16_t point = view->status.points[0];

	if (!running_plan(view) || point < 0 || (size_t)point >= view->library->atlas.n_points)
		return "";
	return view->library->atlas.points[point].name;
}

// Name of the pathway of a segment's step, or NULL.
static const char *segment_pathway(const struct status_view *view, const struct segment *segment)
{
	const struct profile *profile = library_profile(view->library, view->plan->profile);

	if (profile && profile->hash != view->plan->profile_hash)
		return NULL; // another text of that name is tried
	if (!profile || segment->step >= profile->n_steps || !profile->steps[segment->step].pathway)
		return NULL;
	return profile->steps[segment->step].pathway->name;
}

const char *status_fault_text(const struct session_status *status)
{
	if (status->fault == REASON_ESTOP && status->inputs_known && status->estop_good)
		return "the emergency stop was opened; it is closed again and waits for a reset";
	return guard_reason_text(status->fault);
}

// Referral zone of the present point, or NULL.
static const char *refers_to(const struct status_view *view)
{
	int16_t point = view->status.points[0];

	return *status_point(view) ? view->library->atlas.points[point].refers_to : NULL;
}

// A value of the guard's inputs, or null if they are not known.
static json_t *reported(const struct status_view *view, bool value)
{
	return view->status.inputs_known ? json_boolean(value) : json_null();
}

static json_t *last_session(const struct last_session *last)
{
	if (!*last->profile)
		return json_null();
	return json_pack("{s:s, s:o, s:i, s:b}", "profile", last->profile, "minutes",
		number(last->minutes, 0.1), "holds", last->holds, "completed", last->completed);
}

static json_t *fault(const struct status_view *view)
{
	enum guard_reason reason = view->status.fault;
	int culprit = view->status.culprit;

	if (reason == REASON_NONE)
		return json_null();
	return json_pack("{s:s, s:s, s:o}", "code", guard_reason_name(reason), "text",
		status_fault_text(&view->status), "actuator",
		culprit >= 0 && (size_t)culprit < view->chair->n_actuators
			? json_string(view->chair->actuators[culprit].name)
			: json_null());
}

json_t *status_state(const struct status_view *view)
{
	const struct session_status *status = &view->status;
	const struct plan *plan = running_plan(view);
	const struct segment *segment = plan && status->segment < plan->n_segments
		? &plan->segments[status->segment]
		: NULL;

	return json_pack("{s:s, s:o, s:o, s:i, s:i, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:o, "
			 "s:o, s:b, s:o, s:o, s:s, s:o, s:b, s:o}",
		"phase", session_phase_name(status->phase), "profile",
		text_or_null(plan ? plan->profile : NULL), "pathway",
		text_or_null(segment ? segment_pathway(view, segment) : NULL), "step",
		segment ? status->segment + 1 : 0, "steps", plan ? (int)plan->n_segments : 0,
		"point", text_or_null(status_point(view)), "refers_to",
		text_or_null(refers_to(view)), "points",
		point_names(&view->library->atlas, status->points, plan ? 2 : 0), "actuator",
		segment && segment->actuator >= 0
			? json_string(view->chair->actuators[segment->actuator].name)
			: json_null(),
		"remaining_s", (json_int_t)llround(plan ? status->remaining_s : 0), "intensity",
		number(status->intensity_percent, 0.1), "occupied",
		reported(view, status->occupied), "homed", reported(view, status->homed), "pressed",
		pressed_list(view), "estop_good", reported(view, status->estop_good), "guard",
		status->guard_connected, "fault", fault(view), "cause",
		text_or_null(status->cause == CAUSE_NONE ? NULL
							 : session_cause_name(status->cause)),
		"boot_id", view->boot_id, "last", last_session(view->last), "eased", status->eased,
		"person", text_or_null(plan ? view->person : NULL));
}

static const char *session_word(enum session_phase phase)
{
	switch (phase) {
	case SESSION_IDLE:
	case SESSION_FAULT:
	case SESSION_RELEASING:
	case SESSION_JOG:
		return "idle";
	case SESSION_PAUSING:
	case SESSION_PAUSED:
		return "paused";
	default:
		return "running";
	}
}

static json_t *breath(const struct status_view *view)
{
	const struct breath *breath = &view->status.breath;
	double since_s = (double)(view->now_us - breath->origin_us) / US_PER_S;
	double cycle_s = breath->inhale_s + breath->exhale_s;

	if (!running_plan(view))
		return json_null();
	return json_pack("{s:o, s:I, s:f, s:f}", "origin_s",
		number(cycle_s > 0 ? 0 - fmod(since_s, cycle_s) : 0, 0.001), "t_ms",
		(json_int_t)(view->now_us / US_PER_MS), "inhale_s", breath->inhale_s, "exhale_s",
		breath->exhale_s);
}

json_t *status_target(const struct status_view *view)
{
	const struct session_status *status = &view->status;
	const struct plan *plan = running_plan(view);

	return json_pack("{s:o, s:o, s:s, s:o, s:s, s:o, s:b, s:o}", "profile",
		text_or_null(plan ? plan->profile : view->chosen), "intensity",
		number(status->intensity_percent, 0.1), "session", session_word(status->phase),
		"value", number(status->target, 0.1), "unit", unit_name(status->target_unit),
		"ease", number(status->ease, 0.001), "leased", status->leased, "breath",
		breath(view));
}

static const char *position_key(enum actuator_kind kind)
{
	if (kind == ACTUATOR_HEAT)
		return "temperature_c";
	return actuator_is_posture(kind) ? "position_permille" : "position_mm";
}

static json_t *actuator_telemetry(const struct actuator *actuator,
	const struct wire_actuator_state *state)
{
	json_t *object = json_pack("{s:i}", "drive_permille", (int)state->drive_permille);

	if (actuator->line[ROLE_HOME] >= 0)
		json_object_set_new(object, "at_home",
			json_boolean(state->flags & ACTUATOR_AT_HOME));
	if (state->flags & ACTUATOR_FORCE_VALID)
		json_object_set_new(object, "force_n", number(state->force_mn / 1000.0, 0.01));
	if (state->flags & ACTUATOR_POSITION_VALID)
		json_object_set_new(object, position_key(actuator->kind),
			number(state->position_um / 1000.0, 0.1));
	if (state->flags & ACTUATOR_POSITION_VALID && travel_is_timed(actuator))
		json_object_set_new(object, "position_error_mm",
			number(state->error_um / 1000.0, 0.1));
	return object;
}

json_t *status_telemetry(const struct status_view *view)
{
	const struct wire_report *report = view->report;
	json_t *actuators = json_object(), *lateness = json_array();

	for (size_t i = 0; i < view->chair->n_actuators; i++)
		json_object_set_new(actuators, view->chair->actuators[i].name,
			actuator_telemetry(&view->chair->actuators[i], &report->actuator[i]));
	for (int i = 0; i < LATENESS_BUCKETS; i++)
		json_array_append_new(lateness, json_integer(report->lateness[i]));
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:I, s:I}", "t_ms",
		(json_int_t)(report->now_us / US_PER_MS), "mode",
		guard_mode_name((enum guard_mode)report->mode), "phase_s",
		number(view->status.phase_s, 0.1), "phase_total_s",
		number(view->status.phase_total_s, 0.1), "actuators", actuators, "lateness",
		lateness, "shed", (json_int_t)report->shed, "frames_refused",
		(json_int_t)report->frames_refused);
}

static json_t *hold_result(const struct hold_result *hold)
{
	return json_pack("{s:s, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "unit",
		unit_name(hold->unit), "measured", hold->measured, "target",
		number(hold->target, 0.01), "mean", number(hold->mean, 0.01), "minimum",
		number(hold->minimum, 0.01), "peak", number(hold->peak, 0.01), "seconds",
		number(hold->seconds, 0.1), "in_band", number(hold->in_band, 0.0001), "eased_s",
		number(hold->eased_s, 0.1));
}

// Add the place in the plan at which the event happened.
static void event_place(json_t *object, const struct status_view *view,
	const struct session_event *event)
{
	const struct segment *segment;

	if (!view->plan)
		return;
	json_object_set_new(object, "profile", json_string(view->plan->profile));
	if (event->segment >= view->plan->n_segments)
		return;
	segment = &view->plan->segments[event->segment];
	json_object_set_new(object, "step", json_integer(event->segment + 1));
	json_object_set_new(object, "steps", json_integer((json_int_t)view->plan->n_segments));
	json_object_set_new(object, "points",
		point_names(&view->library->atlas, segment->points, 2));
}

json_t *status_event(const struct status_view *view, const struct session_event *event)
{
	json_t *object = json_pack("{s:s}", "event_type", session_event_name(event->type));

	if (event->type != SESSION_EVENT_RESET && event->type != SESSION_EVENT_HOMED)
		event_place(object, view, event);
	if (event->type == SESSION_EVENT_HOLD_DONE)
		json_object_set_new(object, "hold", hold_result(&event->hold));
	if (event->cause != CAUSE_NONE) {
		json_object_set_new(object, "cause", json_string(session_cause_name(event->cause)));
		json_object_set_new(object, "text", json_string(session_cause_text(event->cause)));
	}
	if (event->reason != REASON_NONE) {
		json_object_set_new(object, "reason",
			json_string(guard_reason_name(event->reason)));
		json_object_set_new(object, "reason_text",
			json_string(guard_reason_text(event->reason)));
	}
	return object;
}

const char *alert_name(enum alert alert)
{
	static const char *const names[ALERT_COUNT] = {
		[ALERT_FAULT] = "fault",
		[ALERT_PRESSED] = "pressed",
		[ALERT_GUARD] = "guard",
		[ALERT_CHAIR] = "other-chair",
		[ALERT_RETAINED] = "retained-command",
		[ALERT_CLIENT_ID] = "client-id",
		[ALERT_FLOOD] = "flood",
		[ALERT_PROFILES] = "profiles",
		[ALERT_DOSE] = "dose",
		[ALERT_BUTTON] = "button",
		[ALERT_RELOAD] = "reload",
	};

	return names[alert];
}

json_t *status_alert(enum alert alert, const char *text)
{
	return json_pack("{s:s, s:s}", "code", alert_name(alert), "text", text);
}
