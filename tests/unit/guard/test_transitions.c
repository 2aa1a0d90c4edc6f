// SPDX-License-Identifier: MIT
//
// Transitions of the mode that are not in the table. (test_random.c asserts that none happens, and
// that every row of the table does.)
#include "guard_rig.h"

#include "guard/guard_private.h"

static bool in_table(enum guard_mode from, enum guard_mode to)
{
	size_t n;
	const struct guard_transition *rows = guard_transitions(&n);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].from == from && rows[i].to == to)
			return true;
	}
	return false;
}

static void impossible_ones_are_recorded_and_made_only_if_safer(void **state)
{
	(void)state;
	for (enum guard_mode from = 0; from < GUARD_MODE_COUNT; from++) {
		for (enum guard_mode to = 0; to < GUARD_MODE_COUNT; to++) {
			bool safer = to != GUARD_READY && to != GUARD_ACTIVE;
			const struct guard_transition *impossible;
			struct guard_rig rig;

			rig_open(&rig, fixture_bench);
			rig.guard->mode = from;
			rig.guard->report = false;
			mode_enter(rig.guard, to);
			impossible = guard_impossible(rig.guard);
			if (in_table(from, to)) {
				assert_null(impossible);
				assert_mode(&rig, to);
			} else {
				assert_non_null(impossible);
				assert_int_equal(impossible->from, from);
				assert_int_equal(impossible->to, to);
				assert_mode(&rig, safer ? to : from);
			}
			assert_true(rig.guard->report);
			rig_close(&rig);
		}
	}
}

static void the_first_impossible_one_is_kept(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	mode_activate(rig.guard); // from OFF
	assert_mode(&rig, GUARD_OFF);
	rig.guard->mode = GUARD_TRIPPED;
	mode_activate(rig.guard);
	assert_int_equal(guard_impossible(rig.guard)->from, GUARD_OFF);
	assert_int_equal(guard_impossible(rig.guard)->to, GUARD_ACTIVE);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(impossible_ones_are_recorded_and_made_only_if_safer),
		cmocka_unit_test(the_first_impossible_one_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
