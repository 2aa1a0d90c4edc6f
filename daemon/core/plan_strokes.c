// SPDX-License-Identifier: MIT
//
// The segments of what a carriage does on its way: strokes, and rolls.
#include <math.h>

#include "core/motion_time.h"
#include "core/plan_private.h"

#define STROKE_PACED 1.5 // times the likely duration

// Strokes that follow each other without a release, for as long as the actuator may press. Runs
// alternate: there, back, there.
struct chain {
	struct segment segment[PATHWAY_POINTS_MAX];
	size_t n;
	double press_s, longest_s; // as in a segment
	struct zone zone;
};

static void flush_chain(struct planner *planner, struct chain *chain)
{
	struct segment *first = chain->segment, *last;

	if (!chain->n)
		return;
	last = &chain->segment[chain->n - 1];
	first->press_s = chain->press_s;
	first->longest_s = chain->longest_s;
	first->zone = chain->zone;
	first->estimate_s += plan_ramp_s(planner, &planner->chair->actuators[first->actuator],
				     LIKELY) +
		plan_travel_s(planner, first->carriage, first->from_mm) +
		plan_set_width_s(planner, first);
	last->rest_s = plan_step(planner)->rest_s;
	last->estimate_s += RELEASE_LIKELY_S + last->rest_s;
	for (size_t i = 0; i < chain->n; i++) {
		planner->at_mm[last->carriage] = chain->segment[i].position_mm;
		plan_add_segment(planner, &chain->segment[i]);
	}
	chain->n = 0;
}

static void begin_chain(const struct planner *planner, struct chain *chain,
	const struct actuator *actuator, struct zone way)
{
	chain->press_s = plan_ramp_s(planner, actuator, PACED) + RELEASE_PACED_S;
	chain->longest_s = plan_ramp_s(planner, actuator, LONGEST) + press_release_max_s(actuator) +
		FRAME_MAX_S;
	chain->zone = way;
}

// Whether the chain would press for too long if this way were added.
static bool is_full(const struct chain *chain, const struct actuator *actuator, double paced_s,
	double longest_s)
{
	return chain->n == PATHWAY_POINTS_MAX ||
		chain->press_s + paced_s > (double)pacing_longest_us(actuator) / US_PER_S ||
		chain->longest_s + longest_s > (double)actuator_on_max_us(actuator) / US_PER_S;
}

// The rollers keep their width while they press.
static bool changes_width(const struct chain *chain, const struct segment *segment)
{
	return chain->n && chain->segment[chain->n - 1].width != segment->width;
}

static void add_stroke(struct planner *planner, struct chain *chain, const struct press_site *from,
	const struct press_site *to, int repeat)
{
	const struct actuator *actuator = &planner->chair->actuators[to->hit.actuator];
	const struct actuator *carriage = &planner->chair->actuators[to->hit.carriage];
	struct segment segment = plan_segment_at(planner, to);
	struct zone way = zone_join(zone_at(from->hit.position_mm), segment.zone);
	double way_mm = fabs(to->hit.position_mm - from->hit.position_mm), paced_s, longest_s;

	segment.repeat = (uint8_t)repeat;
	segment.from_mm = from->hit.position_mm;
	segment.speed_mm_s = plan_step(planner)->speed_mm_s;
	segment.estimate_s = stroke_likely_s(way_mm, segment.speed_mm_s);
	paced_s = STROKE_PACED * segment.estimate_s;
	longest_s = travel_max_s(carriage, way_mm, stroke_permille(carriage, segment.speed_mm_s));
	if (is_full(chain, actuator, paced_s, longest_s) || changes_width(chain, &segment))
		flush_chain(planner, chain);
	if (!chain->n)
		begin_chain(planner, chain, actuator, way);
	chain->press_s += paced_s;
	chain->longest_s += longest_s;
	chain->zone = zone_join(chain->zone, way);
	chain->segment[chain->n++] = segment;
}

void plan_strokes(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);
	struct chain chain; // begin_chain() fills it: to clear it all would take longer
	int runs = step->repeats > 1 ? step->repeats : 1;

	chain.n = 0;
	plan_collect_sites(planner, 1u << ACTUATOR_PRESS, true);
	for (int run = 0; run < runs; run++) {
		for (size_t k = 1; k < planner->n_sites; k++) {
			size_t a = run % 2 ? planner->n_sites - k : k - 1;
			size_t b = run % 2 ? planner->n_sites - k - 1 : k;
			const struct press_site *from = &planner->sites[a],
						*to = &planner->sites[b];

			if (from->hit.actuator != to->hit.actuator) // another roller continues
				flush_chain(planner, &chain);
			else
				add_stroke(planner, &chain, from, to, run);
		}
	}
	flush_chain(planner, &chain);
}

// The two ends of a roll: the first and the last of a carriage's points on its way.
struct stretch {
	const struct press_site *from, *to;
};

static struct stretch stretch_of(const struct planner *planner, int carriage)
{
	struct stretch stretch = { NULL, NULL };

	for (size_t i = 0; i < planner->n_sites; i++) {
		const struct press_site *site = &planner->sites[i];

		if (site->hit.carriage != carriage)
			continue;
		if (!stretch.from || site->hit.position_mm < stretch.from->hit.position_mm)
			stretch.from = site;
		if (!stretch.to || site->hit.position_mm > stretch.to->hit.position_mm)
			stretch.to = site;
	}
	return stretch;
}

static void add_leg(struct planner *planner, const struct press_site *from,
	const struct press_site *to, int repeat)
{
	struct segment segment = plan_segment_at(planner, to);
	double way_mm = fabs(to->hit.position_mm - from->hit.position_mm);

	segment.actuator = segment.carriage;
	segment.width = WIDTH_ANY; // nothing presses: a knead beside it changes it all the way
	segment.target = (struct target){ TARGET_PERMILLE, 0, 0 };
	segment.repeat = (uint8_t)repeat;
	segment.from_mm = from->hit.position_mm;
	segment.speed_mm_s = plan_step(planner)->speed_mm_s;
	segment.estimate_s = stroke_likely_s(way_mm, segment.speed_mm_s) +
		plan_travel_s(planner, segment.carriage, segment.from_mm);
	planner->at_mm[segment.carriage] = segment.position_mm;
	plan_add_segment(planner, &segment);
}

// Whatever rides on a carriage says where it reaches the points.
void plan_rolls(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);

	plan_collect_sites(planner, ROLLING_KINDS, true);
	for (size_t i = 0; i < planner->chair->n_actuators; i++) {
		struct stretch stretch = stretch_of(planner, (int)i);

		if (!stretch.from || stretch.from->hit.position_mm >= stretch.to->hit.position_mm)
			continue;
		for (int run = 0; run < step->repeats; run++) {
			add_leg(planner, stretch.from, stretch.to, run);
			add_leg(planner, stretch.to, stretch.from, run);
		}
	}
}
