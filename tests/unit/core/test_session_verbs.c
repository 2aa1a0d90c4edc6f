// SPDX-License-Identifier: MIT
//
// The session with a scripted guard: every command in every phase.
#include "session_rig.h"

// The result of each command in each phase, each on a copy of the session. ok: done; the others
// are refusals.
static void every_command_has_its_refusal_in_every_phase(void **state)
{
	enum {
		ok = REFUSAL_NONE,
		bs = REFUSAL_BUSY,
		id = REFUSAL_IDLE,
		np = REFUSAL_NOT_PAUSED,
		nl = REFUSAL_NO_LEASE,
		nf = REFUSAL_NO_FAULT,
		st = REFUSAL_STEP,
		fa = REFUSAL_FAULT
	};
	static const enum command_verb verbs[] = { COMMAND_START, COMMAND_PAUSE, COMMAND_RESUME,
		COMMAND_STOP, COMMAND_SKIP, COMMAND_INTENSITY, COMMAND_FEEDBACK, COMMAND_RENEW,
		COMMAND_HOME, COMMAND_JOG, COMMAND_RESET };
	static const struct {
		enum session_phase phase;
		uint8_t refusal[11];
	} rows[] = {
		//   start pause resume stop skip inten feed renew home jog reset
		{ SESSION_IDLE, { ok, id, id, ok, id, ok, id, id, ok, ok, nf } },
		{ SESSION_ARMING, { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_HOMING, { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_APPROACH, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_PRESS, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_HOLD, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_RELEASE, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_REST, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_STROKE, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_TIMED_PAUSE, { bs, ok, np, ok, ok, ok, st, nl, bs, bs, nf } },
		{ SESSION_KNEAD, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_TAP, { bs, ok, np, ok, ok, ok, ok, nl, bs, bs, nf } },
		{ SESSION_POSTURE, { bs, ok, np, ok, ok, ok, st, nl, bs, bs, nf } },
		{ SESSION_PARKING, { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_RELEASING, { bs, id, id, ok, id, ok, id, id, bs, bs, nf } },
		{ SESSION_PAUSING, { bs, st, np, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_PAUSED, { bs, st, ok, ok, st, ok, st, nl, bs, bs, nf } },
		{ SESSION_JOG, { bs, id, id, ok, id, ok, id, id, bs, ok, nf } },
		{ SESSION_FAULT, { fa, id, id, ok, id, ok, id, id, fa, fa, ok } },
	};
	struct fake *fake = *state;
	const struct command jog = { .verb = COMMAND_JOG,
		.actuator = CARRIAGE,
		.drive_permille = 200,
		.heartbeat_us = 400 * US_PER_MS };
	struct session *copy = malloc(session_size());
	struct session_output output;

	fake_add_posture(fake);
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

static void a_pause_releases_and_a_resume_presses_again(void **state)
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
	assert_true(fake_until(fake, SESSION_TIMED_PAUSE));
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
	assert_true(fake_status(fake).target == 40); // 35 / 0.85 would be 41
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
	assert_true(fake->report.actuator[DEPTH].force_mn < 20000); // ramped, not stepped
	fake_run(fake, 10);
	assert_true(abs(fake->report.actuator[DEPTH].force_mn - 40000) < 2000);
}

static void homing_needs_no_person(void **state)
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
	const struct command jog = { .verb = COMMAND_JOG,
		.actuator = CARRIAGE,
		.drive_permille = 200,
		.heartbeat_us = 500 * US_PER_MS };
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

static void a_jog_ends_by_zero_and_refuses_wrong_values(void **state)
{
	struct command jog = { .verb = COMMAND_JOG,
		.actuator = CARRIAGE,
		.drive_permille = 200,
		.heartbeat_us = 500 * US_PER_MS };
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_command_has_its_refusal_in_every_phase),
		TEST(start_needs_a_guard_and_a_person),
		TEST(a_pause_releases_and_a_resume_presses_again),
		TEST(a_pause_after_a_press_does_not_repeat_it),
		TEST(a_pause_does_not_last_for_ever),
		TEST(skip_goes_to_the_next_segment),
		TEST(less_counts_now_and_for_the_rest),
		TEST(more_counts_for_the_next_repeat_and_never_above_the_target),
		TEST(intensity_counts_at_once),
		TEST(homing_needs_no_person),
		TEST(a_jog_lasts_as_long_as_its_heartbeat),
		TEST(a_jog_ends_by_zero_and_refuses_wrong_values),
	};

	return cmocka_run_group_tests_name("session verbs", tests, NULL, NULL);
}
