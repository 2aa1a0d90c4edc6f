// SPDX-License-Identifier: MIT
//
// The session against a scripted guard: every phase, and every way to end.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "fake_guard.h"

static int setup(void **state)
{
	*state = fake_new();
	fake_connect(*state);
	return 0;
}

static int teardown(void **state)
{
	fake_free(*state);
	return 0;
}

static void start(struct fake *fake)
{
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_NONE);
}

static void start_and_reach(struct fake *fake, enum session_phase phase)
{
	start(fake);
	assert_true(fake_until(fake, phase));
}

// It ended for this cause: RELEASE was sent, and it comes to rest and stays there.
static void assert_ended(struct fake *fake, enum session_cause cause)
{
	int releases = fake->frames[WIRE_RELEASE];

	assert_int_equal(fake_status(fake).cause, cause);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->cause, cause);
	assert_true(releases >= 1);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_false(fake_status(fake).has_plan);
	fake->frames[WIRE_SETPOINT] = 0;
	fake_run(fake, 5);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_COMPLETED), 0);
}

// --- the whole way ----------------------------------------------------------------------------

static void a_session_goes_through_its_phases(void **state)
{
	static const enum session_phase way[] = {
		SESSION_IDLE, SESSION_ARMING, SESSION_HOMING,
		SESSION_APPROACH, SESSION_PRESS, SESSION_HOLD, SESSION_RELEASE, SESSION_REST,
		SESSION_APPROACH, SESSION_PRESS, SESSION_HOLD, SESSION_RELEASE, SESSION_REST,
		SESSION_APPROACH, SESSION_PRESS, SESSION_STROKE, SESSION_RELEASE, SESSION_REST,
		SESSION_BREAK, SESSION_APPROACH, SESSION_KNEAD,
		SESSION_APPROACH, SESSION_PRESS, SESSION_HOLD, SESSION_RELEASE,
		SESSION_PARKING, SESSION_RELEASING, SESSION_IDLE,
	};
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_RELEASING);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake->n_phases, sizeof(way) / sizeof(way[0]));
	for (size_t i = 0; i < fake->n_phases; i++)
		assert_int_equal(fake->phases[i], way[i]);
	assert_int_equal(fake_count(fake, SESSION_EVENT_STARTED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_REACHED), 3);
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 3);
	assert_int_equal(fake_count(fake, SESSION_EVENT_STEP_DONE), 7);
	assert_int_equal(fake_count(fake, SESSION_EVENT_COMPLETED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	assert_int_equal(fake->report.actuator[CARRIAGE].position_um, 0);
	assert_false(fake->early); // no set point before READY
}

static void carriages_move_only_once_presses_have_let_go(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_STROKE);
	assert_false(fake->together);
	assert_true(fake_until(fake, SESSION_RELEASE));
	assert_true(fake->together); // but for the stroke itself
	fake->together = false;
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_false(fake->together);
}

static void holds_are_measured(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	start_and_reach(fake, SESSION_RELEASE);
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(hold->measured && hold->unit == TARGET_NEWTON);
	assert_true(hold->target == 40 && fabs(hold->mean - 40) < 1);
	assert_true(fabs(hold->seconds - 20) < 0.1);
	assert_true(hold->in_band > 0.99 && hold->peak <= 42 && hold->minimum >= 36);
	assert_int_equal(hold->points[0], 3);
}

static void without_a_sensor_the_calibration_drives(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	fake->chair.actuators[DEPTH].sensor.present = false;
	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 1);
	assert_int_equal(fake->demand[DEPTH].value, 556); // 40 N
	assert_true(fake_until(fake, SESSION_RELEASE));
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(!hold->measured && hold->unit == TARGET_NEWTON && hold->in_band > 0.99);
}

static void per_mille_are_driven_as_they_are(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	fake->plan.segments[0].target = (struct target){ TARGET_PERMILLE, 200, 450 };
	fake->plan.segments[0].ramp_per_s = 100;
	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 1);
	assert_int_equal(fake->demand[DEPTH].value, 450);
	assert_int_equal(fake_status(fake).target_unit, TARGET_PERMILLE);
	assert_true(fake_until(fake, SESSION_RELEASE));
	hold = &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
	assert_true(!hold->measured && hold->unit == TARGET_PERMILLE);
	assert_true(fabs(hold->mean - 450) < 1e-6);
}

