// SPDX-License-Identifier: MIT
//
// The session's transition table. That each of its rows happens: tests/scenario/test_scenarios.c.
#include "core/session_private.h"
#include "session_rig.h"

static void an_impossible_transition_is_made_and_reported(void **state)
{
	struct fake *fake = *state;

	session_enter(fake->session, fake->now_us, SESSION_PAUSED);
	fake_step_session(fake);
	assert_int_equal(fake_status(fake).phase, SESSION_PAUSED);
	assert_int_equal(fake->n_impossible, 1);
	assert_int_equal(fake->impossible[0].from, SESSION_IDLE);
	assert_int_equal(fake->impossible[0].to, SESSION_PAUSED);
	fake->n_impossible = 0;

	// and what follows works: it is stopped as from any pause
	assert_int_equal(fake_verb(fake, COMMAND_STOP), REFUSAL_NONE);
	assert_true(fake_until(fake, SESSION_IDLE));
	assert_int_equal(fake->frames[WIRE_RELEASE], 1);
	assert_int_equal(fake->n_impossible, 0);
}

static void everything_under_way_can_be_released(void **state)
{
	(void)state;
	for (enum session_phase phase = 0; phase < SESSION_PHASE_COUNT; phase++) {
		bool at_rest = phase == SESSION_IDLE || phase == SESSION_FAULT ||
			phase == SESSION_RELEASING;

		assert_int_equal(!session_transition_reason(phase, SESSION_RELEASING), at_rest);
	}
}

static void a_fault_ends_in_idle_alone(void **state)
{
	(void)state;
	for (enum session_phase phase = 0; phase < SESSION_PHASE_COUNT; phase++)
		assert_int_equal(session_transition_reason(SESSION_FAULT, phase) != NULL,
			phase == SESSION_IDLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_impossible_transition_is_made_and_reported),
		cmocka_unit_test(everything_under_way_can_be_released),
		cmocka_unit_test(a_fault_ends_in_idle_alone),
	};

	return cmocka_run_group_tests_name("session_transitions", tests, NULL, NULL);
}
