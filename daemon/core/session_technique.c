// SPDX-License-Identifier: MIT
//
// The phases in which the technique of a segment works: from the way to its point until nothing of
// it presses or turns.
#include "core/session_private.h"

#include <math.h>

#include "core/motion_time.h"

#define CONTACT_US     (int64_t)(CONTACT_BLIND_S * US_PER_S)
#define CONTACT_MAX_US (int64_t)(CONTACT_MAX_S * US_PER_S)
#define SETTLE_MAX_US  (int64_t)(SETTLE_MAX_S * US_PER_S)
#define REACHED        0.97 // of the target

static bool at_position(const struct session *session)
{
	const struct segment *segment = session_segment(session);

	return session_stage_answered(session) &&
		session_state_of(session, segment->carriage)->flags & ACTUATOR_AT_TARGET;
}

static bool at_width(const struct session *session)
{
	const struct segment *segment = session_segment(session);

	return segment->width == WIDTH_ANY ||
		(session_stage_answered(session) &&
			session_state_of(session, segment->setter)->flags & ACTUATOR_AT_TARGET);
}

static bool in_contact(const struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	const struct wire_actuator_state *state = session_state_of(session, segment->actuator);

	if (!session->chair->actuators[segment->actuator].sensor.present)
		return now_us - session->stage_us >= CONTACT_US;
	return session_stage_answered(session) && state->flags & ACTUATOR_FORCE_VALID &&
		state->force_mn / 1000.0 >= CONTACT_N;
}

static void run_approach(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);

	switch (session->stage) {
	case STAGE_CLEAR:
		if (session_all_released(session))
			session_stage(session, now_us,
				session_must_find(session) ? STAGE_FIND : STAGE_TRAVEL);
		else
			session_abort_if_stuck(session, now_us, RELEASE_MAX_US);
		break;
	case STAGE_FIND:
		if (session_stage_answered(session) && session_found(session))
			session_stage(session, now_us, STAGE_TRAVEL);
		else
			session_abort_if_stuck(session, now_us, session_travel_max_us(session));
		break;
	case STAGE_TRAVEL:
		if ((segment->carriage >= 0 && !at_position(session)) || !at_width(session))
			session_abort_if_stuck(session, now_us, session_travel_max_us(session));
		else if (session_is_lost(session)) // stopped on its way, and started again
			session_stage(session, now_us, STAGE_FIND);
		else if (segment->technique == TECHNIQUE_ROLL)
			session_enter(session, now_us, SESSION_STROKE);
		else if (segment->technique == TECHNIQUE_KNEAD)
			session_enter(session, now_us, SESSION_KNEAD);
		else if (segment->technique == TECHNIQUE_TAP)
			session_enter(session, now_us, SESSION_TAP);
		else
			session_stage(session, now_us, STAGE_CONTACT);
		break;
	default:
		if (in_contact(session, now_us)) {
			session_enter(session, now_us, SESSION_PRESS);
			session_start_press(session, now_us);
		} else {
			session_abort_if_stuck(session, now_us, CONTACT_MAX_US);
		}
	}
}

// The ramp ends at its target, or after the longest time that it may take to it.
static void run_press(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	double target = session_target(session);
	double ramp_s = breath_ramp_max_s(&session->breath, target / segment->ramp_per_s);
	bool reached;

	session_update_press(session, now_us);
	reached = session->setpoint >= target &&
		(!session_regulated(session) || session->regulator.force_n >= REACHED * target);
	if (!reached && now_us - session->phase_us < (int64_t)(ramp_s * US_PER_S) + SETTLE_MAX_US)
		return;
	if (segment->technique == TECHNIQUE_STROKE) {
		session_enter(session, now_us, SESSION_STROKE);
		return;
	}
	session_enter(session, now_us, SESSION_HOLD);
	session->eased_s = NAN;
	hold_stats_start(&session->hold_stats, now_us);
	session_emit(session, (struct session_event){ .type = SESSION_EVENT_HOLD_REACHED });
}

static struct hold_result hold_result(const struct session *session)
{
	const struct segment *segment = session_segment(session);

	return (struct hold_result){
		.segment = session->segment,
		.points = { segment->points[0], segment->points[1] },
		.unit = segment->target.unit,
		.measured = session_regulated(session),
		.target = session->hold_stats.seconds > 0 ? session->hold_stats.target
							  : session_target(session),
		.mean = hold_stats_mean(&session->hold_stats),
		.minimum = session->hold_stats.minimum,
		.peak = session->hold_stats.peak,
		.seconds = session->hold_stats.seconds,
		.in_band = hold_stats_in_band(&session->hold_stats),
		.eased_s = session->eased_s,
	};
}

void session_end_press(struct session *session, int64_t now_us)
{
	if (session->phase == SESSION_HOLD)
		session_emit(session,
			(struct session_event){
				.type = SESSION_EVENT_HOLD_DONE,
				.hold = hold_result(session),
			});
	session_layers_end(session, now_us);
	session_enter(session, now_us, SESSION_RELEASE);
}

// The time until this much of the phase is over; not positive: it is.
static double left_s(const struct session *session, int64_t now_us, double seconds)
{
	return (double)(session->phase_us + (int64_t)(seconds * US_PER_S) - now_us) / US_PER_S;
}

static double hold_left_s(const struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	bool eased = !isnan(session->eased_s);

	return left_s(session, now_us,
		eased ? fmin(segment->hold_s, segment->ease_min_s) : segment->hold_s);
}

