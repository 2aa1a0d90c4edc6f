// SPDX-License-Identifier: MIT
#include "control/pressed.h"

#include <math.h>
#include <stdio.h>

static bool presses(const struct status_view *view, size_t actuator)
{
	return view->status.pressed >> actuator & 1;
}

static json_t *force(const struct wire_actuator_state *state)
{
	return state->flags & ACTUATOR_FORCE_VALID ? json_real(round(state->force_mn / 100.0) / 10)
						   : json_null();
}

json_t *pressed_list(const struct status_view *view)
{
	json_t *list;

	if (!view->report || !view->status.guard_connected)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < view->chair->n_actuators; i++) {
		if (presses(view, i))
			json_array_append_new(list,
				json_pack("{s:s, s:o}", "actuator", view->chair->actuators[i].name,
					"force_n", force(&view->report->actuator[i])));
	}
	return list;
}

// True if the session presses on purpose.
static bool is_meant(const struct wire_report *report)
{
	return report->mode == GUARD_ACTIVE ||
		(report->mode == GUARD_RELEASING && report->reason != REASON_NOT_RELEASED);
}

#define PRESSED_N 3.0 // released is below it, too

// Whether sensors show of each that it presses nobody now.
static bool are_all_light(const struct status_view *view)
{
	for (size_t i = 0; i < view->chair->n_actuators; i++) {
		const struct wire_actuator_state *state = &view->report->actuator[i];

		if (presses(view, i) &&
			(!(state->flags & ACTUATOR_FORCE_VALID) ||
				state->force_mn >= PRESSED_N * 1000))
			return false;
	}
	return true;
}

static void add_names(const struct status_view *view, char *text, size_t size)
{
	const char *comma = "";
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < view->chair->n_actuators && used < size; i++) {
		if (!presses(view, i))
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s", comma,
			view->chair->actuators[i].name);
		comma = ", ";
	}
}

const char *pressed_text(const struct status_view *view, char buf[PRESSED_SIZE])
{
	char names[PRESSED_SIZE / 2];

	if (!view->report || !view->status.pressed || is_meant(view->report))
		return NULL;
	add_names(view, names, sizeof(names));
	if (view->report->reason == REASON_NOT_RELEASED || !view->report->estop_good)
		snprintf(buf, PRESSED_SIZE,
			"the person is still pressed by %s; pull the emergency stop "
			"and turn the chair back by hand",
			names);
	else if (view->report->reason == REASON_NONE && are_all_light(view))
		snprintf(buf, PRESSED_SIZE,
			"%s, without force now, is not proven released, as before the first "
			"homing; stop, or the reset button, releases",
			names);
	else
		snprintf(buf, PRESSED_SIZE,
			"the person may be pressed by %s, which is not proven "
			"released; stop, or the reset button, releases",
			names);
	return buf;
}