// The drive never grows while the person breathes in, and never faster than the ramp.
static void ramps_press_on_the_exhale(void **state)
{
	struct fake *fake = *state;
	int64_t origin_us = fake->now_us;
	int before = 0, grew = 0;

	fake->chair.actuators[DEPTH].sensor.present = false; // drive is then the set point itself
	fake->plan.segments[0].ramp_per_s = 4;
	start_and_reach(fake, SESSION_PRESS);
	while (fake_status(fake).phase == SESSION_PRESS) {
		double breath_s = fmod((double)(fake->now_us - origin_us) / US_PER_S, 10);
		int drive = fake->demand[DEPTH].value;

		if (before && drive > before) {
			grew++;
			assert_true(breath_s < 6.05);
			assert_true(drive - before <= 3); // 4 N/s: 0.9 per mille in 20 ms
		}
		before = drive;
		fake_tick(fake);
	}
	assert_true(grew > 50);
}

static void a_ramp_that_gets_nowhere_ends(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[DEPTH].calibration.at[4].force_n = 45; // the rest of it is weak
	fake->chair.actuators[DEPTH].drive_max_permille = 300;
	start_and_reach(fake, SESSION_PRESS);
	fake_run(fake, 40);
	assert_int_not_equal(fake_status(fake).phase, SESSION_PRESS);
	assert_true(fake->demand[DEPTH].value <= 300);
}

static void what_has_to_rest_rests(struct fake *fake)
{
	int64_t pressed_us = 0, begin_us = fake->now_us;

	for (int i = 1; i < 7; i++)
		fake->plan.segments[i] = fake->plan.segments[0];
	start(fake);
	while (fake_status(fake).phase != SESSION_IDLE &&
		fake->now_us - begin_us < 300 * US_PER_S) {
		if (fake_status(fake).phase == SESSION_REST)
			fake_verb(fake, COMMAND_SKIP);
		fake_tick(fake);
		if (fake->report.actuator[DEPTH].drive_permille > 0)
			pressed_us += FAKE_TICK_US;
	}
	assert_true(pressed_us < 150 * US_PER_S);
	assert_true(pressed_us > 100 * US_PER_S);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 7);
}

static void what_has_to_rest_rests_even_when_rests_are_skipped(void **state)
{
	what_has_to_rest_rests(*state);
}

// The motor may go on, the zone may not.
static void a_zone_rests_even_when_rests_are_skipped(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	what_has_to_rest_rests(fake);
}

static void other_zones_are_pressed_meanwhile(void **state)
{
	struct fake *fake = *state;
	int64_t begin_us = fake->now_us;

	fake->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	for (int i = 0; i < 7; i++) {
		fake->plan.segments[i] = fake->plan.segments[0];
		fake->plan.segments[i].position_mm = 100 + 50 * i;
		fake->plan.segments[i].zone = zone_at(100 + 50 * i);
		fake->plan.segments[i].rest_s = 0;
	}
	start(fake);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 7);
	assert_true(fake->now_us - begin_us < 300 * US_PER_S);
}

static void idle_wants_no_wake_ups(void **state)
{
	struct fake *fake = *state;

	assert_true(fake->next_us == TIME_NEVER);
	start_and_reach(fake, SESSION_HOLD);
	assert_true(fake->next_us <= fake->now_us + 50 * US_PER_MS);
	fake_verb(fake, COMMAND_STOP);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_true(fake->next_us == TIME_NEVER);
}

static void the_lease_is_renewed_in_time_without_reports(void **state)
{
	struct fake *fake = *state;
	int frames;

	start_and_reach(fake, SESSION_REST);
	fake->silent = true;
	frames = fake->frames[WIRE_SETPOINT];
	fake_run(fake, 0.4);
	assert_true(fake->frames[WIRE_SETPOINT] - frames >= 6);
}

