// SPDX-License-Identifier: MIT
//
// Proof of times: the longest unbroken drive of each line, the drive in any five minutes, and the
// ways of carriages.
//
// Presses, cells and kneading are paced by the session (pacing.h), so that their share is never
// exceeded unless one drive alone is longer. Pumps and carriages are not paced.
#include <math.h>

#include "core/motion_time.h"
#include "core/pacing.h"
#include "core/plan_proof_private.h"
#include "core/timed.h"

#define FULL_CELL_PERMILLE 950 // from that level on a pump may run all the time against the leak
#define PUMP_MARGIN        2   // times the time to fill, and to make up for the leak

double seconds(int64_t us)
{
	return us == TIME_NEVER ? INFINITY : (double)us / US_PER_S;
}

static void note_line(struct judge *judge, const struct actuator *actuator, enum line_role role,
	const struct segment *segment, double longest_s, double allowed_s)
{
	struct line_time *line;

	if (actuator->line[role] < 0)
		return;
	line = &judge->proof->lines[actuator->line[role]];
	if (longest_s <= line->longest_s)
		return;
	line->longest_s = longest_s;
	line->allowed_s = allowed_s;
	line->step = segment ? segment->step : -1;
}

void judge_note_lines(struct judge *judge, const struct actuator *actuator, unsigned roles,
	const struct segment *segment, double longest_s, double allowed_s)
{
	for (; roles; roles &= roles - 1)
		note_line(judge, actuator, (enum line_role)__builtin_ctz(roles), segment, longest_s,
			allowed_s);
}

// --- presses, cells, kneading ----------------------------------------------------------------

static void judge_drive(struct judge *judge, const struct segment *segment)
{
	const struct actuator *actuator = &judge->chair->actuators[segment->actuator];
	double on_max_s = seconds(actuator_on_max_us(actuator));
	double longest_s = seconds(pacing_longest_us(actuator));

	if (segment->press_s <= 0) // belongs to the stroke before
		return;
	judge_note_lines(judge, actuator,
		1u << ROLE_FORWARD | 1u << ROLE_PWM | 1u << ROLE_FILL | 1u << ROLE_VALVE, segment,
		segment->longest_s, on_max_s);
	if (actuator_presses(actuator->kind))
		judge_note_lines(judge, actuator, 1u << ROLE_REVERSE | 1u << ROLE_VENT, segment,
			press_release_max_s(actuator), press_release_max_s(actuator));
	else if (actuator_is_posture(actuator->kind))
		judge_note_lines(judge, actuator, 1u << ROLE_REVERSE, segment, segment->longest_s,
			on_max_s);
	judge_above(judge, FINDING_ON_TIME, segment, segment->actuator, -1, segment->longest_s,
		on_max_s);
	if (longest_s < on_max_s)
		judge_above(judge, FINDING_SHARE, segment, segment->actuator, -1, segment->press_s,
			longest_s);
}

// --- pumps -----------------------------------------------------------------------------------

// A pump runs to fill its cell, and to make up for the leak.
double pump_run_s(const struct actuator *cell, double level_permille, double pressed_s)
{
	double fill_s = cell->fill_ms / 1e3, leak_s = cell->leak_ms / 1e3, run_s;

	if (level_permille < 0 || level_permille >= FULL_CELL_PERMILLE || leak_s <= 0)
		return pressed_s;
	run_s = PUMP_MARGIN * (fill_s + pressed_s * fill_s / leak_s);
	return fmin(run_s, pressed_s);
}

static double pump_s(const struct judge *judge, const struct segment *segment)
{
	const struct actuator *cell = &judge->chair->actuators[segment->actuator];
	double level = segment->target.value;

	if (segment->target.unit == TARGET_NEWTON)
		level = calibration_drive_permille(&cell->calibration, level);
	return pump_run_s(cell, level, segment->longest_s - press_release_max_s(cell));
}

static int pump_of(const struct judge *judge, const struct segment *segment)
{
	if (segment->actuator < 0 ||
		judge->chair->actuators[segment->actuator].kind != ACTUATOR_CELL)
		return -1;
	return judge->chair->actuators[segment->actuator].source;
}

double judge_pump_s(const struct judge *judge, const struct segment *segment, int pump)
{
	return pump_of(judge, segment) == pump ? pump_s(judge, segment) : 0;
}

