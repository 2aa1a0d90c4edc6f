// SPDX-License-Identifier: MIT
//
// The planner: from a profile to segments.
//
// It keeps two clocks. `estimate_s` is the likely duration of a session. On the pessimistic clock
// presses last as long as they may and moves, but for those of a roll, take no time; rests are
// lengthened by it, so that pressing never exceeds its shares.
#include <math.h>
#include <string.h>

#include "core/breath.h"
#include "core/plan_private.h"
#include "core/motion_time.h"
#include "core/timed.h"

#define HOMING_S        8.0
#define PARKING_S       3.0 // besides the travel
// The longest times that pacing expects; beyond them its margin counts.
#define CONTACT_PACED_S 5.0
#define ROLL_LEAST      0.5 // of the likely duration: no carriage is twice as fast

static double ramp_per_s(const struct profile_step *step)
{
	double steepest = step->target.unit == TARGET_NEWTON ? RAMP_HARD_MAX_N_S
							     : RAMP_HARD_MAX_PERMILLE_S;

	return fmin(step->ramp_per_s > 0 ? step->ramp_per_s : steepest, steepest);
}

double plan_ramp_s(const struct planner *planner, const struct actuator *actuator,
	enum length length)
{
	const struct profile_step *step = plan_step(planner);
	const struct breath breath = {
		.inhale_s = planner->profile->inhale_s,
		.exhale_s = planner->profile->exhale_s,
	};
	double unbroken_s = step->target.value / ramp_per_s(step);

	switch (length) {
	case LIKELY:
		return CONTACT_LIKELY_S + breath_ramp_likely_s(&breath, unbroken_s) +
			SETTLE_LIKELY_S;
	case PACED:
		return CONTACT_PACED_S + breath_ramp_max_s(&breath, unbroken_s) + SETTLE_MAX_S;
	default:
		return press_contact_max_s(actuator) + breath_ramp_max_s(&breath, unbroken_s) +
			SETTLE_MAX_S;
	}
}

// The likely duration of a way without pulses: at a contact first, if it would be too far off.
static double timed_s(struct planner *planner, int carriage, double to_mm)
{
	const struct actuator *travel = &planner->chair->actuators[carriage];
	double *at_mm = &planner->at_mm[carriage], *error_mm = &planner->error_mm[carriage];
	double s = 0;

	if (timed_error_after_mm(travel, *error_mm, to_mm - *at_mm) >
		travel->timed.position_error_mm) {
		double contact_mm = timed_contact_mm(travel, to_mm);

		s = travel_likely_s(travel, fabs(contact_mm - *at_mm), PERMILLE_FULL);
		*at_mm = contact_mm;
		*error_mm = TIMED_CONTACT_MM;
	}
	*error_mm = timed_error_after_mm(travel, *error_mm, to_mm - *at_mm);
	s += travel_likely_s(travel, fabs(to_mm - *at_mm), PERMILLE_FULL);
	*at_mm = to_mm;
	return s;
}

double plan_travel_s(struct planner *planner, int carriage, double to_mm)
{
	const struct actuator *travel;
	double way_mm;

	if (carriage < 0)
		return 0;
	travel = &planner->chair->actuators[carriage];
	if (travel_is_timed(travel))
		return timed_s(planner, carriage, to_mm);
	way_mm = fabs(to_mm - planner->at_mm[carriage]);
	planner->at_mm[carriage] = to_mm;
	return travel_likely_s(travel, way_mm, travel->drive_max_permille);
}