static void status_tells_where_it_is(void **state)
{
	struct fake *fake = *state;
	struct session_status status;
	double before;

	start_and_reach(fake, SESSION_HOLD);
	status = fake_status(fake);
	assert_true(status.has_plan && status.segment == 0 && status.n_segments == 7);
	assert_true(status.points[0] == 3 && status.points[1] == -1);
	assert_true(status.target == 40 && status.phase_total_s == 20);
	assert_true(status.homed && status.occupied && status.guard_connected && status.estop_good);
	before = status.remaining_s;
	fake_run(fake, 5);
	status = fake_status(fake);
	assert_true(fabs(before - status.remaining_s - 5) < 0.1 && fabs(status.phase_s - 5) < 0.1);
	assert_true(fake_until(fake, SESSION_PARKING));
	assert_true(fake_status(fake).remaining_s < 60);
}

// --- the verbs --------------------------------------------------------------------------------

// What each verb says in each phase. Tried on a copy of the session, so that none disturbs the
// next. ok: done; the letters stand for refusals.
static void every_verb_answers_in_every_phase(void **state)
{
	enum { ok = REFUSAL_NONE, bs = REFUSAL_BUSY, id = REFUSAL_IDLE, np = REFUSAL_NOT_PAUSED,
		nl = REFUSAL_NO_LEASE, nf = REFUSAL_NO_FAULT, st = REFUSAL_STEP,
		fa = REFUSAL_FAULT };
	static const enum command_verb verbs[] = { COMMAND_START, COMMAND_PAUSE, COMMAND_RESUME,
		COMMAND_STOP, COMMAND_SKIP, COMMAND_INTENSITY, COMMAND_FEEDBACK, COMMAND_RENEW,
		COMMAND_HOME, COMMAND_JOG, COMMAND_RESET };
	static const struct {
		enum session_phase phase;
		uint8_t refusal[11];
	} rows[] = {       //   start pause resume stop skip inten feed renew home jog reset
		{ SESSION_IDLE,     { ok, id, id, ok, id, ok, id, id, ok, ok, nf } },
		{ SESSION_ARMING,   { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_HOMING,   { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_APPROACH, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_PRESS,    { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_HOLD,     { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_RELEASE,  { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_REST,     { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_STROKE,   { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_BREAK,    { bs, ok, np, ok, ok, ok, st, nl, bs, bs, nf } },
		{ SESSION_KNEAD,    { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_PARKING,  { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_RELEASING,{ bs, id, id, ok, id, ok, id, id, bs, bs, nf } },
		{ SESSION_PAUSING,  { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_PAUSED,   { bs, st, ok, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_JOG,      { bs, id, id, ok, id, ok, id, id, bs, ok, nf } },
		{ SESSION_FAULT,    { fa, id, id, ok, id, ok, id, id, fa, fa, ok } },
	};
	struct fake *fake = *state;
	const struct command jog = { .verb = COMMAND_JOG, .actuator = CARRIAGE,
		.drive_permille = 200, .heartbeat_us = 400 * US_PER_MS };
	struct session *copy = malloc(session_size());
	struct session_output output;

	assert_int_equal(sizeof(rows) / sizeof(rows[0]), SESSION_PHASE_COUNT);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		enum session_phase phase = rows[i].phase;

		if (phase == SESSION_ARMING)
			start(fake);
		else if (phase == SESSION_PAUSING) {
			start_and_reach(fake, SESSION_HOLD);
			fake_verb(fake, COMMAND_PAUSE);
		} else if (phase == SESSION_JOG) {
			fake_verb(fake, COMMAND_STOP);
			assert_true(fake_until(fake, SESSION_IDLE));
			fake_command(fake, &jog);
		} else if (phase == SESSION_FAULT)
			fake_mode(fake, GUARD_TRIPPED, REASON_HAL);
		if (phase == SESSION_PAUSING)
			assert_int_equal(fake_status(fake).phase, phase);
		assert_true(fake_until(fake, phase));
		for (size_t k = 0; k < sizeof(verbs) / sizeof(verbs[0]); k++) {
			struct command command = jog;
			enum refusal refusal;

			memcpy(copy, fake->session, session_size());
			command.verb = verbs[k];
			command.intensity_percent = 50;
			refusal = session_command(copy, fake->now_us, &command, &fake->plan);
			if (refusal != rows[i].refusal[k])
				fail_msg("%s in %s: %s instead of %s", command_verb_name(verbs[k]),
					session_phase_name(phase), refusal_code(refusal),
					refusal_code(rows[i].refusal[k]));
			session_step(copy, fake->now_us, &output);
			if (verbs[k] == COMMAND_STOP) // never refused, and RELEASE goes first
				assert_int_equal(output.frames[0].header.type, WIRE_RELEASE);
		}
		if (phase == SESSION_RELEASING)
			assert_true(fake_until(fake, SESSION_IDLE));
	}
	free(copy);
}

static void start_needs_a_guard_and_a_person(void **state)
{
	struct fake *fake = *state;

	fake->report.occupied = 0;
	fake->asked = true;
	fake_run(fake, 0.1);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_SEAT);
	fake->report.occupied = 1;
	fake->report.estop_good = 0;
	fake->asked = true;
	fake_run(fake, 0.1);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_FAULT);
	fake->link = false;
	session_guard_link(fake->session, fake->now_us, false);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_GUARD);
	assert_int_equal(fake_verb(fake, COMMAND_HOME), REFUSAL_GUARD);
	assert_false(fake_status(fake).has_plan);
	assert_int_equal(fake->frames[WIRE_ARM], 0);
}

static void a_pause_lets_go_and_a_resume_presses_again(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 5);
	assert_int_equal(fake_verb(fake, COMMAND_PAUSE), REFUSAL_NONE);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	assert_true(fake_until(fake, SESSION_PAUSED));
	assert_int_equal(fake->report.mode, GUARD_READY);
	fake->frames[WIRE_SETPOINT] = 0;
	fake_run(fake, 300);
	assert_int_equal(fake_status(fake).phase, SESSION_PAUSED);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0); // nothing moves
	assert_int_equal(fake_verb(fake, COMMAND_RESUME), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_HOLD));
	assert_int_equal(fake_status(fake).segment, 0); // the segment that was interrupted
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOLD_DONE), 3);
	assert_int_equal(fake_count(fake, SESSION_EVENT_PAUSED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_RESUMED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_COMPLETED), 1);
}

static void a_pause_after_a_press_does_not_repeat_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_RELEASE);
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	fake_verb(fake, COMMAND_RESUME);
	assert_true(fake_until(fake, SESSION_HOLD));
	assert_int_equal(fake_status(fake).segment, 1);
}

