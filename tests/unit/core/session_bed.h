// SPDX-License-Identifier: MIT
//
// What the tests of the session share: a session with its scripted guard, fresh for each test.
#ifndef CHAIRD_TESTS_UNIT_CORE_SESSION_BED_H
#define CHAIRD_TESTS_UNIT_CORE_SESSION_BED_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_guard.h"

#define TEST(function) cmocka_unit_test_setup_teardown(function, bed_setup, bed_teardown)

static inline int bed_setup(void **state)
{
	*state = fake_new();
	fake_connect(*state);
	return 0;
}

static inline int bed_teardown(void **state)
{
	fake_free(*state);
	return 0;
}

static inline void start(struct fake *fake)
{
	assert_int_equal(fake_verb(fake, COMMAND_START), REFUSAL_NONE);
}

static inline void start_and_reach(struct fake *fake, enum session_phase phase)
{
	start(fake);
	assert_true(fake_until(fake, phase));
}

// It ended for this cause: RELEASE was sent, and it comes to rest and stays there.
static inline void assert_ended(struct fake *fake, enum session_cause cause)
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

#endif
