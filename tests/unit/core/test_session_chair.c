// SPDX-License-Identifier: MIT
//
// The session with a guard that has read another chair: nothing starts, and the fault shows it.
#include "session_rig.h"

static void the_guard_has(struct fake *fake, uint64_t chair)
{
	fake->report.chair = chair;
	fake->asked = true;
	fake_run(fake, 0.1);
}

static void nothing_starts_on_another_chair(void **state)
{
	static const struct command jog = { .verb = COMMAND_JOG,
		.actuator = DEPTH,
		.drive_permille = 100,
		.heartbeat_us = 100 * US_PER_MS };
	struct fake *fake = *state;

	the_guard_has(fake, fake->report.chair + 1);
	assert_int_equal(fake_status(fake).fault, REASON_OTHER_CHAIR);
	assert_true(fake_status(fake).guard_connected);
	assert_null(session_report(fake->session)); // its values are not shown
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_OTHER_CHAIR);
	assert_int_equal(fake_verb(fake, COMMAND_HOME), REFUSAL_OTHER_CHAIR);
	assert_int_equal(fake_command(fake, &jog), REFUSAL_OTHER_CHAIR);
	assert_non_null(strstr(refusal_text(REFUSAL_OTHER_CHAIR), "another chair file"));
	assert_non_null(strstr(refusal_hint(REFUSAL_OTHER_CHAIR), "restart both"));
	fake_run(fake, 5);
	assert_int_equal(fake->frames[WIRE_ARM], 0);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
	assert_int_equal(fake_verb(fake, COMMAND_STOP), REFUSAL_NONE); // is never refused
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
}

static void a_chair_with_fewer_actuators_is_another_one(void **state)
{
	struct fake *fake = *state;

	fake->report.n--;
	the_guard_has(fake, fake->report.chair);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_OTHER_CHAIR);
}

static void a_guard_with_the_right_chair_clears_it(void **state)
{
	struct fake *fake = *state;
	uint64_t right = fake->report.chair;

	the_guard_has(fake, 1);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_OTHER_CHAIR);
	the_guard_has(fake, right);
	assert_int_equal(fake_status(fake).fault, REASON_NONE);
	start_and_reach(fake, SESSION_HOLD);
}

static void a_disconnected_guard_clears_it(void **state)
{
	struct fake *fake = *state;

	the_guard_has(fake, 1);
	session_guard_link(fake->session, fake->now_us, false);
	assert_int_equal(fake_status(fake).fault, REASON_NONE);
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_GUARD);
}

// No correct guard does it; but the session must not press by the reports of another chair.
static void a_session_ends_if_the_chair_becomes_another(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	the_guard_has(fake, 1);
	assert_int_equal(fake_status(fake).cause, CAUSE_GUARD_LOST);
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	fake->frames[WIRE_SETPOINT] = 0;
	fake_run(fake, 5);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
}

// The guard compares as well: its refusal ends arming at once, with its reason.
static void a_refused_arm_ends_the_start(void **state)
{
	struct fake *fake = *state;

	start(fake);
	fake->frames[WIRE_SETPOINT] = 0;
	fake_mode(fake, GUARD_OFF, REASON_OTHER_CHAIR);
	fake_run(fake, 0.1);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->cause, CAUSE_GUARD);
	assert_int_equal(fake_event(fake, SESSION_EVENT_ABORTED)->reason, REASON_OTHER_CHAIR);
	assert_int_equal(fake->frames[WIRE_SETPOINT], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_starts_on_another_chair),
		TEST(a_chair_with_fewer_actuators_is_another_one),
		TEST(a_guard_with_the_right_chair_clears_it),
		TEST(a_disconnected_guard_clears_it),
		TEST(a_session_ends_if_the_chair_becomes_another),
		TEST(a_refused_arm_ends_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