static void a_pause_does_not_last_for_ever(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	fake_run(fake, 605);
	assert_ended(fake, CAUSE_TIME);
}

static void skip_goes_to_the_next_segment(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 2);
	fake_verb(fake, COMMAND_SKIP);
	assert_int_equal(fake_status(fake).phase, SESSION_RELEASE);
	assert_true(fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold.seconds < 3);
	assert_true(fake_until(fake, SESSION_APPROACH));
	assert_int_equal(fake_status(fake).segment, 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_STEP_DONE), 0); // it was not
	fake_verb(fake, COMMAND_SKIP);
	assert_int_equal(fake_status(fake).segment, 2);
	assert_true(fake_until(fake, SESSION_BREAK));
	fake_verb(fake, COMMAND_SKIP);
	assert_true(fake_until(fake, SESSION_KNEAD));
	fake_run(fake, 1);
	fake_verb(fake, COMMAND_SKIP);
	fake_run(fake, 0.5);
	assert_int_equal(fake_status(fake).segment, 6);
}

static void less_counts_now_and_for_the_rest(void **state)
{
	const struct command less = { .verb = COMMAND_FEEDBACK, .feedback = FEEDBACK_LESS };
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_command(fake, &less);
	assert_true(fabs(fake_status(fake).target - 34) < 1e-9);
	fake_run(fake, 2);
	assert_true(fake->report.actuator[DEPTH].force_mn < 36000);
	assert_true(fake_until(fake, SESSION_REST) && fake_until(fake, SESSION_HOLD));
	assert_true(fabs(fake_status(fake).target - 34) < 1e-9);
	for (int i = 0; i < 6; i++)
		fake_command(fake, &less);
	assert_true(fake_status(fake).target == 15); // the floor
	assert_int_equal(fake_command(fake, &less), REFUSAL_FLOOR);
}

