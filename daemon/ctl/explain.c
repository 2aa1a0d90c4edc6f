// SPDX-License-Identifier: MIT
#include "ctl/explain.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "core/dose.h"
#include "ctl/person_text.h"
#include "ctl/table.h"

#define INDENT 8 // of what follows a time

struct story {
	FILE *stream;
	const struct terminal *terminal;
	const struct planned_profile *planned;
	double intensity_percent;
	int minute; // the last one with a heading; 0: none
};

static void __attribute__((format(printf, 3, 4))) put(const struct story *story, int indent,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	terminal_wrap_line(story->stream, story->terminal, indent, format, args);
	va_end(args);
}

// A time, below the heading of its minute.
static const char *begin(struct story *story, double at_s, char buf[PERSON_TIME_SIZE])
{
	int minute = (int)(lround(at_s) / 60) + 1;

	for (; story->minute < minute - 1; story->minute++)
		put(story, 0, "\nMinute %d: the press or its rest goes on", story->minute + 1);
	if (story->minute < minute)
		put(story, 0, "\nMinute %d", ++story->minute);
	return person_time(at_s, buf);
}

static const char *counted(const struct segment *segment, char buf[32])
{
	buf[0] = '\0';
	if (segment->repeats > 1)
		snprintf(buf, 32, " (%d of %d)", segment->repeat + 1, segment->repeats);
	return buf;
}

static const char *then_rest(const struct segment *segment, char buf[48])
{
	buf[0] = '\0';
	if (segment->rest_s >= 0.5)
		snprintf(buf, 48, " Then %.0f s of rest.", segment->rest_s);
	return buf;
}

// Where it may be felt, with the first press of a point.
static const char *referral(const struct atlas *atlas, const struct segment *segment,
	char buf[PERSON_TEXT_SIZE])
{
	const char *refers_to = segment->points[0] < 0
		? NULL
		: atlas->points[segment->points[0]].refers_to;

	buf[0] = '\0';
	if (refers_to && *refers_to && segment->repeat == 0)
		snprintf(buf, PERSON_TEXT_SIZE, " It may be felt: %s.", refers_to);
	return buf;
}

// Its frequency follows its drive.
static double tapping_hz(const struct story *story, const struct segment *segment)
{
	const struct chair *chair = &story->planned->library->chair;

	return chair->actuators[segment->actuator].hz_max *
		target_at(&segment->target, story->intensity_percent) / PERMILLE_FULL;
}

static void put_words(struct story *story, const struct segment *segment, double at_s)
{
	const struct atlas *atlas = &story->planned->library->atlas;
	char time[PERSON_TIME_SIZE], place[PERSON_TEXT_SIZE], target[PERSON_TEXT_SIZE];
	char felt[PERSON_TEXT_SIZE], count[32], rest[48];

	begin(story, at_s, time);
	person_place(atlas, segment->points, place);
	person_target(segment->target.unit, target_at(&segment->target, story->intensity_percent),
		target);
	counted(segment, count);
	then_rest(segment, rest);
	switch (segment->technique) {
	case TECHNIQUE_HOLD:
		put(story, INDENT,
			"%5s   The %s%s: the pressure rises to %s while you breathe out, stays "
			"for %.0f s, and is released.%s%s",
			time, place, count, target, segment->hold_s, referral(atlas, segment, felt),
			rest);
		break;
	case TECHNIQUE_STROKE:
		put(story, INDENT, "%5s   A slow roll to the %s%s, with %s.%s", time, place, count,
			target, rest);
		break;
	case TECHNIQUE_TAP:
		put(story, INDENT, "%5s   Tapping on the %s, %.0f times a second, for %.0f s.%s",
			time, place, tapping_hz(story, segment), segment->hold_s, rest);
		break;
	case TECHNIQUE_ROLL:
		put(story, INDENT, "%5s   The rollers go to the %s%s. Nothing presses.%s", time,
			place, count, rest);
		break;
	case TECHNIQUE_KNEAD:
		put(story, INDENT, "%5s   Kneading of the %s, for %.0f s.%s", time, place,
			segment->hold_s, rest);
		break;
	case TECHNIQUE_POSTURE:
		put(story, INDENT, "%5s   The %s goes to %.0f %% of its way. Nothing presses.%s",
			time, posture_part_text((enum posture_part)segment->part),
			100.0 * segment->permille / PERMILLE_FULL, rest);
		break;
	default:
		put(story, INDENT, "%5s   Nothing presses for %.0f s.", time, segment->hold_s);
	}
}

