// SPDX-License-Identifier: MIT
//
// Proof of layers: that all of a step can run at once, and how long each layer runs.
//
// A layer works while its segment does: in a hold, in kneading, on the ways of a stroke or roll
// that go on without a release; heat also in the rest after that. In the worst case it comes in at
// once and is on all that time, or once in each of its rhythms.
#include <math.h>

#include "core/breath.h"
#include "core/motion_time.h"
#include "core/pacing.h"
#include "core/plan_proof_private.h"

static const struct layer *layer_of(const struct judge *judge, const struct segment *segment,
	int layer)
{
	return &judge->plan->layers[segment->first_layer + layer];
}

static const struct actuator *actuator_of(const struct judge *judge, const struct layer *layer)
{
	return &judge->chair->actuators[layer->actuator];
}

static void find(struct judge *judge, enum finding_kind kind, const struct segment *segment,
	const struct layer *layer, int other, double value, double bound)
{
	plan_findings_add(&judge->proof->findings,
		(struct plan_finding){
			.kind = kind,
			.step = segment->step,
			.layer = layer->index + 1,
			.point = segment->points[0],
			.actuator = layer->actuator,
			.other = other,
			.value = value,
			.bound = bound,
		});
}

static void judge_layer_above(struct judge *judge, enum finding_kind kind,
	const struct segment *segment, const struct layer *layer, double value, double bound)
{
	if (value > bound)
		find(judge, kind, segment, layer, -1, value, bound);
}

static uint32_t bit(int actuator)
{
	return actuator < 0 ? 0 : UINT32_C(1) << actuator;
}

// --- drive -----------------------------------------------------------------------------------

static void judge_drive(struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	const struct actuator *actuator = actuator_of(judge, layer);
	struct region_ceiling ceiling = chair_ceiling(judge->chair, layer->actuator, NAN);

	judge_layer_above(judge, FINDING_DRIVE, segment, layer, layer->permille,
		actuator->drive_max_permille);
	if (!actuator_presses(actuator->kind)) {
		if (actuator_is_switched(actuator) && layer->floor_permille < PERMILLE_FULL)
			find(judge, FINDING_SWITCHED, segment, layer, -1, layer->floor_permille,
				PERMILLE_FULL);
	} else if (actuator->calibration.n) {
		judge_layer_above(judge, FINDING_DRIVE_REGION, segment, layer, layer->permille,
			calibration_drive_permille(&actuator->calibration, ceiling.sustained_n));
	}
}

// --- together --------------------------------------------------------------------------------

static double layer_ma(const struct judge *judge, const struct layer *layer)
{
	const struct actuator *actuator = actuator_of(judge, layer);

	if (actuator_is_switched(actuator))
		return actuator->current_ma;
	return actuator->current_ma * (double)layer->permille / PERMILLE_FULL;
}

static int pump_of(const struct judge *judge, const struct layer *layer)
{
	const struct actuator *actuator = actuator_of(judge, layer);

	return actuator->kind == ACTUATOR_CELL ? actuator->source : -1;
}

// What of the set excludes the actuator; or -1.
static int excluding(const struct chair *chair, int actuator, uint32_t set)
{
	set &= ~bit(actuator);
	for (size_t i = 0; actuator >= 0 && i < chair->n_groups; i++) {
		if (chair->groups[i] & bit(actuator) && chair->groups[i] & set)
			return __builtin_ctz(chair->groups[i] & set);
	}
	return -1;
}

// A carriage that stands needs no current, and runs beside nothing.
static void judge_together(struct judge *judge, const struct segment *segment)
{
	const struct chair *chair = judge->chair;
	int companion, other;
	double ma = judge_main_ma(judge, segment, &companion);
	uint32_t running = bit(segment->actuator) | bit(companion);

	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = layer_of(judge, segment, i);
		int pump = pump_of(judge, layer);

		if ((other = excluding(chair, layer->actuator, running)) >= 0 ||
			(other = excluding(chair, pump, running)) >= 0)
			find(judge, FINDING_EXCLUSIVE, segment, layer, other, 1, 0);
		ma += layer_ma(judge, layer);
		if (pump >= 0 && !(running & bit(pump)))
			ma += chair->actuators[pump].current_ma;
		running |= bit(layer->actuator) | bit(pump);
		if (excluding(chair, layer->actuator, bit(pump)) >= 0)
			find(judge, FINDING_EXCLUSIVE, segment, layer, pump, 1, 0);
		if (chair->current_max_ma > 0)
			judge_layer_above(judge, FINDING_CURRENT, segment, layer, ma,
				chair->current_max_ma);
	}
	judge_note_current(judge, segment->step, ma);
}

// --- zones -----------------------------------------------------------------------------------

