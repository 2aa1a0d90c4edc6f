// SPDX-License-Identifier: MIT
#include "session_rig.h"

int rig_setup(void **state)
{
	*state = fake_new();
	fake_connect(*state);
	return 0;
}

int rig_teardown(void **state)
{
	struct fake *fake = *state;
	size_t n_impossible = fake->n_impossible;

	for (size_t i = 0; i < n_impossible; i++)
		print_error("impossible transition from %s to %s\n",
			session_phase_name(fake->impossible[i].from),
			session_phase_name(fake->impossible[i].to));
	fake_free(fake);
	return n_impossible ? -1 : 0;
}

void start(struct fake *fake)
{
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_NONE);
}

void start_and_reach(struct fake *fake, enum session_phase phase)
{
	start(fake);
	assert_true(fake_until(fake, phase));
}

void assert_ended(struct fake *fake, enum session_cause cause)
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