// What runs beside it: not again for the ways on which a stroke or roll goes on.
static void put_layers(const struct story *story, const struct segment *segment)
{
	const struct library *library = story->planned->library;
	const struct plan *plan = &story->planned->plan;
	size_t index = (size_t)(segment - plan->segments);

	if (index > 0 && plan_stroke_goes_on(plan, index - 1))
		return;
	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = &plan->layers[segment->first_layer + i];
		const struct actuator *actuator = &library->chair.actuators[layer->actuator];
		char rhythm[64] = "";

		if (layer->on_s > 0)
			snprintf(rhythm, sizeof(rhythm), ", %.0f s on and %.0f s off",
				(double)layer->on_s, (double)layer->off_s);
		if (layer_kind_lasts(actuator->kind))
			put(story, INDENT, "        Beside it, and in the rest after it: %s%s.",
				actuator->name, rhythm);
		else
			put(story, INDENT, "        Beside it: %s, at %.0f per mille%s.",
				actuator->name, layer_permille(layer, story->intensity_percent, 1),
				rhythm);
	}
}

// The same for the technician.
static void put_figures(const struct story *story, const struct segment *segment)
{
	const struct library *library = story->planned->library;
	const char *unit = segment->target.unit == TARGET_NEWTON ? "N" : "per mille";
	char label[LABEL_SIZE], at[NAME_SIZE + 32] = "", force[96] = "", way[96] = "",
					       width[16] = "";

	if (segment->technique == TECHNIQUE_POSTURE)
		put(story, INDENT, "        [%s: to %d per mille]",
			library->chair.actuators[segment->actuator].name, segment->permille);
	if (segment->actuator < 0 || segment->technique == TECHNIQUE_POSTURE)
		return;
	table_label(label, planned_point_name(library, segment->points[0]),
		planned_point_name(library, segment->points[1]));
	if (segment->carriage >= 0 && !segment_travels(segment))
		snprintf(at, sizeof(at), ", %s at %.0f mm",
			library->chair.actuators[segment->carriage].name, segment->position_mm);
	if (segment_travels(segment))
		snprintf(way, sizeof(way), ", %.0f to %.0f mm at %.0f mm/s", segment->from_mm,
			segment->position_mm, segment->speed_mm_s);
	if (segment->width != WIDTH_ANY)
		snprintf(width, sizeof(width), ", %s", width_name(segment->width));
	if (segment->technique != TECHNIQUE_ROLL)
		snprintf(force, sizeof(force), ", %.1f %s, ramp %.1f %s/s",
			target_at(&segment->target, story->intensity_percent), unit,
			segment->ramp_per_s, unit);
	put(story, INDENT, "        [%s: %s%s%s%s%s]", label,
		library->chair.actuators[segment->actuator].name, at, width, force, way);
}

static void put_head(const struct story *story)
{
	const struct plan *plan = &story->planned->plan;
	const struct profile *profile = story->planned->profile;
	char person[FOR_SIZE];

	put(story, 0, "%s (%s)%s on chair %s: about %.0f minutes, at intensity %.0f %%",
		plan->title, plan->profile, planned_for(story->planned, person),
		story->planned->library->chair.id, ceil(plan->estimate_s / 60),
		story->intensity_percent);
	if (profile->description && *profile->description)
		put(story, 0, "%s", profile->description);
	if (plan->inhale_s > 0 && plan->exhale_s > 0)
		put(story, 0,
			"\nBreathe slowly: %.0f s out, %.0f s in. Pressure rises only while you "
			"breathe out. Less, pause and stop are always possible.",
			plan->exhale_s, plan->inhale_s);
}

