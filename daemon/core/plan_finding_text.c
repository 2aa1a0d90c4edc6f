// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/plan_finding_private.h"
#include "core/plan_proof.h"
#include "core/motion_time.h"
#include "core/reach.h"

struct text {
	const struct plan_finding *finding;
	const struct profile *profile;
	const struct atlas *atlas;
	const struct chair *chair;
	const double *step_s;
	char *buf;
	size_t size;
};

static const char *point_name(const struct text *text)
{
	return text->finding->point >= 0 ? text->atlas->points[text->finding->point].name : "?";
}

static const char *actuator_name(const struct text *text, int actuator)
{
	return actuator >= 0 ? text->chair->actuators[actuator].name : "?";
}

static void add_text(const struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add_text(const struct text *text, const char *format, ...)
{
	size_t length = strlen(text->buf);
	va_list args;

	va_start(args, format);
	vsnprintf(text->buf + length, text->size - length, format, args);
	va_end(args);
}

#define STEP_SHARE_MIN 0.02 // of a step that is named

// With the seconds of each step that counts, and of homing and parking.
static void text_of_length(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	double rest_s = finding->value, short_s = 0;

	snprintf(text->buf, text->size,
		"it takes about %.1f min, and at most %.1f min are allowed: take fewer points or "
		"repeats, or shorter rests (seconds:",
		finding->value / 60, finding->bound / 60);
	for (size_t i = 0; i < text->profile->n_steps; i++) {
		rest_s -= text->step_s[i];
		if (text->step_s[i] >= STEP_SHARE_MIN * finding->value)
			add_text(text, " steps[%zu] %.0f,", i, text->step_s[i]);
		else
			short_s += text->step_s[i];
	}
	if (short_s > 0)
		add_text(text, " the other steps %.0f,", short_s);
	add_text(text, " homing and parking %.0f)", fmax(rest_s, 0));
}

// The actuator that holds the point of a stroke, which it cannot stroke; -1: nothing reaches it.
static int find_holder(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	struct reach_hit hit;

	if (text->profile->steps[finding->step].technique == TECHNIQUE_STROKE &&
		reach_find_hold(text->chair, &text->atlas->points[finding->point], &hit) &&
		hit.carriage < 0)
		return hit.actuator;
	return -1;
}

static void text_of_reach(const struct text *text)
{
	if (text->finding->kind == FINDING_NOTHING_REACHED)
		snprintf(text->buf, text->size, "chair %s reaches no point of the profile",
			text->chair->id);
	else if (text->finding->kind == FINDING_OUT_OF_REACH && find_holder(text) >= 0)
		snprintf(text->buf, text->size,
			"%s is reached by %s, which has no carriage: a stroke needs a press on "
			"one (or hold it)",
			point_name(text), actuator_name(text, find_holder(text)));
	else if (text->finding->kind == FINDING_OUT_OF_REACH)
		snprintf(text->buf, text->size, "chair %s does not reach %s", text->chair->id,
			point_name(text));
	else if (text->profile->steps[text->finding->step].technique == TECHNIQUE_STROKE)
		snprintf(text->buf, text->size,
			"chair %s reaches too few of its points: a stroke goes between two that "
			"one press on a carriage reaches",
			text->chair->id);
	else if (text->profile->steps[text->finding->step].technique == TECHNIQUE_ROLL)
		snprintf(text->buf, text->size,
			"chair %s reaches too few of its points: a roll goes between two that "
			"something on one carriage reaches",
			text->chair->id);
	else if (text->profile->steps[text->finding->step].technique == TECHNIQUE_POSTURE)
		snprintf(text->buf, text->size, "chair %s has none of its parts", text->chair->id);
	else
		snprintf(text->buf, text->size, "chair %s reaches none of its points",
			text->chair->id);
}

// The parts that the chair has.
static void add_parts(const struct text *text)
{
	const char *comma = "";

	for (int part = 0; part < POSTURE_PARTS; part++) {
		if (posture_part_find(text->chair, (enum posture_part)part) < 0)
			continue;
		add_text(text, "%s%s", comma, posture_part_name((enum posture_part)part));
		comma = ", ";
	}
	if (!*comma)
		add_text(text, "none");
}

static void text_of_part(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *part = posture_part_name((enum posture_part)finding->other);

	if (finding->kind == FINDING_PART_ENDS) {
		snprintf(text->buf, text->size,
			"%g per mille: only the ends of %s are known, by its contacts (write %s = "
			"0; or %s = %d;)",
			finding->value, actuator_name(text, finding->actuator), part, part,
			PERMILLE_FULL);
		return;
	}
	snprintf(text->buf, text->size, "chair %s has no %s (it has: ", text->chair->id, part);
	add_parts(text);
	add_text(text,
		"; write optional = true; if chairs without it may play the step without "
		"it)");
}

static void text_of_timed(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *carriage = actuator_name(text, finding->actuator);

	if (finding->kind == FINDING_UNCERTAIN)
		snprintf(text->buf, text->size,
			"chair %s leaves out %s: %s has no pulses and may be off by %.0f mm there, "
			"and only %.0f mm to either side are within its reach and "
			"position_error_mm",
			text->chair->id, point_name(text), carriage, finding->value,
			finding->bound);
	else
		snprintf(text->buf, text->size,
			"chair %s leaves out this stroke: %s has no pulses and one speed, %.0f "
			"mm/s",
			text->chair->id, carriage, finding->value);
}

static void text_of_force(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *actuator = actuator_name(text, finding->actuator);

	switch (finding->kind) {
	case FINDING_NOT_CALIBRATED:
		snprintf(text->buf, text->size,
			"%g N need a calibration, and %s has none: write permille = ... or measure "
			"its table (profiles/README.md, how to calibrate)",
			finding->value, actuator);
		break;
	case FINDING_FORCE_REGION:
		snprintf(text->buf, text->size,
			"%g N is above the ceiling of chair %s at %s (0 ... %.3g N)",
			finding->value, text->chair->id, point_name(text), finding->bound);
		break;
	case FINDING_FORCE_WAY:
		snprintf(text->buf, text->size,
			"%g N is above a ceiling of chair %s on the way to %s (0 ... %.3g N)",
			finding->value, text->chair->id, point_name(text), finding->bound);
		break;
	case FINDING_SWITCHED:
		snprintf(text->buf, text->size,
			"%g per mille are a speed, and %s has none: its relay or transistor is on "
			"or off; write permille = %g; floor = %g;",
			finding->value, actuator, finding->bound, finding->bound);
		break;
	case FINDING_DRIVE_REGION:
		snprintf(text->buf, text->size,
			"%g per mille give, by the table of %s, more than the ceiling at %s (0 ... "
			"%.0f per mille)",
			finding->value, actuator, point_name(text), finding->bound);
		break;
	case FINDING_DRIVE:
		snprintf(text->buf, text->size,
			"%g per mille is above the drive of %s (1 ... %.0f per mille)",
			finding->value, actuator, finding->bound);
		break;
	default:
		snprintf(text->buf, text->size,
			"%g N is above what %s gives by its table (0 ... %.3g N)", finding->value,
			actuator, finding->bound);
		break;
	}
}

// How long the hold may be, and what the rest of the time is for.
static void text_of_hold(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const struct profile_step *step = &text->profile->steps[finding->step];
	const struct actuator *actuator = &text->chair->actuators[finding->actuator];
	double contact_s = press_contact_max_s(actuator), release_s = press_release_max_s(actuator);
	double ramp_s = finding->value - contact_s - SETTLE_MAX_S - step->hold_s - release_s;
	double most_s = floor(step->hold_s - (finding->value - finding->bound));
	char remedy[64] = "a faster ramp";

	if (most_s >= HOLD_MIN_S)
		snprintf(remedy, sizeof(remedy), "hold_s = %.0f at most, or a faster ramp", most_s);
	snprintf(text->buf, text->size,
		"%s may press for up to %.1f s without a break, at most %.0f s: contact %.0f s, "
		"ramp %.1f s, settling %.0f s, hold %g s, release %.1f s (%s)",
		actuator->name, finding->value, finding->bound, contact_s, ramp_s, SETTLE_MAX_S,
		step->hold_s, release_s, remedy);
}

static void text_of_time(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *actuator = actuator_name(text, finding->actuator);
	bool hold = finding->step >= 0 &&
		text->profile->steps[finding->step].technique == TECHNIQUE_HOLD;

	if (finding->kind == FINDING_SHARE)
		snprintf(text->buf, text->size,
			"%s may be under drive for up to %.0f s of five minutes (at most %.0f s): "
			"rest longer, or do less",
			actuator, finding->value, finding->bound);
	else if (hold && actuator_presses(text->chair->actuators[finding->actuator].kind))
		text_of_hold(text);
	else
		snprintf(text->buf, text->size,
			"%s may be driven for up to %.1f s without a break (at most %.0f s)",
			actuator, finding->value, finding->bound);
}

static void text_of_together(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *a = actuator_name(text, finding->actuator);
	const char *b = actuator_name(text, finding->other);

	if (finding->kind == FINDING_EXCLUSIVE)
		snprintf(text->buf, text->size,
			"%s and %s must run at once, and the chair excludes that (exclusive)", a,
			b);
	else if (finding->other < 0)
		snprintf(text->buf, text->size,
			"%s may take %.0f mA (current_max_ma: at most %.0f mA)", a, finding->value,
			finding->bound);
	else
		snprintf(text->buf, text->size,
			"%s and %s run at once and may take %.0f mA (current_max_ma: at most %.0f "
			"mA)",
			a, b, finding->value, finding->bound);
}

static void text_of_light_stroke(const struct text *text)
{
	const struct plan_finding *finding = text->finding;

	snprintf(text->buf, text->size,
		"a floor of %.3g N is too light at this speed: the roller would leave the body, "
		"and the guard doubt the force sensor (floor = %.1f at least, or a lower "
		"speed_mm_s)",
		finding->value, ceil(finding->bound * 10) / 10);
}

static void text_of_contact(const struct text *text)
{
	const struct plan_finding *finding = text->finding;

	snprintf(text->buf, text->size,
		"with a floor of %.0f per mille %s may not reach the body in %.0f s (floor = %.0f "
		"at least)",
		finding->value, actuator_name(text, finding->actuator), CONTACT_MAX_S,
		ceil(finding->bound));
}

static void text_of_travel(const struct text *text)
{
	const struct plan_finding *finding = text->finding;
	const char *carriage = actuator_name(text, finding->actuator);

	if (finding->kind == FINDING_PULSES)
		snprintf(text->buf, text->size,
			"so slowly %s may give a pulse only every %.1f s (at most %.1f s): write a "
			"higher speed",
			carriage, finding->value, finding->bound);
	else if (finding->step < 0)
		snprintf(text->buf, text->size,
			"homing and parking: %s may be on its way for up to %.0f s (at most %.0f "
			"s)",
			carriage, finding->value, finding->bound);
	else
		snprintf(text->buf, text->size,
			"%s may be on its way to %s for up to %.0f s (at most %.0f s)", carriage,
			point_name(text), finding->value, finding->bound);
}

static void text_of_protocol(const struct text *text)
{
	const struct plan_finding *finding = text->finding;

	switch (finding->kind) {
	case FINDING_HOLD_SHORT:
		snprintf(text->buf, text->size,
			"%g s are short: holds of %.0f ... %.0f s are advised", finding->value,
			HOLD_ADVISED_MIN_S, HOLD_ADVISED_MAX_S);
		break;
	case FINDING_HOLD_LONG:
		snprintf(text->buf, text->size,
			"%g s are long: holds of %.0f ... %.0f s are advised", finding->value,
			HOLD_ADVISED_MIN_S, HOLD_ADVISED_MAX_S);
		break;
	default:
		snprintf(text->buf, text->size,
			"holds and rests give the muscle of %s %.1f min: about two minutes a "
			"muscle are advised, not more than %.0f",
			point_name(text), finding->value / 60, finding->bound / 60);
		break;
	}
}

static void text_of_many(const struct text *text)
{
	snprintf(text->buf, text->size,
		"more than %d presses, strokes and pauses: take fewer points or repeats",
		PLAN_SEGMENTS_MAX);
}

void plan_finding_text(const struct plan_finding *finding, const struct profile *profile,
	const struct atlas *atlas, const struct chair *chair, const double step_s[], char *buf,
	size_t size)
{
	static void (*const texts[FINDING_KIND_COUNT])(const struct text *) = {
		[FINDING_NOTHING_REACHED] = text_of_reach,
		[FINDING_TOO_LONG] = text_of_length,
		[FINDING_TOO_MANY] = text_of_many,
		[FINDING_OUT_OF_REACH] = text_of_reach,
		[FINDING_UNCERTAIN] = text_of_timed,
		[FINDING_STROKE_TIMED] = text_of_timed,
		[FINDING_NOTHING_PRESSED] = text_of_reach,
		[FINDING_NOT_CALIBRATED] = text_of_force,
		[FINDING_FORCE_REGION] = text_of_force,
		[FINDING_FORCE_WAY] = text_of_force,
		[FINDING_FORCE_ACTUATOR] = text_of_force,
		[FINDING_DRIVE] = text_of_force,
		[FINDING_SWITCHED] = text_of_force,
		[FINDING_DRIVE_REGION] = text_of_force,
		[FINDING_CONTACT] = text_of_contact,
		[FINDING_STROKE_LIGHT] = text_of_light_stroke,
		[FINDING_ON_TIME] = text_of_time,
		[FINDING_SHARE] = text_of_time,
		[FINDING_CURRENT] = text_of_together,
		[FINDING_EXCLUSIVE] = text_of_together,
		[FINDING_TRAVEL] = text_of_travel,
		[FINDING_PULSES] = text_of_travel,
		[FINDING_PART_MISSING] = text_of_part,
		[FINDING_PART_ENDS] = text_of_part,
		[FINDING_HOLD_SHORT] = text_of_protocol,
		[FINDING_HOLD_LONG] = text_of_protocol,
		[FINDING_MUSCLE_LONG] = text_of_protocol,
	};
	const struct text text = { finding, profile, atlas, chair, step_s, buf, size };

	if (finding->layer)
		plan_finding_layer_text(finding,
			&profile->steps[finding->step].layers[finding->layer - 1], chair, buf,
			size);
	else
		texts[finding->kind](&text);
}
