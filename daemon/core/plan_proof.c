// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "core/motion_time.h"
#include "core/plan_proof_private.h"
#include "core/timed.h"

static const struct actuator *actuator_of(const struct judge *judge, const struct segment *segment)
{
	return &judge->chair->actuators[segment->actuator];
}

static void find(struct judge *judge, enum finding_kind kind, const struct segment *segment,
	int actuator, int other, double value, double bound)
{
	plan_findings_add(&judge->proof->findings,
		(struct plan_finding){
			.kind = kind,
			.step = segment ? segment->step : -1,
			.point = segment ? segment->points[0] : -1,
			.actuator = actuator,
			.other = other,
			.value = value,
			.bound = bound,
		});
}

void judge_above(struct judge *judge, enum finding_kind kind, const struct segment *segment,
	int actuator, int other, double value, double bound)
{
	if (value > bound)
		find(judge, kind, segment, actuator, other, value, bound);
}

// --- force -----------------------------------------------------------------------------------

static double apart_mm_of(const struct judge *judge, const struct segment *segment)
{
	const struct actuator *carriage = &judge->chair->actuators[segment->carriage];
	double apart_mm = travel_tolerance_mm(carriage);

	if (travel_is_timed(carriage))
		apart_mm += timed_error_max_mm(judge->chair, segment->actuator,
			segment->position_mm);
	return apart_mm;
}

// A carriage stops beside its position, and a stroke presses on its whole way. A sensitive point
// bears less than its region.
static double allowed_n(const struct judge *judge, const struct segment *segment, bool way)
{
	double a_mm = segment->position_mm, b_mm = way ? segment->from_mm : a_mm, apart_mm = 0;
	double allowed;

	if (segment->carriage >= 0)
		apart_mm = apart_mm_of(judge, segment);
	allowed = chair_ceiling_between(judge->chair, segment->actuator,
		fmin(a_mm, b_mm) - apart_mm, fmax(a_mm, b_mm) + apart_mm)
			  .sustained_n;
	for (int i = 0; i < 2 && segment->points[i] >= 0; i++)
		allowed = fmin(allowed,
			point_sustained_n(&judge->atlas->points[segment->points[i]]));
	return allowed;
}

// What a press may give where it stands, and on its whole way.
struct bearing {
	double here_n, way_n;
};

static struct bearing bearing_of(const struct judge *judge, const struct segment *segment)
{
	double here_n = allowed_n(judge, segment, false);

	return (struct bearing){ here_n,
		segment->technique == TECHNIQUE_STROKE ? allowed_n(judge, segment, true) : here_n };
}

static void judge_newtons(struct judge *judge, const struct segment *segment,
	const struct bearing *bearing)
{
	const struct calibration *table = &actuator_of(judge, segment)->calibration;
	double asked_n = segment->target.value;

	if (!table->n) { // nothing would check a sensor alone
		judge_above(judge, FINDING_NOT_CALIBRATED, segment, segment->actuator, -1, asked_n,
			0);
		return;
	}
	if (asked_n > bearing->here_n)
		judge_above(judge, FINDING_FORCE_REGION, segment, segment->actuator, -1, asked_n,
			bearing->here_n);
	else
		judge_above(judge, FINDING_FORCE_WAY, segment, segment->actuator, -1, asked_n,
			bearing->way_n);
	judge_above(judge, FINDING_FORCE_ACTUATOR, segment, segment->actuator, -1, asked_n,
		calibration_force_n(table, actuator_of(judge, segment)->drive_max_permille));
}

// A press comes out with its target's drive at most, at a speed that follows the force by its
// table: half of the usual approach reaches the body in time. A cell must be felt.
#define CONTACT_LEAST_N      (APPROACH_N / 2)
#define CONTACT_LEAST_CELL_N (1.5 * CONTACT_N)

static void judge_contact(struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = actuator_of(judge, segment);
	bool cell = actuator->kind == ACTUATOR_CELL;
	double least = calibration_drive_permille(&actuator->calibration,
		cell ? CONTACT_LEAST_CELL_N : CONTACT_LEAST_N);

	if (actuator_presses(actuator->kind) && actuator->sensor.present &&
		segment->target.floor < least)
		find(judge, FINDING_CONTACT, segment, segment->actuator, -1, segment->target.floor,
			least);
}