static void more_counts_for_the_next_repeat_and_never_above_the_target(void **state)
{
	const struct command more = { .verb = COMMAND_FEEDBACK, .feedback = FEEDBACK_MORE };
	struct command half = { .verb = COMMAND_INTENSITY, .intensity_percent = 80 };
	struct fake *fake = *state;

	fake->plan.segments[2] = fake->plan.segments[1];
	start_and_reach(fake, SESSION_HOLD);
	fake_command(fake, &half);
	assert_true(fabs(fake_status(fake).target - 35) < 1e-9);
	fake_command(fake, &more);
	assert_true(fabs(fake_status(fake).target - 35) < 1e-9); // not now
	assert_true(fake_until(fake, SESSION_REST) && fake_until(fake, SESSION_HOLD));
	assert_true(fake_status(fake).target == 40);             // 35 / 0.85 would be 41
	assert_true(fake_until(fake, SESSION_REST) && fake_until(fake, SESSION_HOLD));
	assert_true(fabs(fake_status(fake).target - 35) < 1e-9); // that repeat only
}

static void intensity_counts_at_once(void **state)
{
	struct command command = { .verb = COMMAND_INTENSITY, .intensity_percent = 0 };
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_command(fake, &command);
	assert_true(fake_status(fake).target == 15);
	fake_run(fake, 3);
	assert_true(abs(fake->report.actuator[DEPTH].force_mn - 15000) < 1500);
	command.intensity_percent = 100;
	fake_command(fake, &command);
	fake_tick(fake);
	assert_true(fake->report.actuator[DEPTH].force_mn < 20000); // up by its ramp, not by a step
	fake_run(fake, 10);
	assert_true(abs(fake->report.actuator[DEPTH].force_mn - 40000) < 2000);
}

static void homing_alone_needs_nobody(void **state)
{
	struct fake *fake = *state;

	fake->report.occupied = 0;
	fake->asked = true;
	fake_run(fake, 0.1);
	assert_int_equal(fake_verb(fake, COMMAND_HOME), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_RELEASING) && fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake_count(fake, SESSION_EVENT_HOMED), 1);
	assert_true(fake_status(fake).homed);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
}

// --- jog --------------------------------------------------------------------------------------

static void a_jog_lasts_as_long_as_its_heartbeat(void **state)
{
	const struct command jog = { .verb = COMMAND_JOG, .actuator = CARRIAGE,
		.drive_permille = 200, .heartbeat_us = 500 * US_PER_MS };
	struct fake *fake = *state;
	int position;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(fake_command(fake, &jog), REFUSAL_NONE);
		fake_run(fake, 0.3);
	}
	assert_int_equal(fake_status(fake).phase, SESSION_JOG);
	assert_true(fake->report.actuator[CARRIAGE].position_um > 200000);
	fake_run(fake, 0.6);
	assert_int_not_equal(fake_status(fake).phase, SESSION_JOG);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	position = fake->report.actuator[CARRIAGE].position_um;
	fake_run(fake, 5);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);
	assert_int_equal(fake->report.actuator[CARRIAGE].position_um, position);
	assert_int_equal(fake->n_events, 0);
}

static void a_jog_ends_by_zero_and_takes_no_nonsense(void **state)
{
	struct command jog = { .verb = COMMAND_JOG, .actuator = CARRIAGE,
		.drive_permille = 200, .heartbeat_us = 500 * US_PER_MS };
	struct fake *fake = *state;

	fake_command(fake, &jog);
	fake_run(fake, 0.2);
	jog.actuator = DEPTH;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_ACTUATOR); // one at a time
	jog.actuator = CARRIAGE;
	jog.drive_permille = 0;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_NONE);
	assert_int_equal(fake_status(fake).phase, SESSION_RELEASING);
	assert_true(fake_until(fake, SESSION_IDLE));

	jog.drive_permille = 100;
	for (int i = -1; i < 100; i += 101 - 1) {
		jog.actuator = i;
		assert_int_equal(fake_command(fake, &jog), REFUSAL_ACTUATOR);
	}
	jog.actuator = PUMP;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_ACTUATOR);
	jog.actuator = KNEAD;
	jog.drive_permille = -100;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_ACTUATOR);
	jog.drive_permille = 601;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_ACTUATOR);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);

	fake->report.occupied = 0;
	fake->asked = true;
	fake_run(fake, 0.1);
	jog.actuator = DEPTH;
	jog.drive_permille = 100;
	assert_int_equal(fake_command(fake, &jog), REFUSAL_SEAT);
	jog.drive_permille = -100; // away from the body
	assert_int_equal(fake_command(fake, &jog), REFUSAL_NONE);
}

