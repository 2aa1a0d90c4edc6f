// SPDX-License-Identifier: MIT
//
// The planner: from a profile to segments.
//
// It keeps two clocks. `estimate_s` is the likely duration of a session. On the pessimistic clock
// presses last as long as they may and moves take no time; rests are lengthened by it, so that
// pressing never exceeds its shares.
#include <errno.h>
#include <math.h>
#include <stdio.h>

#include "core/breath.h"
#include "core/plan_private.h"
#include "core/press_time.h"

#define HOMING_S           8.0
#define PARKING_S          3.0 // besides the travel
// The longest times that pacing expects; beyond them its margin counts.
#define CONTACT_PACED_S    5.0
#define RELEASE_PACED_S    2.0 // until it is proven released
#define UNKNOWN_SPEED_MM_S 20.0

static double ramp_per_s(const struct profile_step *step)
{
	double steepest = step->target.unit == TARGET_NEWTON ? RAMP_HARD_MAX_N_S
							     : RAMP_HARD_MAX_PERMILLE_S;

	return fmin(step->ramp_per_s > 0 ? step->ramp_per_s : steepest, steepest);
}

// The time of a press to its target: likely or longest.
static double ramp_s(const struct planner *planner, bool longest)
{
	const struct profile_step *step = plan_step(planner);
	const struct breath breath = {
		.inhale_s = planner->profile->inhale_s,
		.exhale_s = planner->profile->exhale_s,
	};
	double unbroken_s = step->target.value / ramp_per_s(step);

	if (longest)
		return CONTACT_PACED_S + breath_ramp_max_s(&breath, unbroken_s) + SETTLE_MAX_S;
	return CONTACT_LIKELY_S + breath_ramp_likely_s(&breath, unbroken_s) + SETTLE_LIKELY_S;
}

static double travel_s(struct planner *planner, int carriage, double to_mm)
{
	const struct actuator *travel;
	double speed, distance;

	if (carriage < 0)
		return 0;
	travel = &planner->chair->actuators[carriage];
	speed = travel->speed_mm_s * travel->drive_max_permille / PERMILLE_FULL;
	distance = fabs(to_mm - planner->at_mm[carriage]);
	planner->at_mm[carriage] = to_mm;
	return MOVE_S + distance / (speed > 0 ? speed : UNKNOWN_SPEED_MM_S);
}

// Lengthen the rest before the next segment.
static void lengthen_rest(struct planner *planner, double seconds)
{
	struct segment *last;

	if (seconds <= 0) // always, before the first press
		return;
	last = &planner->plan->segments[planner->plan->n_segments - 1];
	last->rest_s += seconds;
	last->estimate_s += seconds;
	planner->pessimistic_us += (int64_t)(seconds * US_PER_S);
}

// The rest still missing in this segment's zone, which must be at least as long as the hold there.
// Holds elsewhere count as rest, with their shortest duration.
static double missing_rest_s(const struct planner *planner, const struct segment *next)
{
	const struct plan *plan = planner->plan;
	double rested_s = 0, missing_s = 0;

	for (size_t i = plan->n_segments; i-- > 0 && rested_s < HOLD_HARD_MAX_S;) {
		const struct segment *segment = &plan->segments[i];

		rested_s += segment->rest_s;
		if (segment->technique == TECHNIQUE_HOLD && segment->actuator == next->actuator &&
			zone_near(segment->zone, next->zone, ZONE_APART_MM))
			missing_s = fmax(missing_s, segment->hold_s - rested_s);
		rested_s += segment->hold_s;
	}
	return missing_s;
}

// Add the rest that this segment's actuator needs before it may press for press_s.
static int add_required_rest(struct planner *planner, const struct segment *segment)
{
	const struct actuator *actuator = &planner->chair->actuators[segment->actuator];
	struct pacing *pacing = &planner->pacing[segment->actuator];
	int64_t press_us = (int64_t)(segment->press_s * US_PER_S);
	int64_t longest_us = pacing_longest_us(actuator), from_us;

	if (press_us > longest_us)
		return plan_refuse(planner, PLAN_PRESS_TOO_LONG, planner->step, segment->points[0],
			segment->press_s, (double)longest_us / US_PER_S);
	lengthen_rest(planner, missing_rest_s(planner, segment));
	from_us = pacing_earliest_us(pacing, actuator, planner->pessimistic_us, press_us,
		segment->zone);
	lengthen_rest(planner, (double)(from_us - planner->pessimistic_us) / US_PER_S);
	planner->pessimistic_us = from_us + press_us;
	pacing_note(pacing, from_us, planner->pessimistic_us, segment->zone);
	return 0;
}

