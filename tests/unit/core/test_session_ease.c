// SPDX-License-Identifier: MIT
//
// The session against a scripted guard: feedback "eased", and the remaining time.
#include "session_rig.h"

#define EASE_MIN_S 8.0 // of the holds here, which last 20 s

static int ease_setup(void **state)
{
	struct fake *fake;

	rig_setup(state);
	fake = *state;
	for (size_t i = 0; i < fake->plan.n_segments; i++)
		fake->plan.segments[i].ease_min_s = EASE_MIN_S;
	return 0;
}

#define EASE_TEST(function) cmocka_unit_test_setup_teardown(function, ease_setup, rig_teardown)

static enum refusal say(struct fake *fake, enum feedback feedback)
{
	return fake_command(fake,
		&(struct command){ .verb = COMMAND_FEEDBACK, .feedback = feedback });
}

static const struct hold_result *hold_ends(struct fake *fake)
{
	assert_true(fake_until(fake, SESSION_RELEASE));
	return &fake_event(fake, SESSION_EVENT_HOLD_DONE)->hold;
}

static void eased_after_the_minimum_ends_the_hold_at_once(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 12);
	assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_NONE);
	assert_int_equal(fake_status(fake).phase, SESSION_RELEASE);
	hold = hold_ends(fake);
	assert_true(fabs(hold->eased_s - 12) < 0.1);
	assert_true(fabs(hold->seconds - 12) < 0.1);
	assert_int_equal(hold->points[0], 3);
}

static void eased_before_the_minimum_is_kept_until_then(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	start_and_reach(fake, SESSION_HOLD);
	assert_false(fake_status(fake).eased);
	fake_run(fake, 3);
	assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_NONE);
	assert_true(fake_status(fake).eased);
	fake_run(fake, 2);
	assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_NONE); // the first time counts
	fake_run(fake, EASE_MIN_S - 5 - 0.1);
	assert_int_equal(fake_status(fake).phase, SESSION_HOLD);
	fake_run(fake, 0.2);
	assert_int_equal(fake_status(fake).phase, SESSION_RELEASE);
	assert_false(fake_status(fake).eased);
	hold = hold_ends(fake);
	assert_true(fabs(hold->eased_s - 3) < 0.1);
	assert_true(fabs(hold->seconds - EASE_MIN_S) < 0.1);
}

// A hold that is shorter than the minimum ends at its own time.
static void a_minimum_lengthens_no_hold(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	fake->plan.segments[0].ease_min_s = 60;
	start_and_reach(fake, SESSION_HOLD);
	assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_NONE);
	hold = hold_ends(fake);
	assert_true(fabs(hold->seconds - 20) < 0.1);
	assert_true(hold->eased_s < 0.1);
}

static void each_hold_is_asked_anew(void **state)
{
	struct fake *fake = *state;
	const struct hold_result *hold;

	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 10);
	say(fake, FEEDBACK_EASED);
	assert_true(fake_until(fake, SESSION_HOLD));
	assert_int_equal(fake_status(fake).segment, 1);
	hold = hold_ends(fake);
	assert_true(isnan(hold->eased_s));
	assert_true(fabs(hold->seconds - 20) < 0.1);
}

// After a pause the point is pressed again, and feedback from before does not count.
static void a_pause_forgets_it(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	fake_run(fake, 2);
	say(fake, FEEDBACK_EASED);
	assert_int_equal(fake_verb(fake, COMMAND_PAUSE), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	assert_int_equal(fake_verb(fake, COMMAND_RESUME), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_HOLD));
	assert_true(isnan(hold_ends(fake)->eased_s));
}

static void eased_is_for_holds(void **state)
{
	static const enum session_phase phases[] = { SESSION_APPROACH, SESSION_PRESS,
		SESSION_RELEASE, SESSION_REST, SESSION_STROKE, SESSION_TIMED_PAUSE, SESSION_KNEAD,
		SESSION_TAP, SESSION_PARKING };
	struct fake *fake = *state;

	assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_IDLE);
	start(fake);
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		assert_true(fake_until(fake, phases[i]));
		assert_int_equal(say(fake, FEEDBACK_EASED), REFUSAL_STEP);
	}
}

