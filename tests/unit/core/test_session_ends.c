// SPDX-License-Identifier: MIT
//
// The session with a scripted guard: every end.
#include "session_rig.h"

static void stop_ends_every_phase(void **state)
{
	static const enum session_phase phases[] = { SESSION_ARMING, SESSION_HOMING,
		SESSION_APPROACH, SESSION_PRESS, SESSION_HOLD, SESSION_RELEASE, SESSION_REST,
		SESSION_STROKE, SESSION_TIMED_PAUSE, SESSION_KNEAD, SESSION_TAP, SESSION_POSTURE,
		SESSION_PARKING };

	(void)state;
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		struct fake *fake = fake_new();

		fake_connect(fake);
		fake_add_posture(fake);
		start_and_reach(fake, phases[i]);
		assert_int_equal(fake->frames[WIRE_RELEASE], 0);
		assert_int_equal(fake_verb(fake, COMMAND_STOP), REFUSAL_NONE);
		assert_int_equal(fake->frames[WIRE_RELEASE], 1); // in the same step
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

static void getting_up_during_parking_completes_it(void **state)
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
	const struct command leased = {
		.verb = COMMAND_START, .intensity_percent = NAN, .lease_us = 10 * US_PER_S
	};

	assert_int_equal(fake_command(fake, &leased), REFUSAL_NONE);
	assert_true(fake_status(fake).leased);
	for (int i = 0; i < 5; i++) {
		fake_run(fake, 8);
		assert_int_equal(fake_verb(fake, COMMAND_RENEW), REFUSAL_NONE);
	}
	deadman_broker(&fake->deadman, fake->now_us, false); // its lease replaces it
	fake_run(fake, 9);
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	fake_run(fake, 1.1);
	assert_ended(fake, CAUSE_LEASE);
}

static void a_lost_broker_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	deadman_broker(&fake->deadman, fake->now_us, false);
	fake_run(fake, 4.9);
	deadman_broker(&fake->deadman, fake->now_us, false); // repeated: no new grace
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
	fake_run(fake, 0.2);
	assert_ended(fake, CAUSE_BROKER);
	deadman_broker(&fake->deadman, fake->now_us, true);
	fake_run(fake, 5);
	assert_int_equal(fake_status(fake).phase, SESSION_IDLE); // and does not resume
}

static void a_broker_that_comes_back_in_time_does_not(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	deadman_broker(&fake->deadman, fake->now_us, false);
	fake_run(fake, 4);
	deadman_broker(&fake->deadman, fake->now_us, true);
	fake_run(fake, 4);
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
}

static void a_disconnected_guard_ends_it_for_good(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->link = false;
	session_guard_link(fake->session, fake->now_us, false);
	fake_step_session(fake);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->cause, CAUSE_GUARD_LOST);
	assert_non_null(session_plan(fake->session)); // in the step of the event
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

static void a_silent_guard_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake->silent = true;
	fake_run(fake, 0.18);
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
	fake_run(fake, 0.06);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	fake->silent = false;
	assert_ended(fake, CAUSE_GUARD_LOST);
}

static void a_release_by_the_guard_ends_it(void **state)
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
		.at = { { 0, 0 }, { 1000, 1 } } }; // hardly any force
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

static void a_trip_while_idle_is_a_fault(void **state)
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
	assert_true(fake->frames[WIRE_ARM] > 10); // repeated
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
	assert_true(fake->frames[WIRE_RELEASE] > 50); // repeated
	assert_true(fake->frames[WIRE_RELEASE] < 150);
	fake_run(fake, 15);
	assert_ended(fake, CAUSE_STUCK);
}

// The guard has noticed, and has released.
static void a_suspended_guard_ends_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_release(fake, REASON_SUSPEND);
	fake_run(fake, 0.1);
	assert_ended(fake, CAUSE_SUSPEND);
}

// Only the controller notices: in a pause the guard has nothing to release.
static void a_suspend_ends_a_pause(void **state)
{
	struct fake *fake = *state;

	session_suspended(fake->session, fake->now_us); // idle: nothing
	assert_int_equal(fake_count(fake, SESSION_EVENT_ABORTED), 0);
	start_and_reach(fake, SESSION_HOLD);
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	session_suspended(fake->session, fake->now_us);
	fake_step_session(fake);
	assert_ended(fake, CAUSE_SUSPEND);
	session_suspended(fake->session, fake->now_us);
	assert_int_equal(fake_verb(fake, COMMAND_RESUME), REFUSAL_IDLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(stop_ends_every_phase),
		TEST(stop_ends_a_pause),
		TEST(losing_the_seat_ends_it),
		TEST(losing_the_seat_ends_a_pause),
		TEST(getting_up_during_parking_completes_it),
		TEST(a_lease_that_lapses_ends_it),
		TEST(a_lost_broker_ends_it),
		TEST(a_broker_that_comes_back_in_time_does_not),
		TEST(a_disconnected_guard_ends_it_for_good),
		TEST(a_silent_guard_ends_it),
		TEST(a_release_by_the_guard_ends_it),
		TEST(the_longest_time_ends_it),
		TEST(a_press_that_touches_nothing_is_stuck),
		TEST(a_carriage_that_stays_away_is_stuck),
		TEST(a_suspend_ends_it),
		TEST(a_suspended_guard_ends_it),
		TEST(a_suspend_ends_a_pause),
		TEST(a_trip_is_a_fault_until_it_is_reset),
		TEST(a_release_before_a_trip_is_a_fault_at_once),
		TEST(a_trip_while_idle_is_a_fault),
		TEST(an_arm_that_is_refused_ends_it),
		TEST(a_guard_that_never_gets_ready_ends_it),
		TEST(a_pause_that_is_not_answered_ends_it),
	};

	return cmocka_run_group_tests_name("session ends", tests, NULL, NULL);
}