double plan_set_width_s(struct planner *planner, const struct segment *segment)
{
	if (segment->width == WIDTH_ANY || planner->at_width[segment->setter] == segment->width)
		return 0;
	planner->at_width[segment->setter] = segment->width;
	return width_likely_s(&planner->chair->actuators[segment->setter]);
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
static void add_required_rest(struct planner *planner, const struct segment *segment)
{
	const struct actuator *actuator = &planner->chair->actuators[segment->actuator];
	struct pacing *pacing = &planner->pacing[segment->actuator];
	int64_t press_us = (int64_t)(segment->press_s * US_PER_S), from_us;

	lengthen_rest(planner, missing_rest_s(planner, segment));
	from_us = pacing_earliest_us(pacing, actuator, planner->pessimistic_us, press_us,
		segment->zone);
	lengthen_rest(planner, (double)(from_us - planner->pessimistic_us) / US_PER_S);
	planner->pessimistic_us = from_us + press_us;
	pacing_note(pacing, from_us, planner->pessimistic_us, segment->zone);
}

void plan_add_segment(struct planner *planner, const struct segment *segment)
{
	struct plan *plan = planner->plan;
	int64_t from_us = planner->pessimistic_us;

	if (plan->n_segments == PLAN_SEGMENTS_MAX) {
		if (!planner->full)
			plan_find(planner, FINDING_TOO_MANY, -1);
		planner->full = true;
		return;
	}
	if (segment->press_s > 0 && segment->technique != TECHNIQUE_POSTURE)
		add_required_rest(planner, segment);
	else if (segment->technique == TECHNIQUE_ROLL)
		planner->pessimistic_us += (int64_t)(ROLL_LEAST * segment->estimate_s * US_PER_S);
	planner->pessimistic_us += (int64_t)(segment->rest_s * US_PER_S);
	plan->segments[plan->n_segments] = *segment;
	plan_add_layers(planner, &plan->segments[plan->n_segments]);
	plan_pace_layers(planner, &plan->segments[plan->n_segments], from_us);
	plan->n_segments++;
}

// What a press there may press: where its carriage may stand.
static struct zone zone_of(const struct planner *planner, const struct reach_hit *hit)
{
	const struct actuator *carriage;

	if (hit->carriage < 0)
		return ZONE_EVERYWHERE;
	carriage = &planner->chair->actuators[hit->carriage];
	return zone_near_mm(hit->position_mm, travel_apart_mm(carriage));
}

struct segment plan_segment_at(const struct planner *planner, const struct press_site *site)
{
	const struct profile_step *step = plan_step(planner);

	return (struct segment){
		.technique = step->technique,
		.step = (uint16_t)planner->step,
		.repeats = (uint8_t)(step->repeats > 1 ? step->repeats : 1),
		.points = { site->points[0], site->points[1] },
		.actuator = (int8_t)site->hit.actuator,
		.carriage = (int8_t)site->hit.carriage,
		.setter = (int8_t)site->hit.setter,
		.width = (uint8_t)site->hit.width,
		.position_mm = site->hit.position_mm,
		.zone = zone_of(planner, &site->hit),
		.target = step->target,
		.ramp_per_s = ramp_per_s(step),
	};
}

static void plan_holds(struct planner *planner)
{
	const struct profile_step *step = plan_step(planner);
	double hold_s = fmin(step->hold_s, HOLD_HARD_MAX_S);

	plan_collect_sites(planner, PRESSING_KINDS, false);
	for (size_t i = 0; i < planner->n_sites; i++) {
		const struct press_site *site = &planner->sites[i];
		const struct actuator *actuator = &planner->chair->actuators[site->hit.actuator];
		struct segment segment = plan_segment_at(planner, site);

		segment.hold_s = hold_s;
		segment.ease_min_s = step->ease_min_s;
		segment.press_s = plan_ramp_s(planner, actuator, PACED) + hold_s + RELEASE_PACED_S;
		segment.longest_s = plan_ramp_s(planner, actuator, LONGEST) + hold_s +
			press_release_max_s(actuator) + FRAME_MAX_S;
		segment.rest_s = step->rest_s;
		for (; segment.repeat < segment.repeats; segment.repeat++) {
			segment.estimate_s = plan_ramp_s(planner, actuator, LIKELY) + hold_s +
				RELEASE_LIKELY_S + segment.rest_s +
				plan_travel_s(planner, segment.carriage, segment.position_mm) +
				plan_set_width_s(planner, &segment);
			plan_add_segment(planner, &segment);
		}
	}
}

// Nothing of it presses in: it turns for its duration at each site.
static void plan_turning(struct planner *planner, unsigned kinds)
{
	plan_collect_sites(planner, kinds, false);
	for (size_t i = 0; i < planner->n_sites; i++) {
		const struct press_site *site = &planner->sites[i];
		struct segment segment = plan_segment_at(planner, site);

		segment.hold_s = segment.press_s = plan_step(planner)->duration_s;
		segment.longest_s = segment.hold_s + FRAME_MAX_S;
		segment.estimate_s = segment.hold_s +
			plan_travel_s(planner, segment.carriage, segment.position_mm) +
			plan_set_width_s(planner, &segment);
		planner->at_width[segment.actuator] = WIDTH_ANY; // a knead leaves its contact
		plan_add_segment(planner, &segment);
	}
}

static void plan_kneading(struct planner *planner)
{
	plan_turning(planner, KNEADING_KINDS);
}

static void plan_tapping(struct planner *planner)
{
	plan_turning(planner, TAPPING_KINDS);
}

static void plan_pause(struct planner *planner)
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
	plan_add_segment(planner, &segment);
}