// --- how it ends ------------------------------------------------------------------------------

static void stop_ends_every_phase(void **state)
{
	static const enum session_phase phases[] = { SESSION_ARMING, SESSION_HOMING,
		SESSION_APPROACH, SESSION_PRESS, SESSION_HOLD, SESSION_RELEASE, SESSION_REST,
		SESSION_STROKE, SESSION_BREAK, SESSION_KNEAD, SESSION_PARKING };

	(void)state;
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		struct fake *fake = fake_new();

		fake_connect(fake);
		start_and_reach(fake, phases[i]);
		assert_int_equal(fake->frames[WIRE_RELEASE], 0);
		assert_int_equal(fake_verb(fake, COMMAND_STOP), REFUSAL_NONE);
		assert_int_equal(fake->frames[WIRE_RELEASE], 1); // in the very same step
		assert_ended(fake, CAUSE_STOP);
		fake_free(fake);
	}
}

static void stop_ends_a_pause(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	fake_verb(fake, COMMAND_STOP);
	assert_ended(fake, CAUSE_STOP);
}

static void losing_the_seat_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->report.occupied = 0;
	fake_release(fake, REASON_SEAT);
	fake_run(fake, 0.1);
	assert_ended(fake, CAUSE_SEAT);
}

static void losing_the_seat_ends_a_pause(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	fake->report.occupied = 0;
	fake->asked = true;
	fake_run(fake, 0.1);
	assert_ended(fake, CAUSE_SEAT);
}

static void who_gets_up_while_it_parks_has_completed(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_PARKING);
	fake->report.occupied = 0;
	fake_release(fake, REASON_SEAT);
	fake_run(fake, 0.1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_COMPLETED), 1);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	assert_true(fake_until(fake, SESSION_IDLE));
}

static void a_lease_that_lapses_ends_it(void **state)
{
	struct fake *fake = *state;
	const struct command leased = { .verb = COMMAND_START, .intensity_percent = NAN,
		.lease_us = 10 * US_PER_S };

	assert_int_equal(fake_command(fake, &leased), REFUSAL_NONE);
	assert_true(fake_status(fake).leased);
	for (int i = 0; i < 5; i++) {
		fake_run(fake, 8);
		assert_int_equal(fake_verb(fake, COMMAND_RENEW), REFUSAL_NONE);
	}
	session_broker_link(fake->session, fake->now_us, false); // its lease watches over it
	fake_run(fake, 9);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	fake_run(fake, 1.1);
	assert_ended(fake, CAUSE_LEASE);
}

static void a_broker_that_stays_away_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	session_broker_link(fake->session, fake->now_us, false);
	fake_run(fake, 4.9);
	session_broker_link(fake->session, fake->now_us, false); // told again: no new grace
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
	fake_run(fake, 0.2);
	assert_ended(fake, CAUSE_BROKER);
	session_broker_link(fake->session, fake->now_us, true);
	fake_run(fake, 5);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE); // and does not come back with it
}

static void a_broker_that_comes_back_in_time_does_not(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	session_broker_link(fake->session, fake->now_us, false);
	fake_run(fake, 4);
	session_broker_link(fake->session, fake->now_us, true);
	fake_run(fake, 4);
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
}

static void a_guard_that_goes_away_ends_it_for_good(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->link = false;
	session_guard_link(fake->session, fake->now_us, false);
	fake_step_session(fake);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->cause, CAUSE_GUARD_LOST);
	assert_non_null(session_plan(fake->session)); // while the event is told
	fake_run(fake, 1);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);
	fake_mode(fake, GUARD_OFF, REASON_LINK);
	fake->frames[WIRE_SETPOINT] = 0;
	fake_connect(fake);
	fake_run(fake, 10);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
	assert_int_equal(fake_status(fake).cause, CAUSE_GUARD_LOST);
}

static void a_guard_that_falls_silent_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->silent = true;
	fake_run(fake, 0.45);
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
	fake_run(fake, 0.15);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	fake->silent = false;
	assert_ended(fake, CAUSE_GUARD_LOST);
}

static void a_guard_that_lets_go_by_itself_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_release(fake, REASON_DUTY);
	fake_run(fake, 0.1);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->reason, REASON_DUTY);
	assert_ended(fake, CAUSE_GUARD);
}

