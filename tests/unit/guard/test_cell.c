// SPDX-License-Identifier: MIT
//
// Air cells and their pump.
#include "guard_rig.h"

static int level(const struct guard_rig *rig, int actuator)
{
	return rig_report(rig).actuator[actuator].drive_permille;
}

static void an_idle_cell_stays_safe(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, DEPTH, WIRE_REST, 0);
	rig_ask(&rig, CALF, WIRE_DRIVE, 0);
	rig_run(&rig, US_PER_S);
	assert_false(rig_busy(&rig, SHOULDER));
	assert_false(rig_busy(&rig, CALF));
	assert_true(rig_on(&rig, SHOULDER, ROLE_VENT)); // normally open
	rig_close(&rig);
}

static void a_cell_fills_and_holds(void **state)
{
	struct guard_rig rig;
	int64_t from_us;

	(void)state;
	rig_recliner(&rig);
	from_us = rig.now_us;
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500);
	while (rig_on(&rig, SHOULDER, ROLE_FILL) && rig.now_us - from_us < 10 * US_PER_S) {
		assert_true(rig_on(&rig, PUMP, ROLE_RUN));
		rig_run(&rig, 10 * US_PER_MS);
	}
	// the root of what is left goes from 1 to 0.71 in 0.29 of fill_ms, once the pump is there
	assert_in_range(rig.now_us - from_us, 1180000, 1550000);
	assert_false(rig_on(&rig, PUMP, ROLE_RUN));
	assert_false(rig_on(&rig, SHOULDER, ROLE_VENT));
	for (int i = 0; i < 1000; i++) { // it leaks, and is filled up
		rig_run(&rig, 10 * US_PER_MS);
		assert_in_range(level(&rig, SHOULDER), 485, 510);
	}
	rig_close(&rig);
}

// A valve alone fills nothing.
static void without_the_pump_there_is_no_air(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.current_max_ma = 1000; // not enough for the pump
	rig_arm(&rig);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500);
	rig_run(&rig, 5 * US_PER_S);
	assert_false(rig_on(&rig, PUMP, ROLE_RUN));
	assert_int_equal(level(&rig, SHOULDER), 0);
	rig_close(&rig);
}

static void a_lower_level_vents_only_so_far(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 550);
	rig_run(&rig, 5 * US_PER_S);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 300);
	assert_true(rig_on(&rig, SHOULDER, ROLE_VENT));
	assert_false(rig_on(&rig, SHOULDER, ROLE_FILL));
	rig_run(&rig, 2 * US_PER_S);
	assert_in_range(level(&rig, SHOULDER), 285, 310);
	assert_false(rig_on(&rig, SHOULDER, ROLE_VENT));
	rig_close(&rig);
}

static void rest_shuts_both_valves(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500);
	rig_run(&rig, 3 * US_PER_S);
	rig_ask(&rig, SHOULDER, WIRE_REST, 0);
	rig_run(&rig, 10 * US_PER_S);
	assert_false(rig_on(&rig, SHOULDER, ROLE_FILL));
	assert_false(rig_on(&rig, SHOULDER, ROLE_VENT));
	assert_in_range(level(&rig, SHOULDER), 450, 505); // it leaks, and is not filled
	rig_close(&rig);
}

static void assert_vents_when_released(enum wire_mode mode)
{
	struct guard_rig rig;

	rig_recliner(&rig);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500);
	rig_run(&rig, 3 * US_PER_S);
	assert_false(rig_flags(&rig, SHOULDER) & ACTUATOR_RELEASED);
	rig_ask(&rig, SHOULDER, mode, 0);
	assert_true(rig_on(&rig, SHOULDER, ROLE_VENT));
	assert_true(rig_flags(&rig, SHOULDER) & ACTUATOR_RELEASING);
	rig_ask(&rig, SHOULDER, WIRE_REST, 0); // does not end the release
	rig_run(&rig, 3900 * US_PER_MS);
	assert_true(rig_flags(&rig, SHOULDER) & ACTUATOR_RELEASING);
	rig_run(&rig, 110 * US_PER_MS);
	assert_true(rig_flags(&rig, SHOULDER) & ACTUATOR_RELEASED);
	assert_false(rig_busy(&rig, SHOULDER));
	assert_int_equal(level(&rig, SHOULDER), 0);
	rig_close(&rig);
}