static void judge_pump(struct judge *judge, const struct segment *segment)
{
	int pump = pump_of(judge, segment);
	const struct actuator *actuator;
	double on_max_s;

	if (pump < 0)
		return;
	actuator = &judge->chair->actuators[pump];
	on_max_s = seconds(actuator_on_max_us(actuator));
	judge_note_lines(judge, actuator, 1u << ROLE_RUN | 1u << ROLE_PWM, segment,
		pump_s(judge, segment), on_max_s);
	judge_above(judge, FINDING_ON_TIME, segment, pump, -1, pump_s(judge, segment), on_max_s);
}

// --- widths ----------------------------------------------------------------------------------

// A knead may look for its contact for that long.
static void judge_width(struct judge *judge, const struct segment *segment)
{
	const struct actuator *knead = &judge->chair->actuators[segment->setter];
	double on_max_s = seconds(actuator_on_max_us(knead));

	if (segment->width == WIDTH_ANY)
		return;
	note_line(judge, knead, ROLE_PWM, segment, width_max_s(knead), on_max_s);
	judge_above(judge, FINDING_ON_TIME, segment, segment->setter, -1, width_max_s(knead),
		on_max_s);
}

// --- carriages -------------------------------------------------------------------------------

static void judge_way(struct judge *judge, const struct segment *segment, int carriage,
	double way_mm, int drive_permille)
{
	const struct actuator *actuator = &judge->chair->actuators[carriage];
	double longest_s = travel_max_s(actuator, way_mm, drive_permille);
	double allowed_s = seconds(actuator_on_max_us(actuator));
	double pulse_s = travel_pulse_max_s(actuator, drive_permille);

	if (actuator->travel_max_ms)
		allowed_s = fmin(allowed_s, actuator->travel_max_ms / 1e3);
	judge_note_lines(judge, actuator, 1u << ROLE_FORWARD | 1u << ROLE_REVERSE | 1u << ROLE_PWM,
		segment, longest_s, allowed_s);
	judge_above(judge, FINDING_TRAVEL, segment, carriage, -1, longest_s, allowed_s);
	if (actuator->no_pulse_ms)
		judge_above(judge, FINDING_PULSES, segment, carriage, -1, pulse_s,
			actuator->no_pulse_ms / 1e3);
}

// The ways of one carriage: home, to each segment, along each stroke, and home again.
static void walk(struct judge *judge, int carriage)
{
	const struct actuator *actuator = &judge->chair->actuators[carriage];
	double at_mm = 0;
	bool used = false;

	for (size_t i = 0; i < judge->plan->n_segments; i++) {
		const struct segment *segment = &judge->plan->segments[i];
		bool stroke = segment_travels(segment);
		double to_mm = stroke ? segment->from_mm : segment->position_mm;

		if (segment->carriage != carriage)
			continue;
		used = true;
		if (fabs(to_mm - at_mm) > 0)
			judge_way(judge, segment, carriage, fabs(to_mm - at_mm),
				actuator->drive_max_permille);
		if (stroke)
			judge_way(judge, segment, carriage,
				fabs(segment->position_mm - segment->from_mm),
				stroke_permille(actuator, segment->speed_mm_s));
		at_mm = segment->position_mm;
	}
	if (used)
		judge_way(judge, NULL, carriage, actuator->soft_max_mm + actuator->soft_min_mm,
			HOMING_DRIVE_PERMILLE);
}

// --- shares ----------------------------------------------------------------------------------

struct interval {
	double from_s, to_s;
};

// The longest way of a carriage to a segment; without pulses, by a contact.
static double approach_s(const struct actuator *carriage, double at_mm, double to_mm)
{
	double contact_mm;

	if (at_mm == to_mm)
		return 0;
	if (!travel_is_timed(carriage))
		return travel_max_s(carriage, fabs(to_mm - at_mm), carriage->drive_max_permille);
	contact_mm = timed_contact_mm(carriage, to_mm);
	return travel_max_s(carriage, fabs(contact_mm - at_mm), PERMILLE_FULL) +
		travel_max_s(carriage, fabs(to_mm - contact_mm), PERMILLE_FULL);
}

// How long a segment drives the carriage. Sets *at_mm to where it is after it.
static double travel_s(const struct actuator *carriage, const struct segment *segment,
	double *at_mm)
{
	bool stroke = segment_travels(segment);
	double to_mm = stroke ? segment->from_mm : segment->position_mm, s = 0;

	s += approach_s(carriage, *at_mm, to_mm);
	if (stroke)
		s += travel_max_s(carriage, fabs(segment->position_mm - segment->from_mm),
			stroke_permille(carriage, segment->speed_mm_s));
	*at_mm = segment->position_mm;
	return s;
}

