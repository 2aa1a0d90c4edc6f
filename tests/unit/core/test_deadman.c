// SPDX-License-Identifier: MIT
//
// The dead man's switches: when they lapse, and what takes hold of them anew.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/deadman.h"

#define T0_US (1000 * US_PER_S)

struct bed {
	struct chair chair;
	struct session *session;
	struct deadman deadman;
};

static int setup(void **state)
{
	struct bed *bed = calloc(1, sizeof(*bed));

	fixture_recliner(&bed->chair);
	bed->session = session_init(malloc(session_size()), &bed->chair);
	deadman_init(&bed->deadman, T0_US, 5 * US_PER_S);
	*state = bed;
	return 0;
}

static int teardown(void **state)
{
	struct bed *bed = *state;

	free(bed->session);
	free(bed);
	return 0;
}

static int64_t next_s(const struct bed *bed)
{
	int64_t next_us = deadman_next_us(&bed->deadman);

	return next_us == TIME_NEVER ? -1 : (next_us - T0_US) / US_PER_S;
}

static void a_broker_that_never_came_is_lost_after_its_grace(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(next_s(bed), 5);
	deadman_step(&bed->deadman, T0_US + 5 * US_PER_S, bed->session);
	assert_true(bed->deadman.broker_lost);
	assert_int_equal(next_s(bed), -1); // told once, and nothing to come back for
}

static void a_broker_has_one_grace_for_each_absence(void **state)
{
	struct bed *bed = *state;

	deadman_broker(&bed->deadman, T0_US, true);
	assert_int_equal(next_s(bed), -1);
	deadman_broker(&bed->deadman, T0_US + 10 * US_PER_S, false);
	deadman_broker(&bed->deadman, T0_US + 12 * US_PER_S, false); // told again
	assert_int_equal(next_s(bed), 15);
	deadman_step(&bed->deadman, T0_US + 15 * US_PER_S - 1, bed->session);
	assert_false(bed->deadman.broker_lost);
	deadman_broker(&bed->deadman, T0_US + 15 * US_PER_S - 1, true);
	deadman_broker(&bed->deadman, T0_US + 16 * US_PER_S, false);
	assert_int_equal(next_s(bed), 21);
	deadman_step(&bed->deadman, T0_US + 30 * US_PER_S, bed->session);
	assert_true(bed->deadman.broker_lost);
	deadman_broker(&bed->deadman, T0_US + 31 * US_PER_S, true);
	deadman_step(&bed->deadman, T0_US + 31 * US_PER_S, bed->session);
	assert_false(bed->deadman.broker_lost);
}

static void only_its_own_commands_take_hold_of_a_client(void **state)
{
	static const enum command_verb others[] = { COMMAND_PAUSE, COMMAND_RESUME, COMMAND_STOP,
		COMMAND_SKIP, COMMAND_INTENSITY, COMMAND_FEEDBACK, COMMAND_RESET };
	struct bed *bed = *state;

	deadman_broker(&bed->deadman, T0_US, true);
	deadman_command(&bed->deadman, T0_US,
		&(struct command){ .verb = COMMAND_START, .lease_us = 10 * US_PER_S });
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		deadman_command(&bed->deadman, T0_US + 3 * US_PER_S,
			&(struct command){ .verb = others[i] });
	assert_int_equal(next_s(bed), 10);
	deadman_command(&bed->deadman, T0_US + 4 * US_PER_S,
		&(struct command){ .verb = COMMAND_RENEW });
	assert_int_equal(next_s(bed), 14);
	deadman_command(&bed->deadman, T0_US + 5 * US_PER_S,
		&(struct command){ .verb = COMMAND_JOG, .heartbeat_us = 2 * US_PER_S });
	assert_int_equal(next_s(bed), 7);
	deadman_command(&bed->deadman, T0_US + 6 * US_PER_S,
		&(struct command){ .verb = COMMAND_HOME });
	assert_int_equal(next_s(bed), -1);
	deadman_command(&bed->deadman, T0_US + 6 * US_PER_S,
		&(struct command){ .verb = COMMAND_START });
	assert_int_equal(next_s(bed), -1); // without a lease
}

static void a_client_lapses_once(void **state)
{
	struct bed *bed = *state;

	deadman_broker(&bed->deadman, T0_US, true);
	deadman_command(&bed->deadman, T0_US,
		&(struct command){ .verb = COMMAND_START, .lease_us = US_PER_S });
	deadman_step(&bed->deadman, T0_US + US_PER_S - 1, bed->session);
	assert_int_equal(next_s(bed), 1);
	deadman_step(&bed->deadman, T0_US + US_PER_S, bed->session);
	assert_int_equal(next_s(bed), -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_broker_that_never_came_is_lost_after_its_grace),
		TEST(a_broker_has_one_grace_for_each_absence),
		TEST(only_its_own_commands_take_hold_of_a_client),
		TEST(a_client_lapses_once),
	};

	return cmocka_run_group_tests_name("deadman", tests, NULL, NULL);
}