// What an actuator presses: the sides of each region.
struct pressed {
	unsigned sides[REGION_COUNT];
};

// All that it reaches; on a carriage, on its way only, and where that may stop.
static void add_pressed(const struct judge *judge, int actuator, const struct segment *way,
	struct pressed *pressed)
{
	const struct chair *chair = judge->chair;
	double from_mm = -INFINITY, to_mm = INFINITY;

	if (way && chair->actuators[actuator].carriage >= 0) {
		double a_mm = way->position_mm, b_mm = segment_travels(way) ? way->from_mm : a_mm;
		double apart_mm = ROLLER_HALF_MM +
			travel_tolerance_mm(&chair->actuators[chair->actuators[actuator].carriage]);

		from_mm = fmin(a_mm, b_mm) - apart_mm;
		to_mm = fmax(a_mm, b_mm) + apart_mm;
	}
	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];

		if (reach->actuator == actuator && fmin(reach->mm_from, reach->mm_to) <= to_mm &&
			fmax(reach->mm_from, reach->mm_to) >= from_mm)
			pressed->sides[reach->region] |= reach->sides;
	}
}

static bool meet(const struct pressed *a, const struct pressed *b)
{
	for (int i = 0; i < REGION_COUNT; i++) {
		if (a->sides[i] & b->sides[i])
			return true;
	}
	return false;
}

static int count_zones(const struct pressed *pressed)
{
	int zones = 0;

	for (int i = 0; i < REGION_COUNT; i++)
		zones += (pressed->sides[i] & SIDE_BOTH) == SIDE_BOTH ? 2 : pressed->sides[i] != 0;
	return zones;
}

static void judge_zones(struct judge *judge, const struct segment *segment)
{
	struct pressed all = { { 0 } };
	bool presses = actuator_presses(judge->chair->actuators[segment->actuator].kind);
	int zones = presses ? judge_zones_of(judge, segment) : 0;

	if (presses)
		add_pressed(judge, segment->actuator, segment, &all);
	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = layer_of(judge, segment, i);
		struct pressed its = { { 0 } };

		if (!actuator_presses(actuator_of(judge, layer)->kind))
			continue;
		add_pressed(judge, layer->actuator, NULL, &its);
		if (meet(&all, &its))
			find(judge, FINDING_LAYER_ZONE, segment, layer, segment->actuator, 1, 0);
		add_pressed(judge, layer->actuator, NULL, &all);
		zones += count_zones(&its);
	}
	judge_note_zones(judge, segment->step, zones);
}

// --- times -----------------------------------------------------------------------------------

// A segment that goes on with the next ones is judged as one, at its first.
static bool is_first(const struct judge *judge, const struct segment *segment)
{
	size_t index = (size_t)(segment - judge->plan->segments);

	return index == 0 || !plan_stroke_goes_on(judge->plan, index - 1);
}

static double roll_s(const struct judge *judge, const struct segment *segment)
{
	const struct actuator *carriage = &judge->chair->actuators[segment->carriage];
	size_t index = (size_t)(segment - judge->plan->segments);
	double seconds = 0;

	do {
		segment = &judge->plan->segments[index];
		seconds += travel_max_s(carriage, fabs(segment->position_mm - segment->from_mm),
			stroke_permille(carriage, segment->speed_mm_s));
	} while (plan_stroke_goes_on(judge->plan, index++));
	return seconds;
}

// The longest that the technique works.
static double technique_s(const struct judge *judge, const struct segment *segment)
{
	switch (segment->technique) {
	case TECHNIQUE_ROLL:
		return roll_s(judge, segment);
	case TECHNIQUE_STROKE:
		return segment->longest_s;
	default:
		return segment->hold_s + FRAME_MAX_S;
	}
}

// The release and the rest after it: the last of segments that go on has the rest.
static double rest_s(const struct judge *judge, const struct segment *segment)
{
	double release_s = press_release_max_s(&judge->chair->actuators[segment->actuator]);
	size_t index = (size_t)(segment - judge->plan->segments);

	for (int i = 0; i < segment->n_layers; i++)
		release_s = fmax(release_s,
			press_release_max_s(actuator_of(judge, layer_of(judge, segment, i))));
	while (plan_stroke_goes_on(judge->plan, index))
		index++;
	return release_s + judge->plan->segments[index].rest_s;
}

// The longest that a layer may be on with it.
static double work_s(const struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	double s = technique_s(judge, segment);

	return layer_kind_lasts(actuator_of(judge, layer)->kind) ? s + rest_s(judge, segment) : s;
}

// Of what does not press; what is on or off has none.
static double ramp_s(const struct judge *judge, const struct layer *layer)
{
	return actuator_is_switched(actuator_of(judge, layer))
		? 0
		: layer->permille / LAYER_RAMP_PERMILLE_S;
}