// Sum up, without the rest after the last segment.
static void close_plan(struct planner *planner)
{
	struct plan *plan = planner->plan;

	plan->homing_s = HOMING_S;
	plan->estimate_s = HOMING_S + PARKING_S;
	if (plan->n_segments) {
		struct segment *last = &plan->segments[plan->n_segments - 1];

		last->estimate_s -= last->rest_s;
		last->rest_s = 0;
	}
	for (size_t i = 0; i < plan->n_segments; i++)
		plan->estimate_s += plan->segments[i].estimate_s;
	for (size_t i = 0; i < planner->chair->n_actuators; i++) {
		if (planner->at_mm[i] > 0)
			plan->estimate_s += plan_travel_s(planner, (int)i, 0);
	}
}

static void plan_technique(struct planner *planner)
{
	static void (*const techniques[TECHNIQUE_COUNT])(struct planner *) = {
		[TECHNIQUE_HOLD] = plan_holds,
		[TECHNIQUE_STROKE] = plan_strokes,
		[TECHNIQUE_KNEAD] = plan_kneading,
		[TECHNIQUE_PAUSE] = plan_pause,
		[TECHNIQUE_TAP] = plan_tapping,
		[TECHNIQUE_ROLL] = plan_rolls,
		[TECHNIQUE_POSTURE] = plan_postures,
	};
	const struct profile_step *step = plan_step(planner);
	size_t before = planner->plan->n_segments;

	techniques[step->technique](planner);
	if (step->technique == TECHNIQUE_POSTURE && !step->optional)
		return; // a part that is missing is an error
	if (planner->plan->n_segments == before && !planner->full)
		plan_find(planner, FINDING_NOTHING_PRESSED, -1);
}

void plan_build(const struct profile *profile, const struct atlas *atlas, const struct chair *chair,
	struct plan *ret_plan, struct plan_findings *findings)
{
	struct planner planner;
	int longest_s = chair->session_max_s > 0 ? chair->session_max_s : SESSION_DEFAULT_S;

	memset(&planner, 0, offsetof(struct planner, sites));
	planner.profile = profile;
	planner.atlas = atlas;
	planner.chair = chair;
	planner.plan = ret_plan;
	planner.findings = findings;
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		planner.pacing[i].n = 0;
		planner.error_mm[i] = TIMED_CONTACT_MM;
	}
	memset(ret_plan, 0, offsetof(struct plan, segments));
	ret_plan->profile_hash = profile->hash;
	ret_plan->inhale_s = profile->inhale_s;
	ret_plan->exhale_s = profile->exhale_s;
	strcpy(ret_plan->profile, profile->name);
	strcpy(ret_plan->title, profile->title);
	if (profile->minutes_max > 0)
		longest_s = (int)min_i64(longest_s, profile->minutes_max * 60);
	ret_plan->max_s = (int)min_i64(longest_s, SESSION_HARD_MAX_S);

	for (; planner.step < (int)profile->n_steps; planner.step++)
		plan_technique(&planner);
	plan_restore_postures(&planner);
	close_plan(&planner);
}

bool plan_reaches_nothing(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *segment = &plan->segments[i];

		if (segment->actuator >= 0 &&
			(segment->technique != TECHNIQUE_POSTURE || !plan->n_unreachable))
			return false;
	}
	return true;
}

void plan_copy(struct plan *to, const struct plan *from)
{
	memcpy(to, from,
		offsetof(struct plan, segments) + from->n_segments * sizeof(from->segments[0]));
}

bool plan_stroke_goes_on(const struct plan *plan, size_t segment)
{
	const struct segment *this = &plan->segments[segment], *next = this + 1;

	if (segment + 1 >= plan->n_segments || next->technique != this->technique)
		return false;
	if (this->technique == TECHNIQUE_ROLL)
		return next->step == this->step && next->carriage == this->carriage;
	return this->technique == TECHNIQUE_STROKE && next->press_s == 0;
}

double target_at(const struct target *target, double intensity_percent)
{
	double share = clamp_double(intensity_percent, 0, 100) / 100;

	return target->floor + (target->value - target->floor) * share;
}