static void release_and_level_zero_vent_for_their_time(void **state)
{
	(void)state;
	assert_vents_when_released(WIRE_RELEASE_ACTUATOR);
	assert_vents_when_released(WIRE_DRIVE);
}

static void a_shut_cell_is_under_drive(void **state)
{
	struct guard_rig rig;
	int64_t from_us;

	(void)state;
	rig_recliner(&rig); // 120 s, and the 4 s of its release within them
	from_us = rig.now_us;
	rig_ask(&rig, CALF, WIRE_DRIVE, 300);
	rig_run(&rig, 5 * US_PER_S);
	rig_ask(&rig, CALF, WIRE_REST, 0);
	while (rig_mode(&rig) == GUARD_ACTIVE && rig.now_us - from_us < 200 * US_PER_S)
		rig_run(&rig, rig.out.next_us - rig.now_us);
	assert_reason(&rig, REASON_ON_TIME);
	assert_in_range(rig.now_us - from_us, 115990000, 116010000);
	assert_true(rig_on(&rig, CALF, ROLE_VENT));
	rig.keep = false;
	rig_run(&rig, 5 * US_PER_S);
	assert_mode(&rig, GUARD_READY);
	rig_close(&rig);
}

// How long the fill valve is open in 20 s at half of full, 22.5 N by the table, if the sensor reads
// this.
static int64_t filling_us(double sensor_n)
{
	struct guard_rig rig;
	int64_t us = 0;

	rig_recliner(&rig);
	rig_ask(&rig, CALF, WIRE_DRIVE, 500);
	rig_run(&rig, 5 * US_PER_S);
	rig.force[CALF].force_n = sensor_n;
	for (int i = 0; i < 2000; i++) {
		rig_run(&rig, 10 * US_PER_MS);
		us += rig_on(&rig, CALF, ROLE_FILL) ? 10 * US_PER_MS : 0;
	}
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
	return us;
}

// A sensor that reads more than its margin less is not followed: it would be filled up to it.
static void a_sensor_corrects_the_level_within_its_margin(void **state)
{
	(void)state;
	assert_true(filling_us(19) > 2 * filling_us(16.5)); // the leak alone
}

// A normally closed vent: the cell's level is not known until it has vented.
static void a_normally_closed_vent_is_released_first(void **state)
{
	struct guard_rig rig;
	int vent;

	(void)state;
	rig_open(&rig, fixture_recliner);
	vent = rig.chair.actuators[CALF].line[ROLE_VENT];
	rig.chair.lines[vent].safe_level = false;
	rig_close(&rig);
	assert_int_equal(guard_new(&rig.chair, false, &rig.guard), 0);
	rig_arm(&rig);
	assert_false(rig_flags(&rig, CALF) & ACTUATOR_RELEASED);
	rig_ask(&rig, CALF, WIRE_RELEASE_ACTUATOR, 0);
	assert_true(rig_on(&rig, CALF, ROLE_VENT));
	rig_run(&rig, 4100 * US_PER_MS);
	assert_false(rig_on(&rig, CALF, ROLE_VENT));
	assert_true(rig_flags(&rig, CALF) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_idle_cell_stays_safe),
		cmocka_unit_test(a_cell_fills_and_holds),
		cmocka_unit_test(without_the_pump_there_is_no_air),
		cmocka_unit_test(a_lower_level_vents_only_so_far),
		cmocka_unit_test(rest_shuts_both_valves),
		cmocka_unit_test(release_and_level_zero_vent_for_their_time),
		cmocka_unit_test(a_sensor_corrects_the_level_within_its_margin),
		cmocka_unit_test(a_shut_cell_is_under_drive),
		cmocka_unit_test(a_normally_closed_vent_is_released_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