// bearing: NULL of an actuator that does not press.
static void judge_permille(struct judge *judge, const struct segment *segment,
	const struct bearing *bearing)
{
	const struct actuator *actuator = actuator_of(judge, segment);

	judge_above(judge, FINDING_DRIVE, segment, segment->actuator, -1, segment->target.value,
		actuator->drive_max_permille);
	if (actuator_is_switched(actuator) && !actuator_presses(actuator->kind) &&
		segment->target.floor < PERMILLE_FULL)
		find(judge, FINDING_SWITCHED, segment, segment->actuator, -1, segment->target.floor,
			PERMILLE_FULL);
	if (actuator->calibration.n && bearing)
		judge_above(judge, FINDING_DRIVE_REGION, segment, segment->actuator, -1,
			segment->target.value,
			calibration_drive_permille(&actuator->calibration, bearing->way_n));
	judge_contact(judge, segment);
}

// A roller that presses lightly does not follow the contour of a body quickly enough: for seconds
// its sensor reads another force than its drive gives, and the guard doubts it. With the contour of
// the simulated body, strokes with 1 N at 0 mm/s and 0.1 N more for each mm/s are still good at
// 20 ... 60 mm/s; the rest is margin.
#define LIGHT_N          2.0
#define LIGHT_N_PER_MM_S 0.125

static void judge_light_stroke(struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = actuator_of(judge, segment);
	const struct actuator *carriage = &judge->chair->actuators[segment->carriage];
	double least_n = LIGHT_N + LIGHT_N_PER_MM_S * stroke_mm_s(carriage, segment->speed_mm_s);
	double floor_n = segment->target.floor;

	if (segment->target.unit == TARGET_PERMILLE)
		floor_n = calibration_force_n(&actuator->calibration, floor_n);
	if (actuator->sensor.present && floor_n < least_n)
		find(judge, FINDING_STROKE_LIGHT, segment, segment->actuator, -1, floor_n, least_n);
}

static void note_region(const struct judge *judge, const struct segment *segment, int point,
	double here_n)
{
	const struct target *target = &segment->target;
	struct region_force *force = &judge->proof->regions[judge->atlas->points[point].region];
	double newtons = target->unit == TARGET_NEWTON
		? target->value
		: calibration_force_n(&actuator_of(judge, segment)->calibration, target->value);

	force->target_n = force->pressed ? fmax(force->target_n, newtons) : newtons;
	force->allowed_n = force->pressed ? fmin(force->allowed_n, here_n) : here_n;
	force->pressed = true;
}

static void note_regions(const struct judge *judge, const struct segment *segment, double here_n)
{
	for (int side = 0; side < 2; side++) {
		if (segment->points[side] >= 0)
			note_region(judge, segment, segment->points[side], here_n);
	}
}

// --- what acts at once -----------------------------------------------------------------------

static int sides(unsigned set)
{
	return (set & SIDE_BOTH) == SIDE_BOTH ? 2 : 1;
}

// A press on a carriage presses its points; any other actuator all that it reaches.
int judge_zones_of(const struct judge *judge, const struct segment *segment)
{
	const struct chair *chair = judge->chair;
	int zones = segment->points[1] >= 0 ? 2 : 1;

	if (segment->carriage < 0)
		zones = 0;
	for (size_t i = 0; segment->carriage < 0 && i < chair->n_reaches; i++) {
		if (chair->reaches[i].actuator == segment->actuator)
			zones += sides(chair->reaches[i].sides);
	}
	return zones;
}

void judge_note_zones(struct judge *judge, int step, int zones)
{
	if (zones <= judge->proof->zones)
		return;
	judge->proof->zones = zones;
	judge->proof->zones_step = step;
}

static double current_ma(const struct actuator *actuator, double drive_permille)
{
	double share = actuator_is_switched(actuator) ? 1 : drive_permille / PERMILLE_FULL;

	return actuator->current_ma * share;
}