static void put_course(struct story *story)
{
	const struct plan *plan = &story->planned->plan;
	char time[PERSON_TIME_SIZE];
	double at_s = plan->homing_s;

	put(story, INDENT, "%5s   The chair moves to its home position. Nothing presses.",
		begin(story, 0, time));
	for (size_t i = 0; i < plan->n_segments; i++) {
		put_words(story, &plan->segments[i], at_s);
		put_layers(story, &plan->segments[i]);
		put_figures(story, &plan->segments[i]);
		at_s += plan->segments[i].estimate_s;
	}
	put(story, INDENT,
		"%5s   The chair moves back to its home position, and releases everything.",
		begin(story, at_s, time));
	put(story, INDENT, "%5s   The session is over.", begin(story, plan->estimate_s, time));
}

static void put_dose(const struct story *story, const char *name, const struct dose *dose)
{
	char impulse[32] = "force not known";

	if (!isnan(dose->impulse_n_s))
		snprintf(impulse, sizeof(impulse), "%6.0f N s, at most %.0f N", dose->impulse_n_s,
			dose->peak_n);
	put(story, INDENT, "  %-34s %4.0f s  %s", name, dose->pressed_s, impulse);
}

static int put_doses(const struct story *story)
{
	const struct library *library = story->planned->library;
	const struct atlas *atlas = &library->atlas;
	struct dose *doses = calloc(atlas->n_points + 1, sizeof(*doses));
	struct muscle_dose *muscles = calloc(MUSCLE_DOSES_MAX, sizeof(*muscles));
	size_t n;

	if (!doses || !muscles) {
		free(doses);
		free(muscles);
		return -ENOMEM;
	}
	dose_of_plan(&story->planned->plan, &library->chair, story->intensity_percent, doses,
		atlas->n_points);
	dose_add_layers(&story->planned->plan, atlas, &library->chair, story->intensity_percent,
		doses);
	n = dose_by_muscle(doses, atlas, muscles, MUSCLE_DOSES_MAX);
	if (n)
		put(story, 0, "\nUnder pressure in all, by muscle");
	for (size_t i = 0; i < n; i++) {
		char name[PERSON_TEXT_SIZE];

		snprintf(name, sizeof(name), "%s%s%s", muscles[i].muscle,
			muscles[i].side == SIDE_MIDDLE ? "" : ", ",
			muscles[i].side == SIDE_MIDDLE ? "" : side_name(muscles[i].side));
		put_dose(story, name, &muscles[i].dose);
	}
	free(doses);
	free(muscles);
	return 0;
}

static bool is_played(const struct plan *plan, size_t step)
{
	for (size_t i = 0; i < plan->n_segments; i++) {
		if (plan->segments[i].step == step)
			return true;
	}
	return false;
}

static size_t count_idle_steps(const struct story *story)
{
	size_t n = 0;

	for (size_t i = 0; i < story->planned->profile->n_steps; i++)
		n += !is_played(&story->planned->plan, i);
	return n;
}

static void put_left_out(const struct story *story)
{
	const struct profile *profile = story->planned->profile;
	const struct plan *plan = &story->planned->plan;
	char why[LEFT_OUT_SIZE];

	if (plan->n_unreachable || count_idle_steps(story))
		put(story, 0, "\nLeft out");
	for (size_t i = 0; i < profile->n_steps; i++) {
		if (!is_played(plan, i))
			put(story, INDENT, "  step %zu, %s: nothing of it is played", i + 1,
				technique_name(profile->steps[i].technique));
	}
	for (size_t i = 0; i < plan->n_unreachable; i++)
		put(story, INDENT, "  %s: %s",
			planned_point_name(story->planned->library, plan->unreachable[i]),
			planned_left_out(story->planned, i, why));
}

int explain(FILE *stream, const struct terminal *terminal, const struct planned_profile *planned,
	double intensity_percent)
{
	struct story story = { .stream = stream,
		.terminal = terminal,
		.planned = planned,
		.intensity_percent = intensity_percent };
	int r;

	put_head(&story);
	put_course(&story);
	r = put_doses(&story);
	put_left_out(&story);
	return r;
}