// Where an actuator is after a segment: a carriage, and the contact of a knead.
struct place {
	double mm;
	int width; // enum width
};

// How long a segment drives the actuator. Updates its place.
static double busy_s(const struct judge *judge, const struct segment *segment, int actuator,
	struct place *at)
{
	const struct actuator *config = &judge->chair->actuators[actuator];
	double layers_s = layers_busy_s(judge, segment, actuator), s = layers_s;
	int left = at->width;

	if ((segment->actuator == actuator && segment->carriage != actuator) || layers_s > 0)
		at->width = WIDTH_ANY;
	if (segment->actuator == actuator && segment->carriage != actuator)
		return segment->press_s;
	if (pump_of(judge, segment) == actuator)
		s += pump_s(judge, segment);
	if (segment->carriage == actuator)
		return s + travel_s(config, segment, &at->mm);
	if (segment->width == WIDTH_ANY || segment->setter != actuator)
		return s;
	if (layers_s <= 0)
		at->width = segment->width;
	return left == segment->width ? s : s + width_max_s(config);
}

// How long the actuator is not driven in a segment, and after it.
static double idle_s(const struct segment *segment, const struct actuator *actuator, double drive_s)
{
	if (layer_kind_lasts(actuator->kind))
		return fmax(segment->hold_s + segment->rest_s - drive_s, 0);
	return fmax(segment->hold_s - drive_s, 0) + segment->rest_s;
}

// The longest drive within any five minutes, one interval a segment, and the segment at its end. Of
// everything else only the holds and the rests take time.
static double longest_share_s(const struct judge *judge, int actuator,
	const struct segment **ret_segment)
{
	struct interval intervals[PLAN_SEGMENTS_MAX];
	size_t n = 0, first = 0;
	struct place at = { 0 };
	double now_s = 0, sum_s = 0, longest_s = 0;

	for (size_t i = 0; i < judge->plan->n_segments; i++) {
		const struct segment *segment = &judge->plan->segments[i];
		double drive_s = busy_s(judge, segment, actuator, &at), cut_s;

		intervals[n++] = (struct interval){ now_s, now_s + drive_s };
		sum_s += drive_s;
		now_s += drive_s;
		while (intervals[first].to_s <= now_s - DUTY_WINDOW_S) {
			sum_s -= intervals[first].to_s - intervals[first].from_s;
			first++;
		}
		cut_s = fmax(now_s - DUTY_WINDOW_S - intervals[first].from_s, 0);
		if (sum_s - cut_s > longest_s) {
			longest_s = sum_s - cut_s;
			*ret_segment = segment;
		}
		now_s += idle_s(segment, &judge->chair->actuators[actuator], drive_s);
	}
	return longest_s;
}

static void judge_share(struct judge *judge, int actuator, bool used)
{
	const struct actuator *config = &judge->chair->actuators[actuator];
	struct share_time *share = &judge->proof->shares[actuator];
	const struct segment *segment = NULL;

	share->allowed_s = seconds(actuator_share_us(config));
	if (used)
		share->longest_s = longest_share_s(judge, actuator, &segment);
	if (config->kind == ACTUATOR_TRAVEL || config->kind == ACTUATOR_SOURCE ||
		actuator_sets_width(config))
		judge_above(judge, FINDING_SHARE, segment, actuator, -1, share->longest_s,
			share->allowed_s);
}

static unsigned bit(int actuator)
{
	return actuator < 0 ? 0 : 1u << actuator;
}

void judge_times(struct judge *judge)
{
	unsigned used = 0; // set of the actuators that it drives

	for (size_t i = 0; i < judge->plan->n_segments; i++) {
		const struct segment *segment = &judge->plan->segments[i];

		if (segment->actuator < 0)
			continue;
		used |= bit(segment->actuator) | bit(segment->carriage) |
			bit(pump_of(judge, segment)) | layers_used(judge, segment) |
			(segment->width == WIDTH_ANY ? 0 : bit(segment->setter));
		judge_drive(judge, segment);
		judge_pump(judge, segment);
		judge_width(judge, segment);
	}
	for (size_t i = 0; i < judge->chair->n_actuators; i++) {
		if (judge->chair->actuators[i].kind == ACTUATOR_TRAVEL)
			walk(judge, (int)i);
		judge_share(judge, (int)i, used & bit((int)i));
	}
}