static int add_segment(struct planner *planner, const struct segment *segment)
{
	struct plan *plan = planner->plan;

	if (plan->n_segments == PLAN_SEGMENTS_MAX)
		return plan_refuse(planner, PLAN_TOO_MANY, planner->step, -1, PLAN_SEGMENTS_MAX + 1,
			PLAN_SEGMENTS_MAX);
	if (segment->press_s > 0) {
		int r = add_required_rest(planner, segment);

		if (r < 0)
			return r;
	}
	planner->pessimistic_us += (int64_t)(segment->rest_s * US_PER_S);
	plan->segments[plan->n_segments++] = *segment;
	return 0;
}

static struct segment segment_at(const struct planner *planner, const struct press_site *site)
{
	const struct profile_step *step = plan_step(planner);

	return (struct segment){
		.technique = step->technique,
		.step = (uint16_t)planner->step,
		.repeats = (uint8_t)(step->repeats > 1 ? step->repeats : 1),
		.points = { site->points[0], site->points[1] },
		.actuator = (int8_t)site->hit.actuator,
		.carriage = (int8_t)site->hit.carriage,
		.position_mm = site->hit.position_mm,
		.zone = site->hit.carriage < 0 ? ZONE_EVERYWHERE : zone_at(site->hit.position_mm),
		.target = step->target,
		.ramp_per_s = ramp_per_s(step),
	};
}