static void run_hold(struct session *session, int64_t now_us)
{
	if (session->fresh)
		hold_stats_add(&session->hold_stats, now_us, session_value(session),
			session->setpoint, session_target(session));
	session_update_press(session, now_us);
	session_layers_update(session, now_us, hold_left_s(session, now_us));
	if (hold_left_s(session, now_us) <= 0)
		session_end_press(session, now_us);
}

static void run_release(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);
	int64_t release_us = session->chair->actuators[segment->actuator].release_max_ms *
		US_PER_MS;
	int64_t limit_us = max_i64(release_us, session_layers_release_max_us(session)) + SLACK_US;

	session_layers_update(session, now_us, 0);
	if (session_stage_answered(session) && session_all_released(session) &&
		session_layers_out(session))
		session_finish(session, now_us);
	else
		session_abort_if_stuck(session, now_us, limit_us);
}

// The ways that are left, by their speed.
static double travel_left_s(const struct session *session)
{
	const struct segment *segment = session_segment(session);
	const struct wire_actuator_state *carriage = session_state_of(session, segment->carriage);
	double mm = fabs(segment->position_mm - carriage->position_um / 1000.0);
	size_t i = session->segment;

	while (plan_stroke_goes_on(&session->plan, i)) {
		i++;
		mm += fabs(session->plan.segments[i].position_mm -
			session->plan.segments[i].from_mm);
	}
	return mm / stroke_mm_s(&session->chair->actuators[segment->carriage], segment->speed_mm_s);
}

// The press is in: it does not wait for a carriage that stands as long as one without a press may.
static int64_t stroke_max_us(const struct session *session)
{
	const struct segment *segment = session_segment(session);
	const struct actuator *carriage = &session->chair->actuators[segment->carriage];
	double longest_s;

	if (segment->technique == TECHNIQUE_ROLL)
		return session_travel_max_us(session);
	longest_s = travel_max_s(carriage, fabs(segment->position_mm - segment->from_mm),
		stroke_permille(carriage, segment->speed_mm_s));
	return min_i64((int64_t)(longest_s * US_PER_S) + SLACK_US, session_travel_max_us(session));
}

static void run_stroke(struct session *session, int64_t now_us)
{
	const struct segment *segment = session_segment(session);

	if (segment->technique == TECHNIQUE_STROKE)
		session_update_press(session, now_us);
	if (segment->n_layers)
		session_layers_update(session, now_us, travel_left_s(session));
	if (!at_position(session)) {
		session_abort_if_stuck(session, now_us, stroke_max_us(session));
	} else if (plan_stroke_goes_on(&session->plan, session->segment)) {
		session_emit(session, (struct session_event){ .type = SESSION_EVENT_STEP_DONE });
		session->segment = (uint16_t)(segment + 1 - session->plan.segments);
		session->segment_us = now_us;
		session_enter(session, now_us, SESSION_STROKE);
	} else {
		session_end_press(session, now_us);
	}
}

static void stop_turning(struct session *session, int64_t now_us)
{
	const struct wire_actuator_state *state = session_state_of(session,
		session_segment(session)->actuator);

	session_layers_update(session, now_us, 0);
	if (!session_stage_answered(session))
		return;
	if (state->drive_permille == 0 && session_layers_out(session))
		session_finish(session, now_us);
	else
		session_abort_if_stuck(session, now_us,
			SLACK_US + session_layers_release_max_us(session));
}

// Kneading and tapping.
static void run_turning(struct session *session, int64_t now_us)
{
	double turning_s = left_s(session, now_us, session_segment(session)->hold_s);

	if (session->stage == STAGE_STOP) {
		stop_turning(session, now_us);
		return;
	}
	session_layers_update(session, now_us, turning_s);
	if (session->stage == STAGE_CLEAR) {
		session_stage(session, now_us, STAGE_RUN);
	} else if (session->skipping || turning_s <= 0) {
		session_layers_end(session, now_us);
		session_stage(session, now_us, STAGE_STOP);
	}
}

static int64_t posture_max_us(const struct session *session)
{
	const struct actuator *part =
		&session->chair->actuators[session_segment(session)->actuator];

	return (int64_t)(posture_max_s(part) * US_PER_S) + SLACK_US;
}

// It moves once nothing presses. Skipped, it stops where it is.
static void run_posture(struct session *session, int64_t now_us)
{
	if (session->skipping && session->stage != STAGE_STOP) {
		session_stage(session, now_us, STAGE_STOP);
		return;
	}
	switch (session->stage) {
	case STAGE_CLEAR:
		if (session_all_released(session))
			session_stage(session, now_us, STAGE_TRAVEL);
		else
			session_abort_if_stuck(session, now_us, RELEASE_MAX_US);
		break;
	case STAGE_TRAVEL:
		if (session_stage_answered(session) && session_posture_reached(session))
			session_finish(session, now_us);
		else
			session_abort_if_stuck(session, now_us, posture_max_us(session));
		break;
	default:
		if (session_stage_answered(session) &&
			!session_state_of(session, session_segment(session)->actuator)
				->drive_permille)
			session_finish(session, now_us);
		else
			session_abort_if_stuck(session, now_us, SLACK_US);
	}
}

void session_run_technique(struct session *session, int64_t now_us)
{
	static void (*const run[SESSION_PHASE_COUNT])(struct session *, int64_t) = {
		[SESSION_APPROACH] = run_approach,
		[SESSION_PRESS] = run_press,
		[SESSION_HOLD] = run_hold,
		[SESSION_RELEASE] = run_release,
		[SESSION_STROKE] = run_stroke,
		[SESSION_KNEAD] = run_turning,
		[SESSION_TAP] = run_turning,
		[SESSION_POSTURE] = run_posture,
	};

	if (run[session->phase])
		run[session->phase](session, now_us);
}