static void the_longest_time_ends_it(void **state)
{
	struct fake *fake = *state;

	fake->plan.max_s = 30;
	start(fake);
	fake_run(fake, 29.9);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	fake_run(fake, 0.2);
	assert_ended(fake, CAUSE_TIME);
}

static void a_press_that_touches_nothing_is_stuck(void **state)
{
	struct fake *fake = *state;

	fake->chair.actuators[DEPTH].calibration = (struct calibration){ .n = 2,
		.at = { { 0, 0 }, { 1000, 1 } } }; // the fake press gives next to nothing
	start_and_reach(fake, SESSION_APPROACH);
	fake_run(fake, 20);
	assert_ended(fake, CAUSE_STUCK);
}

static void a_carriage_that_stays_away_is_stuck(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_APPROACH);
	for (int i = 0; i < 3000 && fake_status(fake).phase == SESSION_APPROACH; i++) {
		fake->report.actuator[CARRIAGE].position_um = 90000;
		fake_tick(fake);
	}
	assert_ended(fake, CAUSE_STUCK);
}

static void a_suspend_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->now_us += 11 * US_PER_S;
	fake->lease_until_us = fake->now_us + US_PER_S;
	fake_step_session(fake);
	assert_ended(fake, CAUSE_SUSPEND);
}

static void a_trip_is_a_fault_until_it_is_reset(void **state)
{
	struct fake *fake = *state;

	fake->chair.reset = -1; // then a frame resets an E-stop as well
	start_and_reach(fake, SESSION_HOLD);
	fake->report.estop_good = 0;
	fake->report.culprit = DEPTH;
	fake_mode(fake, GUARD_TRIPPED, REASON_ESTOP);
	fake_run(fake, 0.1);
	assert_int_equal(fake_status(fake).phase, SESSION_FAULT);
	assert_int_equal(fake_status(fake).fault, REASON_ESTOP);
	assert_int_equal(fake_status(fake).culprit, DEPTH);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->cause, CAUSE_GUARD);
	assert_int_equal(fake_event(fake, SESSION_EVENT_TRIPPED)->reason, REASON_ESTOP);

	fake_verb(fake, COMMAND_RESET); // not while it is pressed
	fake_run(fake, 1);
	assert_int_equal(fake_status(fake).phase, SESSION_FAULT);
	fake->report.estop_good = 1;
	fake->frames[WIRE_SETPOINT] = 0;
	fake_verb(fake, COMMAND_RESET);
	fake_run(fake, 5);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE); // and nothing moves
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
	assert_int_equal(fake_count(fake, SESSION_EVENT_RESET), 1);
	assert_int_equal(fake_status(fake).fault, REASON_NONE);
}

static void a_release_before_a_trip_is_a_fault_at_once(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_release(fake, REASON_FORCE);
	fake_run(fake, 0.1);
	assert_int_equal(fake_status(fake).phase, SESSION_FAULT);
	fake_run(fake, 5);
	assert_int_equal(fake->report.mode, GUARD_TRIPPED);
	assert_int_equal(fake_status(fake).phase, SESSION_FAULT);
	assert_int_equal(fake_count(fake, SESSION_EVENT_TRIPPED), 1);
}

static void a_trip_with_nobody_at_it_is_a_fault(void **state)
{
	struct fake *fake = *state;

	fake_mode(fake, GUARD_TRIPPED, REASON_ESTOP);
	fake_run(fake, 0.1);
	assert_int_equal(fake_status(fake).phase, SESSION_FAULT);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	assert_int_equal(fake_verb(fake, COMMAND_RESET), REFUSAL_BUTTON);
	assert_int_equal(fake->frames[WIRE_RESET], 0);
	fake_mode(fake, GUARD_OFF, REASON_NONE); // that button
	fake_run(fake, 0.1);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE);
}

static void an_arm_that_is_refused_ends_it(void **state)
{
	struct fake *fake = *state;

	start(fake);
	fake_mode(fake, GUARD_OFF, REASON_PERSIST);
	fake_run(fake, 0.1);
	assert_ended(fake, CAUSE_GUARD);
}

