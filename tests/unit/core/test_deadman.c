// SPDX-License-Identifier: MIT
//
// The dead man's switches: their lapses, and the commands that restart them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/deadman.h"

#define T0_US (1000 * US_PER_S)

struct rig {
	struct chair chair;
	struct session *session;
	struct deadman deadman;
};

static int setup(void **state)
{
	struct rig *rig = calloc(1, sizeof(*rig));

	fixture_recliner(&rig->chair);
	rig->session = session_init(malloc(session_size()), &rig->chair);
	deadman_init(&rig->deadman, T0_US, 5 * US_PER_S);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	struct rig *rig = *state;

	free(rig->session);
	free(rig);
	return 0;
}

static int64_t next_s(const struct rig *rig)
{
	int64_t next_us = deadman_next_us(&rig->deadman);

	return next_us == TIME_NEVER ? -1 : (next_us - T0_US) / US_PER_S;
}

static void a_broker_that_never_came_is_lost_after_its_grace(void **state)
{
	struct rig *rig = *state;

	assert_int_equal(next_s(rig), 5);
	deadman_step(&rig->deadman, T0_US + 5 * US_PER_S, rig->session);
	assert_true(rig->deadman.broker_lost);
	assert_int_equal(next_s(rig), -1); // reported once, and no further wake-up
}

static void a_broker_has_one_grace_for_each_absence(void **state)
{
	struct rig *rig = *state;

	deadman_broker(&rig->deadman, T0_US, true);
	assert_int_equal(next_s(rig), -1);
	deadman_broker(&rig->deadman, T0_US + 10 * US_PER_S, false);
	deadman_broker(&rig->deadman, T0_US + 12 * US_PER_S, false); // repeated
	assert_int_equal(next_s(rig), 15);
	deadman_step(&rig->deadman, T0_US + 15 * US_PER_S - 1, rig->session);
	assert_false(rig->deadman.broker_lost);
	deadman_broker(&rig->deadman, T0_US + 15 * US_PER_S - 1, true);
	deadman_broker(&rig->deadman, T0_US + 16 * US_PER_S, false);
	assert_int_equal(next_s(rig), 21);
	deadman_step(&rig->deadman, T0_US + 30 * US_PER_S, rig->session);
	assert_true(rig->deadman.broker_lost);
	deadman_broker(&rig->deadman, T0_US + 31 * US_PER_S, true);
	deadman_step(&rig->deadman, T0_US + 31 * US_PER_S, rig->session);
	assert_false(rig->deadman.broker_lost);
}

static void only_its_own_commands_restart_a_lease(void **state)
{
	static const enum command_verb others[] = { COMMAND_PAUSE, COMMAND_RESUME, COMMAND_STOP,
		COMMAND_SKIP, COMMAND_INTENSITY, COMMAND_FEEDBACK, COMMAND_RESET };
	struct rig *rig = *state;

	deadman_broker(&rig->deadman, T0_US, true);
	deadman_command(&rig->deadman, T0_US,
		&(struct command){ .verb = COMMAND_START, .lease_us = 10 * US_PER_S });
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		deadman_command(&rig->deadman, T0_US + 3 * US_PER_S,
			&(struct command){ .verb = others[i] });
	assert_int_equal(next_s(rig), 10);
	deadman_command(&rig->deadman, T0_US + 4 * US_PER_S,
		&(struct command){ .verb = COMMAND_RENEW });
	assert_int_equal(next_s(rig), 14);
	deadman_command(&rig->deadman, T0_US + 5 * US_PER_S,
		&(struct command){ .verb = COMMAND_JOG, .heartbeat_us = 2 * US_PER_S });
	assert_int_equal(next_s(rig), 7);
	deadman_command(&rig->deadman, T0_US + 6 * US_PER_S,
		&(struct command){ .verb = COMMAND_HOME });
	assert_int_equal(next_s(rig), -1);
	deadman_command(&rig->deadman, T0_US + 6 * US_PER_S,
		&(struct command){ .verb = COMMAND_START });
	assert_int_equal(next_s(rig), -1); // without a lease
}

static void a_client_lapses_once(void **state)
{
	struct rig *rig = *state;

	deadman_broker(&rig->deadman, T0_US, true);
	deadman_command(&rig->deadman, T0_US,
		&(struct command){ .verb = COMMAND_START, .lease_us = US_PER_S });
	deadman_step(&rig->deadman, T0_US + US_PER_S - 1, rig->session);
	assert_int_equal(next_s(rig), 1);
	deadman_step(&rig->deadman, T0_US + US_PER_S, rig->session);
	assert_int_equal(next_s(rig), -1);
}

static bool ends_without_a_broker(struct rig *rig)
{
	deadman_step(&rig->deadman, T0_US + 6 * US_PER_S, rig->session);
	return rig->deadman.broker_lost && !rig->deadman.local;
}

// From a button on, until the next start from elsewhere.
static void a_button_makes_the_broker_dispensable(void **state)
{
	struct rig *rig = *state;

	deadman_command(&rig->deadman, T0_US, &(struct command){ .verb = COMMAND_START });
	assert_true(ends_without_a_broker(rig));
	deadman_command(&rig->deadman, T0_US,
		&(struct command){ .verb = COMMAND_PAUSE, .local = true });
	assert_false(ends_without_a_broker(rig));
	deadman_command(&rig->deadman, T0_US, &(struct command){ .verb = COMMAND_RESUME });
	assert_false(ends_without_a_broker(rig));
	deadman_command(&rig->deadman, T0_US, &(struct command){ .verb = COMMAND_START });
	assert_true(ends_without_a_broker(rig));
	deadman_command(&rig->deadman, T0_US,
		&(struct command){ .verb = COMMAND_START, .local = true });
	assert_false(ends_without_a_broker(rig));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_broker_that_never_came_is_lost_after_its_grace),
		TEST(a_broker_has_one_grace_for_each_absence),
		TEST(only_its_own_commands_restart_a_lease),
		TEST(a_client_lapses_once),
		TEST(a_button_makes_the_broker_dispensable),
	};

	return cmocka_run_group_tests_name("deadman", tests, NULL, NULL);
}
