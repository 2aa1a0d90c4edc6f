// SPDX-License-Identifier: MIT
#include "ctl/view.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "config/utf8.h"
#include "ctl/recording.h"

#define SECONDS_MAX 86400.0

static double number(const json_t *object, const char *key, double other)
{
	const json_t *value = json_object_get(object, key);

	return json_is_number(value) ? json_number_value(value) : other;
}

static int count(const json_t *object, const char *key)
{
	return (int)clamp_double(number(object, key, 0), 0, PLAN_SEGMENTS_MAX);
}

static enum target_unit unit(const json_t *object)
{
	const char *name = json_string_value(json_object_get(object, "unit"));

	return name && strcmp(name, "permille") == 0 ? TARGET_PERMILLE : TARGET_NEWTON;
}

static char *copy(const char *text, char buf[NAME_SIZE])
{
	size_t n = 0;

	for (; text[n] && n < NAME_SIZE - 1; n++)
		buf[n] = text[n] > ' ' && text[n] < 0x7f ? text[n] : '?';
	buf[n] = '\0';
	return buf;
}

char *view_word(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE])
{
	const char *text = json_string_value(json_object_get(object, key));

	return copy(text ? text : other, buf);
}

char *view_text(const json_t *object, const char *key, const char *other, char buf[NAME_SIZE])
{
	const char *value = json_string_value(json_object_get(object, key));
	const char *text = value ? value : other;
	size_t n = 0, length;

	for (; *text; text += length) {
		bool printable = (length = utf8_printable(text)) > 0;

		length = printable ? length : 1;
		if (n + length >= NAME_SIZE)
			break;
		memcpy(buf + n, printable ? text : "?", length);
		n += length;
	}
	buf[n] = '\0';
	return buf;
}

char *view_points(const json_t *object, char buf[LABEL_SIZE])
{
	const json_t *points = json_object_get(object, "points");
	const char *a = json_string_value(json_array_get(points, 0));
	const char *b = json_string_value(json_array_get(points, 1));
	char first[NAME_SIZE], second[NAME_SIZE];

	buf[0] = '\0';
	return a ? table_label(buf, copy(a, first), b ? copy(b, second) : NULL) : buf;
}

char *view_pressed(const json_t *state, char buf[LABEL_SIZE])
{
	const json_t *list = json_object_get(state, "pressed");
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < json_array_size(list) && used < LABEL_SIZE; i++) {
		const json_t *one = json_array_get(list, i);
		double force_n = number(one, "force_n", NAN);
		char name[NAME_SIZE];

		view_word(one, "actuator", "?", name);
		used += (size_t)snprintf(buf + used, LABEL_SIZE - used, "%s%s", used ? ", " : "",
			name);
		if (used < LABEL_SIZE && force_n < RECORDING_PRESSED_N)
			used += (size_t)snprintf(buf + used, LABEL_SIZE - used, " below %g N",
				RECORDING_PRESSED_N);
		else if (used < LABEL_SIZE && !isnan(force_n))
			used += (size_t)snprintf(buf + used, LABEL_SIZE - used, " %.1f N", force_n);
	}
	return buf;
}

bool view_is_pressing(const json_t *state)
{
	const json_t *list = json_object_get(state, "pressed"), *one;
	const char *phase = json_string_value(json_object_get(state, "phase"));
	size_t i;

	if (json_array_size(list) > 0 && phase && !strcmp(phase, "fault"))
		return true;
	json_array_foreach((json_t *)list, i, one)
	{
		if (number(one, "force_n", 0) >= RECORDING_PRESSED_N)
			return true;
	}
	return false;
}

void view_init(struct view *view)
{
	*view = (struct view){
		.phase = "unknown", .force_n = NAN, .drive_permille = NAN, .phase_s = NAN
	};
}

// What the session may take in all: of one that is joined, in proportion to its places.
static double whole_s(const struct view *view)
{
	int left = view->n_steps - view->step + 1;

	return view->step > 1 && left > 0 ? view->remaining_s * view->n_steps / left
					  : view->remaining_s;
}

bool view_state(struct view *view, const json_t *state)
{
	struct view old = *view;
	bool changed;

	view_word(state, "phase", view->phase, view->phase);
	view_points(state, view->points);
	view_pressed(state, view->pressed);
	view->pressing = view_is_pressing(state);
	view_word(state, "actuator", "", view->actuator);
	view->step = count(state, "step");
	view->n_steps = count(state, "steps");
	view->remaining_s = clamp_double(number(state, "remaining_s", 0), 0, SECONDS_MAX);
	view->guard = json_is_true(json_object_get(state, "guard"));
	if (view->n_steps == 0)
		view->longest_s = 0;
	view->longest_s = fmax(view->longest_s > 0 ? view->longest_s : whole_s(view),
		view->remaining_s);
	changed = strcmp(view->phase, old.phase) != 0 || view->step != old.step ||
		view->guard != old.guard || strcmp(view->points, old.points) != 0 ||
		(!*view->pressed) != (!*old.pressed);
	if (changed)
		view->phase_s = NAN;
	return changed;
}

void view_target(struct view *view, const json_t *target)
{
	view->target = number(target, "value", 0);
	view->unit = unit(target);
}

void view_telemetry(struct view *view, const json_t *telemetry)
{
	const json_t *actuator = json_object_get(json_object_get(telemetry, "actuators"),
		view->actuator);

	view->phase_s = clamp_double(number(telemetry, "phase_s", NAN), 0, SECONDS_MAX);
	view->force_n = number(actuator, "force_n", NAN);
	view->drive_permille = number(actuator, "drive_permille", NAN);
}

bool view_hold(const json_t *event, struct table_row *ret_row)
{
	const json_t *hold = json_object_get(event, "hold");

	if (!hold)
		return false;
	*ret_row = (struct table_row){ .felt_mean_n = NAN,
		.felt_peak_n = NAN,
		.hold = {
			.unit = unit(hold),
			.measured = json_is_true(json_object_get(hold, "measured")),
			.target = number(hold, "target", NAN),
			.mean = number(hold, "mean", NAN),
			.minimum = number(hold, "minimum", NAN),
			.peak = number(hold, "peak", NAN),
			.seconds = number(hold, "seconds", NAN),
			.in_band = number(hold, "in_band", NAN),
		} };
	view_points(event, ret_row->label);
	return true;
}

struct progress view_progress(const struct view *view)
{
	bool meant = view->step > 0;

	return (struct progress){
		.pressed = meant ? "" : view->pressed,
		.pressing = view->pressing,
		.phase = view->phase,
		.points = view->points,
		.step = view->step,
		.n_steps = view->n_steps,
		.fraction = view->longest_s > 0 ? 1 - view->remaining_s / view->longest_s : NAN,
		.phase_s = view->phase_s,
		.target = view->target,
		.now = view->unit == TARGET_NEWTON ? view->force_n : view->drive_permille,
		.unit = view->unit,
		.remaining_s = view->remaining_s,
		.guard = view->guard,
	};
}