static double ramp_max_s(const struct judge *judge, const struct layer *layer)
{
	const struct breath breath = {
		.inhale_s = judge->plan->inhale_s,
		.exhale_s = judge->plan->exhale_s,
	};

	return actuator_presses(actuator_of(judge, layer)->kind)
		? breath_ramp_max_s(&breath, layer->permille / LAYER_RAMP_PERMILLE_S)
		: ramp_s(judge, layer);
}

// The longest that a layer is on without a break. Out it goes by its ramp, or its release.
static double unbroken_s(const struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	const struct actuator *actuator = actuator_of(judge, layer);
	double out_s = actuator_presses(actuator->kind) ? press_release_max_s(actuator)
							: ramp_s(judge, layer);
	double most_s = work_s(judge, segment, layer) + out_s + FRAME_MAX_S;

	if (layer->on_s <= 0)
		return most_s;
	return fmin(ramp_max_s(judge, layer) + layer->on_s + out_s + FRAME_MAX_S, most_s);
}

// How often it comes in.
static double times_on(const struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	double rhythm_s = layer->on_s + layer->off_s;

	return layer->on_s > 0 ? ceil(work_s(judge, segment, layer) / rhythm_s) : 1;
}

// Its pump fills it each time, and makes up for the leak.
static double pump_s(const struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	const struct actuator *cell = actuator_of(judge, layer);
	double on_s = unbroken_s(judge, segment, layer);

	return pump_run_s(cell, layer->permille, on_s);
}

static void judge_times_of(struct judge *judge, const struct segment *segment,
	const struct layer *layer)
{
	const struct actuator *actuator = actuator_of(judge, layer);
	double on_s = unbroken_s(judge, segment, layer);
	double on_max_s = seconds(actuator_on_max_us(actuator));
	double share_s = seconds(pacing_longest_us(actuator));

	judge_note_lines(judge, actuator,
		1u << ROLE_PWM | 1u << ROLE_RUN | 1u << ROLE_FILL | 1u << ROLE_VENT, segment, on_s,
		on_max_s);
	judge_layer_above(judge, FINDING_ON_TIME, segment, layer, on_s, on_max_s);
	if (share_s < on_max_s)
		judge_layer_above(judge, FINDING_SHARE, segment, layer, on_s, share_s);
}

// One cell after the other may need a pump, that of the technique, too.
static void judge_pump(struct judge *judge, const struct segment *segment, int pump)
{
	const struct actuator *actuator = &judge->chair->actuators[pump];
	const struct layer *last = NULL;
	double on_s = judge_pump_s(judge, segment, pump);
	double on_max_s = seconds(actuator_on_max_us(actuator));

	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = layer_of(judge, segment, i);

		if (pump_of(judge, layer) != pump)
			continue;
		on_s += pump_s(judge, segment, layer);
		last = layer;
	}
	if (!last)
		return;
	judge_note_lines(judge, actuator, 1u << ROLE_RUN | 1u << ROLE_PWM, segment, on_s, on_max_s);
	if (on_s > on_max_s)
		find(judge, FINDING_ON_TIME, segment, last, pump, on_s, on_max_s);
}

double layers_busy_s(const struct judge *judge, const struct segment *segment, int actuator)
{
	double busy_s = 0;

	if (!segment->n_layers || !is_first(judge, segment))
		return 0;
	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = layer_of(judge, segment, i);

		if (layer->actuator == actuator)
			busy_s += fmin(times_on(judge, segment, layer) *
					unbroken_s(judge, segment, layer),
				work_s(judge, segment, layer));
		if (pump_of(judge, layer) == actuator)
			busy_s += fmin(times_on(judge, segment, layer) *
					pump_s(judge, segment, layer),
				work_s(judge, segment, layer));
	}
	return busy_s;
}

uint32_t layers_used(const struct judge *judge, const struct segment *segment)
{
	uint32_t used = 0;

	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = layer_of(judge, segment, i);

		used |= bit(layer->actuator) | bit(pump_of(judge, layer));
	}
	return used;
}

void judge_layers(struct judge *judge, const struct segment *segment)
{
	if (!segment->n_layers)
		return;
	judge_together(judge, segment);
	judge_zones(judge, segment);
	if (!is_first(judge, segment))
		return;
	for (int i = 0; i < segment->n_layers; i++) {
		judge_drive(judge, segment, layer_of(judge, segment, i));
		judge_times_of(judge, segment, layer_of(judge, segment, i));
	}
	for (int i = 0; i < (int)judge->chair->n_actuators; i++) {
		if (judge->chair->actuators[i].kind == ACTUATOR_SOURCE)
			judge_pump(judge, segment, i);
	}
}