static int plan_holds(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);
	double hold_s = fmin(step->hold_s, HOLD_HARD_MAX_S);

	plan_collect_sites(planner, PRESSING_KINDS, false);
	for (size_t i = 0; i < planner->n_sites; i++) {
		const struct press_site *site = &planner->sites[i];
		struct segment segment = segment_at(planner, site);
		int r = plan_check_target(planner, site);

		segment.hold_s = hold_s;
		segment.ease_min_s = step->ease_min_s;
		segment.press_s = ramp_s(planner, true) + hold_s + RELEASE_PACED_S;
		segment.rest_s = step->rest_s;
		for (; r >= 0 && segment.repeat < segment.repeats; segment.repeat++) {
			segment.estimate_s = ramp_s(planner, false) + hold_s + RELEASE_LIKELY_S +
				segment.rest_s +
				travel_s(planner, segment.carriage, segment.position_mm);
			r = add_segment(planner, &segment);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

// Strokes that follow each other without a release, for as long as the actuator may press. Runs
// alternate: there, back, there.
struct chain {
	struct segment segment[PATHWAY_POINTS_MAX];
	size_t n;
	double press_s;
	struct zone zone;
};

static int flush_chain(struct planner *planner, struct chain *chain)
{
	int r = 0;

	if (!chain->n)
		return 0;
	chain->segment[0].press_s = chain->press_s;
	chain->segment[0].zone = chain->zone;
	chain->segment[0].estimate_s += ramp_s(planner, false) +
		travel_s(planner, chain->segment[0].carriage, chain->segment[0].from_mm);
	struct segment *last = &chain->segment[chain->n - 1];
	last->rest_s = plan_step(planner)->rest_s;
	last->estimate_s += RELEASE_LIKELY_S + last->rest_s;
	for (size_t i = 0; i < chain->n && r >= 0; i++) {
		planner->at_mm[last->carriage] = chain->segment[i].position_mm;
		r = add_segment(planner, &chain->segment[i]);
	}
	chain->n = 0;
	return r;
}

static int add_stroke(struct planner *planner, struct chain *chain, const struct press_site *from,
	const struct press_site *to, int repeat)
{
	const struct actuator *actuator = &planner->chair->actuators[to->hit.actuator];
	double longest_s = (double)pacing_longest_us(actuator) / US_PER_S, way_s;
	struct segment segment = segment_at(planner, to);
	struct zone way = zone_join(zone_at(from->hit.position_mm), segment.zone);

	segment.repeat = (uint8_t)repeat;
	segment.from_mm = from->hit.position_mm;
	segment.speed_mm_s = plan_step(planner)->speed_mm_s;
	way_s = stroke_likely_s(segment.from_mm, segment.position_mm, segment.speed_mm_s);
	segment.estimate_s = way_s;
	way_s *= 1.5; // the longest
	if (chain->n == PATHWAY_POINTS_MAX || chain->press_s + way_s > longest_s) {
		int r = flush_chain(planner, chain);

		if (r < 0)
			return r;
	}
	if (!chain->n) {
		chain->press_s = ramp_s(planner, true) + RELEASE_PACED_S;
		chain->zone = way;
	}
	chain->press_s += way_s;
	chain->zone = zone_join(chain->zone, way);
	chain->segment[chain->n++] = segment;
	return 0;
}

static int plan_strokes(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);
	struct chain chain = { 0 };
	int runs = step->repeats > 1 ? step->repeats : 1;
	int r;

	plan_collect_sites(planner, 1u << ACTUATOR_PRESS, true);
	for (size_t i = 0; i < planner->n_sites; i++) {
		r = plan_check_target(planner, &planner->sites[i]);
		if (r < 0)
			return r;
	}
	for (int run = 0; run < runs; run++) {
		for (size_t k = 1; k < planner->n_sites; k++) {
			size_t a = run % 2 ? planner->n_sites - k : k - 1;
			size_t b = run % 2 ? planner->n_sites - k - 1 : k;
			const struct press_site *from = &planner->sites[a],
						*to = &planner->sites[b];

			if (from->hit.actuator != to->hit.actuator) { // another roller continues
				r = flush_chain(planner, &chain);
				if (r < 0)
					return r;
				continue;
			}
			r = add_stroke(planner, &chain, from, to, run);
			if (r < 0)
				return r;
		}
	}
	return flush_chain(planner, &chain);
}

static int plan_kneading(struct planner *planner)
{
	plan_collect_sites(planner, KNEADING_KINDS, false);
	for (size_t i = 0; i < planner->n_sites; i++) {
		const struct press_site *site = &planner->sites[i];
		struct segment segment = segment_at(planner, site);
		int r = plan_check_target(planner, site);

		segment.hold_s = segment.press_s = plan_step(planner)->duration_s;
		segment.estimate_s = segment.hold_s +
			travel_s(planner, segment.carriage, segment.position_mm);
		if (r >= 0)
			r = add_segment(planner, &segment);
		if (r < 0)
			return r;
	}
	return 0;
}

static int plan_pause(struct planner *planner)
{
	const double duration_s = plan_step(planner)->duration_s;
	const struct segment segment = {
		.technique = TECHNIQUE_PAUSE,
		.step = (uint16_t)planner->step,
		.repeats = 1,
		.points = { -1, -1 },
		.actuator = -1,
		.carriage = -1,
		.hold_s = duration_s,
		.estimate_s = duration_s,
	};

	planner->pessimistic_us += (int64_t)(duration_s * US_PER_S);
	return add_segment(planner, &segment);
}

// Sum up, without the rest after the last segment, and check against the longest session.
static int close_plan(struct planner *planner)
{
	struct plan *plan = planner->plan;
	bool reached = false;

	for (size_t i = 0; i < plan->n_segments; i++)
		reached |= plan->segments[i].actuator >= 0;
	if (!reached)
		return plan_refuse(planner, PLAN_NOTHING_REACHED, -1, -1, 0, 0);

	struct segment *last = &plan->segments[plan->n_segments - 1];
	last->estimate_s -= last->rest_s;
	last->rest_s = 0;

	plan->homing_s = HOMING_S;
	plan->estimate_s = HOMING_S + PARKING_S;
	for (size_t i = 0; i < plan->n_segments; i++)
		plan->estimate_s += plan->segments[i].estimate_s;
	for (size_t i = 0; i < planner->chair->n_actuators; i++) {
		if (planner->at_mm[i] > 0)
			plan->estimate_s += travel_s(planner, (int)i, 0);
	}
	if (plan->estimate_s > plan->max_s)
		return plan_refuse(planner, PLAN_TOO_LONG, -1, -1, plan->estimate_s, plan->max_s);
	return 0;
}

static int plan_technique(struct planner *planner)
{
	switch (plan_step(planner)->technique) {
	case TECHNIQUE_HOLD:
		return plan_holds(planner);
	case TECHNIQUE_STROKE:
		return plan_strokes(planner);
	case TECHNIQUE_KNEAD:
		return plan_kneading(planner);
	default:
		return plan_pause(planner);
	}
}

int plan_build(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_problem *ret_problem)
{
	struct planner planner = {
		.profile = profile,
		.atlas = atlas,
		.chair = chair,
		.plan = ret_plan,
		.problem = ret_problem,
	};
	int longest_s = chair->session_max_s > 0 ? chair->session_max_s : SESSION_DEFAULT_S;

	*ret_problem = (struct plan_problem){ .kind = PLAN_OK, .step = -1, .point = -1 };
	*ret_plan = (struct plan){
		.profile_hash = profile->hash,
		.inhale_s = profile->inhale_s,
		.exhale_s = profile->exhale_s,
	};
	snprintf(ret_plan->profile, sizeof(ret_plan->profile), "%s", profile->name);
	snprintf(ret_plan->title, sizeof(ret_plan->title), "%s", profile->title);
	if (profile->minutes_max > 0)
		longest_s = (int)min_i64(longest_s, profile->minutes_max * 60);
	ret_plan->max_s = (int)min_i64(longest_s, SESSION_HARD_MAX_S);

	for (; planner.step < (int)profile->n_steps; planner.step++) {
		int r = plan_technique(&planner);

		if (r < 0)
			return r;
	}
	return close_plan(&planner);
}

bool plan_stroke_goes_on(const struct plan *plan, size_t segment)
{
	return segment + 1 < plan->n_segments &&
		plan->segments[segment + 1].technique == TECHNIQUE_STROKE &&
		plan->segments[segment + 1].press_s == 0;
}

double target_at(const struct target *target, double intensity_percent)
{
	double share = clamp_double(intensity_percent, 0, 100) / 100;

	return target->floor + (target->value - target->floor) * share;
}
