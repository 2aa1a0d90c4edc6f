// SPDX-License-Identifier: MIT
//
// Setup and assertions of the session's tests: a connected session and guard, new for each test.
#ifndef CHAIRD_TESTS_UNIT_CORE_SESSION_RIG_H
#define CHAIRD_TESTS_UNIT_CORE_SESSION_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "fake_guard.h"

#define TEST(function) cmocka_unit_test_setup_teardown(function, rig_setup, rig_teardown)

int rig_setup(void **state);
int rig_teardown(void **state); // fails if the session made an impossible transition

void start(struct fake *fake);
void start_and_reach(struct fake *fake, enum session_phase phase);
// The session ended for this cause: RELEASE was sent, and it becomes and stays idle.
void assert_ended(struct fake *fake, enum session_cause cause);

#endif
