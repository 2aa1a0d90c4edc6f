// SPDX-License-Identifier: MIT
//
// From the layers of a step to those of a segment: the actuators that this chair has for them.
#include <math.h>

#include "core/plan_private.h"

static uint32_t bit(int actuator)
{
	return actuator < 0 ? 0 : UINT32_C(1) << actuator;
}

static void find(struct planner *planner, enum finding_kind kind, int layer, int actuator)
{
	plan_findings_add(planner->findings,
		(struct plan_finding){
			.kind = kind,
			.step = planner->step,
			.layer = layer + 1,
			.point = -1,
			.actuator = actuator,
			.other = -1,
			.value = 1,
		});
}

// It rides on another carriage than the segment's: it would work somewhere else.
static bool is_elsewhere(const struct actuator *actuator, const struct segment *segment)
{
	return actuator->carriage >= 0 && segment->carriage >= 0 &&
		actuator->carriage != segment->carriage;
}

// The actuator of a layer: by its name, or the first one of its kind that is not in use; one in use
// if there is no other; or -1.
static int actuator_for(const struct chair *chair, const struct step_layer *layer,
	const struct segment *segment, uint32_t used)
{
	int in_use = -1;

	if (*layer->actuator)
		return chair_find_actuator(chair, layer->actuator);
	for (int i = 0; i < (int)chair->n_actuators; i++) {
		if (chair->actuators[i].kind != layer->kind ||
			is_elsewhere(&chair->actuators[i], segment))
			continue;
		if (!(used & bit(i)))
			return i;
		in_use = i;
	}
	return in_use;
}

// Whether it presses on a place that is closed to the person: a layer names no points.
static bool is_closed(const struct planner *planner, int actuator)
{
	const struct chair *chair = planner->chair;

	if (!actuator_presses(chair->actuators[actuator].kind))
		return false;
	for (size_t i = 0; i < planner->atlas->n_points; i++) {
		const struct point *point = &planner->atlas->points[i];

		for (size_t k = 0; point_is_nowhere(point) && k < chair->n_reaches; k++) {
			const struct reach *reach = &chair->reaches[k];

			if (reach->actuator == actuator && reach->region == point->region &&
				reach->sides & point->side && point->along >= reach->along_from &&
				point->along <= reach->along_to)
				return true;
		}
	}
	return false;
}

// The actuator that plays a layer of the step, or -1; then an error, unless it may be left out.
static int play(struct planner *planner, int index, const struct segment *segment, uint32_t used)
{
	const struct step_layer *layer = &plan_step(planner)->layers[index];
	int actuator = actuator_for(planner->chair, layer, segment, used);
	enum finding_kind kind;

	if (actuator < 0)
		kind = FINDING_LAYER_MISSING;
	else if (!layer_kind_allowed(planner->chair->actuators[actuator].kind))
		kind = FINDING_LAYER_KIND;
	else if (used & bit(actuator))
		kind = FINDING_LAYER_TWICE;
	else if (is_closed(planner, actuator))
		kind = FINDING_LAYER_CLOSED;
	else
		return actuator;
	if (!layer->optional || kind == FINDING_LAYER_KIND || kind == FINDING_LAYER_TWICE)
		find(planner, kind, index, actuator);
	return -1;
}

// What presses rests for as long as it has pressed.
static struct layer make(const struct planner *planner, int index, int actuator)
{
	const struct step_layer *layer = &plan_step(planner)->layers[index];
	bool presses = actuator_presses(planner->chair->actuators[actuator].kind);
	double rhythm_s = layer_kind_rhythm_s(planner->chair->actuators[actuator].kind);
	double on_s = layer->on_s > 0 ? layer->on_s : rhythm_s;
	double off_s = layer->off_s > 0 ? layer->off_s : on_s;

	return (struct layer){
		.actuator = (int8_t)actuator,
		.index = (uint8_t)index,
		.permille = (uint16_t)lround(layer->permille),
		.floor_permille = (uint16_t)lround(layer->floor_permille),
		.on_s = (float)on_s,
		.off_s = (float)(presses ? fmax(off_s, on_s) : off_s),
	};
}

static bool same_place(const struct segment *a, const struct segment *b)
{
	return a->step == b->step && a->actuator == b->actuator && a->carriage == b->carriage &&
		(a->width == WIDTH_ANY) == (b->width == WIDTH_ANY);
}

void plan_add_layers(struct planner *planner, struct segment *segment)
{
	const struct profile_step *step = plan_step(planner);
	struct plan *plan = planner->plan;
	const struct segment *last = segment;
	uint32_t used = bit(segment->actuator) | bit(segment->carriage) |
		(segment->width == WIDTH_ANY ? 0 : bit(segment->setter));

	if (!step->n_layers)
		return;
	if (plan->n_segments)
		last = &plan->segments[plan->n_segments - 1];
	if (last != segment && same_place(last, segment)) {
		segment->first_layer = last->first_layer;
		segment->n_layers = last->n_layers;
		return;
	}
	segment->first_layer = (uint16_t)plan->n_layers;
	for (int i = 0; i < (int)step->n_layers; i++) {
		int actuator = play(planner, i, segment, used);

		if (actuator < 0)
			continue;
		if (plan->n_layers == PLAN_LAYERS_MAX) {
			find(planner, FINDING_TOO_MANY, i, -1);
			return;
		}
		used |= bit(actuator);
		planner->at_width[actuator] = WIDTH_ANY; // a knead leaves its contact
		plan->layers[plan->n_layers++] = make(planner, i, actuator);
		segment->n_layers++;
	}
}

void plan_pace_layers(struct planner *planner, const struct segment *segment, int64_t from_us)
{
	for (int i = 0; i < segment->n_layers; i++) {
		const struct layer *layer = &planner->plan->layers[segment->first_layer + i];

		if (actuator_presses(planner->chair->actuators[layer->actuator].kind))
			pacing_note(&planner->pacing[layer->actuator], from_us,
				planner->pessimistic_us, ZONE_EVERYWHERE);
	}
}
