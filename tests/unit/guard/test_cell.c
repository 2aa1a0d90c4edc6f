// SPDX-License-Identifier: MIT
//
// Air cells and their pump.
#include "bed.h"

static int level(const struct bed *bed, int actuator)
{
	return bed_report(bed).actuator[actuator].drive_permille;
}

static void an_idle_cell_stays_safe(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, DEPTH, WIRE_REST, 0);
	bed_ask(&bed, CALF, WIRE_DRIVE, 0);
	bed_run(&bed, US_PER_S);
	assert_false(bed_busy(&bed, SHOULDER));
	assert_false(bed_busy(&bed, CALF));
	assert_true(bed_on(&bed, SHOULDER, ROLE_VENT)); // normally open
	bed_close(&bed);
}

static void a_cell_fills_and_holds(void **state)
{
	struct bed bed;
	int64_t from_us;

	(void)state;
	bed_recliner(&bed);
	from_us = bed.now_us;
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500);
	while (bed_on(&bed, SHOULDER, ROLE_FILL) && bed.now_us - from_us < 10 * US_PER_S) {
		assert_true(bed_on(&bed, PUMP, ROLE_RUN));
		bed_run(&bed, 10 * US_PER_MS);
	}
	// the root of what is left goes from 1 to 0.71 in 0.29 of fill_ms, once the pump is there
	assert_in_range(bed.now_us - from_us, 1180000, 1550000);
	assert_false(bed_on(&bed, PUMP, ROLE_RUN));
	assert_false(bed_on(&bed, SHOULDER, ROLE_VENT));
	for (int i = 0; i < 1000; i++) { // it leaks, and is filled up
		bed_run(&bed, 10 * US_PER_MS);
		assert_in_range(level(&bed, SHOULDER), 485, 510);
	}
	bed_close(&bed);
}

// A valve alone fills nothing.
static void without_the_pump_there_is_no_air(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.current_max_ma = 1000; // not enough for the pump
	bed_arm(&bed);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500);
	bed_run(&bed, 5 * US_PER_S);
	assert_false(bed_on(&bed, PUMP, ROLE_RUN));
	assert_int_equal(level(&bed, SHOULDER), 0);
	bed_close(&bed);
}

static void a_lower_level_vents_only_so_far(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 550);
	bed_run(&bed, 5 * US_PER_S);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 300);
	assert_true(bed_on(&bed, SHOULDER, ROLE_VENT));
	assert_false(bed_on(&bed, SHOULDER, ROLE_FILL));
	bed_run(&bed, 2 * US_PER_S);
	assert_in_range(level(&bed, SHOULDER), 285, 310);
	assert_false(bed_on(&bed, SHOULDER, ROLE_VENT));
	bed_close(&bed);
}

static void rest_shuts_and_lets_be(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500);
	bed_run(&bed, 3 * US_PER_S);
	bed_ask(&bed, SHOULDER, WIRE_REST, 0);
	bed_run(&bed, 10 * US_PER_S);
	assert_false(bed_on(&bed, SHOULDER, ROLE_FILL));
	assert_false(bed_on(&bed, SHOULDER, ROLE_VENT));
	assert_in_range(level(&bed, SHOULDER), 450, 505); // it leaks, and nothing is put in
	bed_close(&bed);
}

static void lets_go(enum wire_mode mode)
{
	struct bed bed;

	bed_recliner(&bed);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500);
	bed_run(&bed, 3 * US_PER_S);
	assert_false(bed_flags(&bed, SHOULDER) & ACTUATOR_RELEASED);
	bed_ask(&bed, SHOULDER, mode, 0);
	assert_true(bed_on(&bed, SHOULDER, ROLE_VENT));
	assert_true(bed_flags(&bed, SHOULDER) & ACTUATOR_RELEASING);
	bed_ask(&bed, SHOULDER, WIRE_REST, 0); // leaves it to its end
	bed_run(&bed, 3900 * US_PER_MS);
	assert_true(bed_flags(&bed, SHOULDER) & ACTUATOR_RELEASING);
	bed_run(&bed, 110 * US_PER_MS);
	assert_true(bed_flags(&bed, SHOULDER) & ACTUATOR_RELEASED);
	assert_false(bed_busy(&bed, SHOULDER));
	assert_int_equal(level(&bed, SHOULDER), 0);
	bed_close(&bed);
}

static void let_go_and_level_zero_vent_for_their_time(void **state)
{
	(void)state;
	lets_go(WIRE_RELEASE_ACTUATOR);
	lets_go(WIRE_DRIVE);
}

static void a_shut_cell_is_under_drive(void **state)
{
	struct bed bed;
	int64_t from_us;

	(void)state;
	bed_recliner(&bed); // 120 s, and the 4 s of its release within them
	from_us = bed.now_us;
	bed_ask(&bed, CALF, WIRE_DRIVE, 300);
	bed_run(&bed, 5 * US_PER_S);
	bed_ask(&bed, CALF, WIRE_REST, 0);
	while (bed_mode(&bed) == GUARD_ACTIVE && bed.now_us - from_us < 200 * US_PER_S)
		bed_run(&bed, bed.out.next_us - bed.now_us);
	assert_reason(&bed, REASON_ON_TIME);
	assert_in_range(bed.now_us - from_us, 115990000, 116010000);
	assert_true(bed_on(&bed, CALF, ROLE_VENT));
	bed.keep = false;
	bed_run(&bed, 5 * US_PER_S);
	assert_mode(&bed, GUARD_READY);
	bed_close(&bed);
}

// A normally closed vent: nobody knows what is in the cell until it has vented.
static void a_normally_closed_vent_is_let_go_of_first(void **state)
{
	struct bed bed;
	int vent;

	(void)state;
	bed_open(&bed, fixture_recliner);
	vent = bed.chair.actuators[CALF].line[ROLE_VENT];
	bed.chair.lines[vent].safe_level = false;
	bed_close(&bed);
	assert_int_equal(guard_new(&bed.chair, false, &bed.guard), 0);
	bed_arm(&bed);
	assert_false(bed_flags(&bed, CALF) & ACTUATOR_RELEASED);
	bed_ask(&bed, CALF, WIRE_RELEASE_ACTUATOR, 0);
	assert_true(bed_on(&bed, CALF, ROLE_VENT));
	bed_run(&bed, 4100 * US_PER_MS);
	assert_false(bed_on(&bed, CALF, ROLE_VENT));
	assert_true(bed_flags(&bed, CALF) & ACTUATOR_RELEASED);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_idle_cell_stays_safe),
		cmocka_unit_test(a_cell_fills_and_holds),
		cmocka_unit_test(without_the_pump_there_is_no_air),
		cmocka_unit_test(a_lower_level_vents_only_so_far),
		cmocka_unit_test(rest_shuts_and_lets_be),
		cmocka_unit_test(let_go_and_level_zero_vent_for_their_time),
		cmocka_unit_test(a_shut_cell_is_under_drive),
		cmocka_unit_test(a_normally_closed_vent_is_let_go_of_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