static void a_guard_that_never_gets_ready_ends_it(void **state)
{
	struct fake *fake = *state;

	start(fake);
	for (int i = 0; i < 40 * 50 && !fake_count(fake, SESSION_EVENT_ABORTED); i++) {
		fake->report.mode = GUARD_OFF;
		fake_tick(fake);
	}
	assert_true(fake->frames[WIRE_ARM] > 10); // it was asked again and again
	assert_ended(fake, CAUSE_STUCK);
}

static void a_pause_that_is_not_answered_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->silent = true;
	fake_verb(fake, COMMAND_PAUSE);
	fake_run(fake, 50);
	assert_int_equal(fake_status(fake).phase, SESSION_PAUSING);
	assert_true(fake->frames[WIRE_RELEASE] > 50); // it was asked again and again
	assert_true(fake->frames[WIRE_RELEASE] < 150);
	fake_run(fake, 15);
	assert_ended(fake, CAUSE_STUCK);
}

static void names_are_all_there(void **state)
{
	(void)state;
	for (int i = 0; i < SESSION_PHASE_COUNT; i++)
		assert_non_null(session_phase_name(i));
	for (int i = 0; i < SESSION_EVENT_TYPE_COUNT; i++)
		assert_non_null(session_event_name(i));
	for (int i = 0; i < CAUSE_COUNT; i++)
		assert_true(session_cause_name(i) && session_cause_text(i));
	for (int i = 0; i < REFUSAL_COUNT; i++)
		assert_true(refusal_code(i) && refusal_text(i) && refusal_hint(i));
	for (int i = 0; i < COMMAND_VERB_COUNT; i++) {
		enum command_verb verb;

		assert_true(command_verb_parse(command_verb_name(i), &verb) && (int)verb == i);
	}
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_session_goes_through_its_phases),
		TEST(carriages_move_only_once_presses_have_let_go),
		TEST(holds_are_measured),
		TEST(without_a_sensor_the_calibration_drives),
		TEST(per_mille_are_driven_as_they_are),
		TEST(ramps_press_on_the_exhale),
		TEST(a_ramp_that_gets_nowhere_ends),
		TEST(what_has_to_rest_rests_even_when_rests_are_skipped),
		TEST(a_zone_rests_even_when_rests_are_skipped),
		TEST(other_zones_are_pressed_meanwhile),
		TEST(idle_wants_no_wake_ups),
		TEST(the_lease_is_renewed_in_time_without_reports),
		TEST(status_tells_where_it_is),
		TEST(every_verb_answers_in_every_phase),
		TEST(start_needs_a_guard_and_a_person),
		TEST(a_pause_lets_go_and_a_resume_presses_again),
		TEST(a_pause_after_a_press_does_not_repeat_it),
		TEST(a_pause_does_not_last_for_ever),
		TEST(skip_goes_to_the_next_segment),
		TEST(less_counts_now_and_for_the_rest),
		TEST(more_counts_for_the_next_repeat_and_never_above_the_target),
		TEST(intensity_counts_at_once),
		TEST(homing_alone_needs_nobody),
		TEST(a_jog_lasts_as_long_as_its_heartbeat),
		TEST(a_jog_ends_by_zero_and_takes_no_nonsense),
		TEST(stop_ends_every_phase),
		TEST(stop_ends_a_pause),
		TEST(losing_the_seat_ends_it),
		TEST(losing_the_seat_ends_a_pause),
		TEST(who_gets_up_while_it_parks_has_completed),
		TEST(a_lease_that_lapses_ends_it),
		TEST(a_broker_that_stays_away_ends_it),
		TEST(a_broker_that_comes_back_in_time_does_not),
		TEST(a_guard_that_goes_away_ends_it_for_good),
		TEST(a_guard_that_falls_silent_ends_it),
		TEST(a_guard_that_lets_go_by_itself_ends_it),
		TEST(the_longest_time_ends_it),
		TEST(a_press_that_touches_nothing_is_stuck),
		TEST(a_carriage_that_stays_away_is_stuck),
		TEST(a_suspend_ends_it),
		TEST(a_trip_is_a_fault_until_it_is_reset),
		TEST(a_release_before_a_trip_is_a_fault_at_once),
		TEST(a_trip_with_nobody_at_it_is_a_fault),
		TEST(an_arm_that_is_refused_ends_it),
		TEST(a_guard_that_never_gets_ready_ends_it),
		TEST(a_pause_that_is_not_answered_ends_it),
		TEST(names_are_all_there),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