void judge_note_current(struct judge *judge, int step, double ma)
{
	if (ma <= judge->proof->peak_ma)
		return;
	judge->proof->peak_ma = ma;
	judge->proof->peak_step = step;
}

static bool exclude(const struct chair *chair, int a, int b)
{
	for (size_t i = 0; i < chair->n_groups; i++) {
		if (chair->groups[i] & UINT32_C(1) << a && chair->groups[i] & UINT32_C(1) << b)
			return true;
	}
	return false;
}

static double highest_permille(const struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = actuator_of(judge, segment);

	if (!actuator_presses(actuator->kind))
		return segment->target.value;
	return fmin(actuator->drive_max_permille,
		actuator_drive_limit_permille(actuator,
			chair_ceiling(judge->chair, segment->actuator, segment->position_mm)));
}

// What a segment cannot do without: a stroke its carriage, a cell its pump; or -1.
static int companion_of(const struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = actuator_of(judge, segment);

	if (segment->technique == TECHNIQUE_STROKE)
		return segment->carriage;
	return actuator->kind == ACTUATOR_CELL ? actuator->source : -1;
}

double judge_main_ma(const struct judge *judge, const struct segment *segment, int *ret_companion)
{
	const struct actuator *actuators = judge->chair->actuators;
	int companion = companion_of(judge, segment);
	double ma = 0;

	*ret_companion = companion;
	if (segment_travels(segment))
		ma = current_ma(&actuators[segment->carriage],
			stroke_permille(&actuators[segment->carriage], segment->speed_mm_s));
	else if (companion >= 0)
		ma = current_ma(&actuators[companion], PERMILLE_FULL);
	if (segment->technique != TECHNIQUE_ROLL)
		ma += current_ma(actuator_of(judge, segment), highest_permille(judge, segment));
	return ma;
}

static void judge_together(struct judge *judge, const struct segment *segment)
{
	const struct chair *chair = judge->chair;
	int companion;
	double ma = judge_main_ma(judge, segment, &companion);

	judge_note_current(judge, segment->step, ma);
	if (segment->carriage >= 0) // on the way to the point
		judge_note_current(judge, segment->step,
			current_ma(&chair->actuators[segment->carriage],
				chair->actuators[segment->carriage].drive_max_permille));
	if (companion < 0)
		return;
	if (chair->current_max_ma > 0)
		judge_above(judge, FINDING_CURRENT, segment, segment->actuator, companion, ma,
			chair->current_max_ma);
	judge_above(judge, FINDING_EXCLUSIVE, segment, segment->actuator, companion,
		exclude(chair, segment->actuator, companion), 0);
}

// --- the protocol ----------------------------------------------------------------------------

// "Sustained for between half a minute and a minute; each muscle takes about two minutes": the
// product's protocol. Half as much again is called long.
struct muscle_time {
	const struct point *point; // one of the muscle
	double seconds;
	const struct segment *segment; // the last
};

static bool same_muscle(const struct point *a, const struct point *b)
{
	return a->side == b->side && *a->muscle == *b->muscle && !strcmp(a->muscle, b->muscle);
}

// It is one of the last ones, mostly.
static struct muscle_time *time_of(const struct point *point, struct muscle_time times[], size_t *n)
{
	for (size_t k = *n; k-- > 0;) {
		if (same_muscle(times[k].point, point))
			return &times[k];
	}
	times[*n] = (struct muscle_time){ point, 0, NULL };
	return &times[(*n)++];
}

static void judge_muscles(struct judge *judge)
{
	struct muscle_time times[2 * PLAN_SEGMENTS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < 2 * judge->plan->n_segments; i++) {
		const struct segment *segment = &judge->plan->segments[i / 2];
		int point = segment->points[i % 2];
		struct muscle_time *time;

		if (segment->technique != TECHNIQUE_HOLD || point < 0)
			continue;
		time = time_of(&judge->atlas->points[point], times, &n);
		time->seconds += segment->hold_s;
		if (time->segment &&
			time->segment + 1 == segment) // the rest between two holds counts, too
			time->seconds += time->segment->rest_s;
		time->segment = segment;
	}
	for (size_t k = 0; k < n; k++)
		judge_above(judge, FINDING_MUSCLE_LONG, times[k].segment, -1, -1, times[k].seconds,
			MUSCLE_ADVISED_MAX_S);
}

