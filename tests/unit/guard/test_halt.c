// SPDX-License-Identifier: MIT
//
// Clock commands of the simulated chair, and its pace.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "guard/halt.h"
#include "guard/pace.h"

#define NOW_US (10 * US_PER_S)

static void commands_halt_the_clock(void **state)
{
	static const struct {
		const char *text;
		int64_t at_us;
	} words[] = {
		{ "halt", NOW_US },
		{ "halt@12.5", 12500 * US_PER_MS },
		{ "halt@3", NOW_US }, // past: at once
		{ "halt+0.000001", NOW_US + 1 },
		{ "halt+0", NOW_US },
		{ "halt:hold", TIME_NEVER }, // when it begins
		{ "go", TIME_NEVER },
	};
	struct halt halt;
	const char *why;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		halt_init(&halt);
		assert_true(halt_parse(&halt, NOW_US, words[i].text, &why));
		assert_null(why);
		assert_int_equal(halt.at_us, words[i].at_us);
		assert_int_equal(halt.answered, !strcmp(words[i].text, "go"));
	}
}

static void a_phase_halts_it_when_it_begins(void **state)
{
	struct halt halt;
	const char *why;

	(void)state;
	halt_init(&halt);
	halt_phase_changed(&halt, 1, SESSION_HOLD);
	assert_true(halt_parse(&halt, 2, "halt:hold", &why));
	halt_phase_changed(&halt, 3, SESSION_HOLD); // it has begun before
	assert_int_equal(halt.at_us, TIME_NEVER);
	halt_phase_changed(&halt, 4, SESSION_RELEASE);
	assert_int_equal(halt.at_us, TIME_NEVER);
	halt_phase_changed(&halt, 5, SESSION_HOLD);
	assert_int_equal(halt.at_us, 5);
}

static void malformed_commands_change_nothing(void **state)
{
	static const char *const bad[] = { "halt ", "halt@", "halt@-1", "halt@x", "halt@nan",
		"halt@1e10", "halt+1 s", "halt:", "halt:holding", "halting" };
	struct halt halt, before;
	const char *why;

	(void)state;
	halt_init(&halt);
	assert_true(halt_parse(&halt, NOW_US, "halt@99", &why));
	before = halt;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_true(halt_parse(&halt, NOW_US, bad[i], &why));
		assert_non_null(why);
		assert_memory_equal(&halt, &before, sizeof(halt));
	}
	assert_false(halt_parse(&halt, NOW_US, "estop=1", &why)); // no clock command
	assert_false(halt_parse(&halt, NOW_US, "gone", &why));
}

static void a_pace_is_kept_without_drift(void **state)
{
	struct pace pace = { .speed = 5 };

	(void)state;
	pace_begin(&pace, 1000, 0);
	for (int64_t chair_us = 0; chair_us < 10 * US_PER_S; chair_us += 4999)
		assert_int_equal(pace_due_us(&pace, 1000 + chair_us / 5, chair_us),
			1000 + chair_us / 5);
}

// The time that a computer lost in a stall of a second is not caught up with, but for the credit.
static void time_lost_in_a_stall_is_not_caught_up(void **state)
{
	struct pace pace = { .speed = 2 };
	int64_t real_us = US_PER_S;

	(void)state;
	pace_begin(&pace, 0, 0);
	assert_true(pace_due_us(&pace, real_us, 10 * US_PER_MS) <= real_us);
	assert_int_equal(pace_due_us(&pace, real_us, 10 * US_PER_MS), real_us - PACE_CREDIT_US);
	assert_int_equal(pace_due_us(&pace, real_us, 110 * US_PER_MS),
		real_us - PACE_CREDIT_US + 50 * US_PER_MS);
}

static void without_a_pace_everything_is_due(void **state)
{
	struct pace pace = { 0 };

	(void)state;
	assert_int_equal(pace_due_us(&pace, 77, INT64_MAX - 1), 77);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_halt_the_clock),
		cmocka_unit_test(a_phase_halts_it_when_it_begins),
		cmocka_unit_test(malformed_commands_change_nothing),
		cmocka_unit_test(a_pace_is_kept_without_drift),
		cmocka_unit_test(time_lost_in_a_stall_is_not_caught_up),
		cmocka_unit_test(without_a_pace_everything_is_due),
	};

	return cmocka_run_group_tests_name("halt", tests, NULL, NULL);
}
