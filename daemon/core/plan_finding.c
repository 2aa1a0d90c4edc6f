// SPDX-License-Identifier: MIT
#include "core/plan_finding.h"

static const struct {
	const char *code;
	enum step_key key;
	bool advice;
} kinds[FINDING_KIND_COUNT] = {
	[FINDING_NOTHING_REACHED] = { "nothing_reached", STEP_ITSELF, false },
	[FINDING_TOO_LONG] = { "too_long", STEP_ITSELF, false },
	[FINDING_TOO_MANY] = { "too_many", STEP_ITSELF, false },
	[FINDING_OUT_OF_REACH] = { "out_of_reach", STEP_POINTS, true },
	[FINDING_UNCERTAIN] = { "uncertain", STEP_POINTS, true },
	[FINDING_STROKE_TIMED] = { "stroke_timed", STEP_SPEED, true },
	[FINDING_NOTHING_PRESSED] = { "nothing_pressed", STEP_POINTS, true },
	[FINDING_NOT_CALIBRATED] = { "not_calibrated", STEP_TARGET, false },
	[FINDING_FORCE_REGION] = { "force_region", STEP_TARGET, false },
	[FINDING_FORCE_WAY] = { "force_way", STEP_TARGET, false },
	[FINDING_FORCE_ACTUATOR] = { "force_actuator", STEP_TARGET, false },
	[FINDING_DRIVE] = { "drive", STEP_TARGET, false },
	[FINDING_SWITCHED] = { "switched", STEP_TARGET, false },
	[FINDING_DRIVE_REGION] = { "drive_region", STEP_TARGET, false },
	[FINDING_CONTACT] = { "contact", STEP_TARGET, false },
	[FINDING_STROKE_LIGHT] = { "stroke_light", STEP_TARGET, false },
	[FINDING_ON_TIME] = { "on_time", STEP_HOLD, false },
	[FINDING_SHARE] = { "share", STEP_HOLD, false },
	[FINDING_CURRENT] = { "current", STEP_TECHNIQUE, false },
	[FINDING_EXCLUSIVE] = { "exclusive", STEP_TECHNIQUE, false },
	[FINDING_TRAVEL] = { "travel", STEP_SPEED, false },
	[FINDING_PULSES] = { "pulses", STEP_SPEED, false },
	[FINDING_LAYER_MISSING] = { "layer_missing", STEP_LAYERS, false },
	[FINDING_LAYER_KIND] = { "layer_kind", STEP_LAYERS, false },
	[FINDING_LAYER_TWICE] = { "layer_twice", STEP_LAYERS, false },
	[FINDING_LAYER_CLOSED] = { "layer_closed", STEP_LAYERS, false },
	[FINDING_LAYER_ZONE] = { "layer_zone", STEP_LAYERS, false },
	[FINDING_PART_MISSING] = { "part_missing", STEP_PART, false },
	[FINDING_PART_ENDS] = { "part_ends", STEP_PART, false },
	[FINDING_HOLD_SHORT] = { "hold_short", STEP_HOLD, true },
	[FINDING_HOLD_LONG] = { "hold_long", STEP_HOLD, true },
	[FINDING_MUSCLE_LONG] = { "muscle_long", STEP_REPEATS, true },
};

bool finding_is_advice(enum finding_kind kind)
{
	return kinds[kind].advice;
}

const char *finding_code(enum finding_kind kind)
{
	return kinds[kind].code;
}

enum step_key finding_key(const struct plan_finding *finding, const struct profile *profile)
{
	enum step_key key = kinds[finding->kind].key;
	enum technique technique;

	if (finding->step < 0)
		return STEP_ITSELF;
	if (finding->layer)
		return STEP_LAYERS;
	technique = profile->steps[finding->step].technique;
	if (key == STEP_PART)
		return (enum step_key)(STEP_PART + finding->other);
	if (technique == TECHNIQUE_POSTURE)
		return STEP_TECHNIQUE;
	if (key == STEP_HOLD && technique_travels(technique))
		return STEP_SPEED;
	if (key == STEP_HOLD && (technique == TECHNIQUE_KNEAD || technique == TECHNIQUE_TAP))
		return STEP_DURATION;
	if (key == STEP_SPEED && !technique_travels(technique))
		return STEP_POINTS;
	return key;
}

static bool same(const struct plan_finding *a, const struct plan_finding *b)
{
	return a->kind == b->kind && a->step == b->step && a->layer == b->layer &&
		a->actuator == b->actuator && a->other == b->other && a->bound == b->bound &&
		(a->point == b->point ||
			(a->kind != FINDING_OUT_OF_REACH && a->kind != FINDING_UNCERTAIN));
}

void plan_findings_add(struct plan_findings *findings, struct plan_finding finding)
{
	for (size_t i = 0; i < findings->n; i++) {
		struct plan_finding *known = &findings->list[i];

		if (!same(known, &finding))
			continue;
		if (finding.value > known->value)
			*known = finding;
		return;
	}
	if (!finding_is_advice(finding.kind))
		findings->errors++;
	if (findings->n == PLAN_FINDINGS_MAX)
		findings->dropped++;
	else
		findings->list[findings->n++] = finding;
}