static void less_shows_as_a_factor(void **state)
{
	struct fake *fake = *state;

	start_and_reach(fake, SESSION_HOLD);
	assert_true(fake_status(fake).ease == 1);
	say(fake, FEEDBACK_LESS);
	say(fake, FEEDBACK_LESS);
	assert_true(fabs(fake_status(fake).ease - 0.85 * 0.85) < 1e-9);
	fake_verb(fake, COMMAND_STOP);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_true(fake_status(fake).ease == 1);
}

// --- remaining time ---------------------------------------------------------------------------

// Run until the phase; the remaining time must not rise. Returns it.
static double falls_until(struct fake *fake, enum session_phase phase)
{
	double least_s = fake_status(fake).remaining_s;

	while (fake_status(fake).phase != phase) {
		double left_s;

		fake_tick(fake);
		left_s = fake_status(fake).remaining_s;
		if (left_s > least_s)
			fail_msg("%s: %.3f s left after %.3f s",
				session_phase_name(fake_status(fake).phase), left_s, least_s);
		least_s = left_s;
	}
	return least_s;
}

static void what_is_left_never_rises(void **state)
{
	struct fake *fake = *state;

	fake->plan.homing_s = 8;
	fake->plan.estimate_s += 8;
	start(fake);
	assert_true(fabs(fake_status(fake).remaining_s - fake->plan.estimate_s) < 1);
	assert_true(falls_until(fake, SESSION_PARKING) < 30);
	assert_true(falls_until(fake, SESSION_IDLE) == 0);
}

static void skips_and_eased_only_lower_it(void **state)
{
	struct fake *fake = *state;

	start(fake);
	falls_until(fake, SESSION_HOLD);
	fake_run(fake, 10);
	say(fake, FEEDBACK_EASED);
	falls_until(fake, SESSION_PRESS);
	fake_verb(fake, COMMAND_SKIP);
	falls_until(fake, SESSION_IDLE);
}

static void a_pause_may_raise_it(void **state)
{
	struct fake *fake = *state;
	double before_s;

	start(fake);
	falls_until(fake, SESSION_HOLD);
	fake_run(fake, 15);
	before_s = fake_status(fake).remaining_s;
	fake_verb(fake, COMMAND_PAUSE);
	assert_true(fake_until(fake, SESSION_PAUSED));
	assert_true(fake_status(fake).remaining_s > before_s); // the point is pressed again
	fake_verb(fake, COMMAND_RESUME);
	falls_until(fake, SESSION_IDLE);
}

// Skip rests until pacing demands one.
static void a_rest_that_has_to_be_may_raise_it(void **state)
{
	struct fake *fake = *state;
	double least_s = INFINITY;
	int rises = 0;

	for (int i = 1; i < 7; i++)
		fake->plan.segments[i] = fake->plan.segments[0];
	start(fake);
	while (fake_status(fake).phase != SESSION_IDLE) {
		double left_s = fake_status(fake).remaining_s;

		if (left_s > least_s) {
			rises++;
			assert_int_equal(fake_status(fake).phase, SESSION_REST);
		}
		least_s = left_s;
		if (fake_status(fake).phase == SESSION_REST)
			fake_verb(fake, COMMAND_SKIP);
		fake_tick(fake);
	}
	assert_true(rises > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		EASE_TEST(eased_after_the_minimum_ends_the_hold_at_once),
		EASE_TEST(eased_before_the_minimum_is_kept_until_then),
		EASE_TEST(a_minimum_lengthens_no_hold),
		EASE_TEST(each_hold_is_asked_anew),
		EASE_TEST(a_pause_forgets_it),
		EASE_TEST(eased_is_for_holds),
		EASE_TEST(less_shows_as_a_factor),
		TEST(what_is_left_never_rises),
		EASE_TEST(skips_and_eased_only_lower_it),
		TEST(a_pause_may_raise_it),
		TEST(a_rest_that_has_to_be_may_raise_it),
	};

	return cmocka_run_group_tests_name("session: eased", tests, NULL, NULL);
}