static void judge_hold(struct judge *judge, const struct segment *segment)
{
	judge_above(judge, FINDING_HOLD_LONG, segment, -1, -1, segment->hold_s, HOLD_ADVISED_MAX_S);
	if (segment->hold_s < HOLD_ADVISED_MIN_S)
		find(judge, FINDING_HOLD_SHORT, segment, -1, -1, segment->hold_s,
			HOLD_ADVISED_MIN_S);
}

// --- all of it -------------------------------------------------------------------------------

static void judge_posture(struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = actuator_of(judge, segment);
	double ma = current_ma(actuator, actuator->drive_max_permille);

	judge_note_current(judge, segment->step, ma);
	if (judge->chair->current_max_ma > 0)
		judge_above(judge, FINDING_CURRENT, segment, segment->actuator, -1, ma,
			judge->chair->current_max_ma);
	if (!posture_can_stand_at(actuator, segment->permille))
		find(judge, FINDING_PART_ENDS, segment, segment->actuator, segment->part,
			segment->permille, 0);
}

static void judge_segment(struct judge *judge, const struct segment *segment)
{
	struct bearing bearing;
	bool presses;

	judge->proof->step_s[segment->step] += segment->estimate_s;
	if (segment->actuator < 0)
		return;
	presses = actuator_presses(actuator_of(judge, segment)->kind);
	if (presses)
		bearing = bearing_of(judge, segment);
	if (segment->technique == TECHNIQUE_POSTURE) {
		judge_posture(judge, segment);
		return;
	}
	if (segment->technique == TECHNIQUE_ROLL) {
		judge_together(judge, segment);
		judge_layers(judge, segment);
		return;
	}
	if (segment->target.unit == TARGET_NEWTON)
		judge_newtons(judge, segment, &bearing);
	else
		judge_permille(judge, segment, presses ? &bearing : NULL);
	judge_together(judge, segment);
	judge_layers(judge, segment);
	if (segment->technique == TECHNIQUE_STROKE)
		judge_light_stroke(judge, segment);
	if (segment->technique == TECHNIQUE_HOLD)
		judge_hold(judge, segment);
	if (presses)
		note_regions(judge, segment, bearing.here_n);
	if (presses)
		judge_note_zones(judge, segment->step, judge_zones_of(judge, segment));
}

static void judge_whole(struct judge *judge)
{
	const struct plan *plan = judge->plan;

	judge_above(judge, FINDING_NOTHING_REACHED, NULL, -1, -1, plan_reaches_nothing(plan), 0);
	if (plan->n_segments < PLAN_SEGMENTS_MAX) // otherwise it is cut, and its length not known
		judge_above(judge, FINDING_TOO_LONG, NULL, -1, -1, plan->estimate_s, plan->max_s);
}

void plan_proof_lowered(struct plan_proof *proof, const struct plan *plan,
	const struct atlas *atlas, const struct chair *chair)
{
	const struct judge judge = { NULL, atlas, chair, plan, proof };

	memset(proof->regions, 0, sizeof(proof->regions));
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];

		if (segment->actuator >= 0 && actuator_presses(actuator_of(&judge, segment)->kind))
			note_regions(&judge, segment, allowed_n(&judge, segment, false));
	}
}

int plan_prove(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_proof *ret_proof)
{
	struct judge judge = { profile, atlas, chair, ret_plan, ret_proof };

	memset(ret_proof, 0, offsetof(struct plan_proof, findings.list));
	ret_proof->peak_step = ret_proof->zones_step = -1;
	plan_build(profile, atlas, chair, ret_plan, &ret_proof->findings);
	judge_whole(&judge);
	for (size_t i = 0; i < ret_plan->n_segments; i++)
		judge_segment(&judge, &ret_plan->segments[i]);
	judge_times(&judge);
	judge_muscles(&judge);
	return ret_proof->findings.errors ? -EINVAL : 0;
}
