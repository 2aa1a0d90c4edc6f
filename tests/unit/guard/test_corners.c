// SPDX-License-Identifier: MIT
//
// Lines of the guard that only rare circumstances reach.
#include <errno.h>

#include "bed.h"

// What lets go takes its turn before whatever else runs, group or not.
static void no_group_denies_a_release(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.groups[0] = 1u << DEPTH | 1u << KNEAD;
	bed_arm(&bed);
	bed_press(&bed, DEPTH, 300);
	bed_ask(&bed, DEPTH, WIRE_REST, 0);
	bed_ask(&bed, KNEAD, WIRE_DRIVE, 400);
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_busy(&bed, KNEAD));
	bed_ask(&bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 150 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	assert_false(bed_busy(&bed, KNEAD));
	bed_close(&bed);
}

static void no_budget_denies_a_release(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.current_max_ma = 800; // the release takes 750 of them
	bed_arm(&bed);
	bed_press(&bed, DEPTH, 300);
	bed_ask(&bed, DEPTH, WIRE_REST, 0);
	bed_ask(&bed, KNEAD, WIRE_DRIVE, 600); // and this one 720
	bed_run(&bed, US_PER_S);
	assert_int_equal(bed_duty(&bed, KNEAD), 600);
	bed_ask(&bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(&bed, 150 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	assert_int_equal(bed_duty(&bed, DEPTH), 500);
	bed_close(&bed);
}

// 1 mA is left: less than a thousandth of the drive sets no line.
static void less_than_a_permille_is_nothing(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.current_max_ma = 721;
	bed_arm(&bed);
	bed_ask(&bed, KNEAD, WIRE_DRIVE, 600);
	bed_run(&bed, US_PER_S);
	bed_ask(&bed, DEPTH, WIRE_DRIVE, 300);
	bed_run(&bed, US_PER_S);
	assert_int_equal(bed_duty(&bed, KNEAD), 600);
	assert_false(bed_busy(&bed, DEPTH));
	bed_close(&bed);
}

// Calf: 25 N for long, and 5 N that its file allows between sensor and table; 45 N by its table.
static void a_cell_is_filled_to_its_ceiling(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed.force[CALF].force_n = 25;
	bed_ask(&bed, CALF, WIRE_DRIVE, 1000);
	for (int i = 0; i < 600; i++) {
		bed_run(&bed, 10 * US_PER_MS);
		bed.force[CALF].force_n = fmin(25,
			45 * bed_report(&bed).actuator[CALF].drive_permille / 1000.0 + 1e-3);
		assert_true(bed_report(&bed).actuator[CALF].drive_permille <= 680);
	}
	assert_mode(&bed, GUARD_ACTIVE);
	assert_true(bed_flags(&bed, CALF) & ACTUATOR_CLAMPED);
	bed_close(&bed);
}

// The mean of one session is not that of the next.
static void a_session_begins_with_no_force_behind_it(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed.force[DEPTH].force_n = 21.5;
	bed_run(&bed, 20 * US_PER_S);
	bed.force[DEPTH].force_n = 0;
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 200 * US_PER_MS);
	bed_role(&bed, DEPTH, ROLE_HOME, true);
	bed_run(&bed, 100 * US_PER_MS);
	assert_mode(&bed, GUARD_READY);
	bed_arm(&bed);
	bed_press(&bed, DEPTH, 400);
	bed.force[DEPTH].force_n = 26;
	bed_run(&bed, 500 * US_PER_MS); // a mean of 4 N by now
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void no_reset_with_both_ends_closed(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_step(&bed, bed.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_role(&bed, CARRIAGE, ROLE_HOME, true);
	bed_role(&bed, CARRIAGE, ROLE_END, true);
	bed_run(&bed, 20 * US_PER_MS);
	bed_press_reset(&bed);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_role(&bed, CARRIAGE, ROLE_END, false);
	bed_run(&bed, 20 * US_PER_MS);
	bed_press_reset(&bed);
	assert_mode(&bed, GUARD_OFF);
	bed_close(&bed);
}

// The level alone tells, where the edge was lost.
static void a_lost_edge_is_seen_by_its_level(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.levels &= ~LINE_BIT(bed.chair.estop);
	bed_poke(&bed);
	assert_true(bed.out.cut);
	bed_run(&bed, 10 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
}

static void a_cut_empties_what_is_open_without_power(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, CALF, WIRE_DRIVE, 400);
	bed_run(&bed, 3 * US_PER_S);
	assert_true(bed_report(&bed).actuator[CALF].drive_permille > 300);
	bed.keep = false;
	bed_step(&bed, bed.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_int_equal(bed_report(&bed).actuator[CALF].drive_permille, 0);
	assert_false(bed_flags(&bed, CALF) & ACTUATOR_RELEASED); // but not before its time
	bed_run(&bed, 4500 * US_PER_MS);
	assert_true(bed_flags(&bed, CALF) & ACTUATOR_RELEASED);
	bed_close(&bed);
}

static void a_new_link_counts_anew(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed.seq = 5000;
	bed_send(&bed, WIRE_ARM);
	bed.link_up = false;
	bed_poke(&bed);
	assert_mode(&bed, GUARD_OFF);
	bed.seq = 0;
	bed_arm(&bed);
	assert_int_equal(bed_report(&bed).frames_refused, 0);
	bed_close(&bed);
}

static void a_clock_that_goes_back_stands_still(void **state)
{
	struct bed bed;
	int64_t now_us;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	now_us = bed.now_us;
	bed.now_us -= US_PER_S;
	guard_step(bed.guard,
		&(struct guard_input){ .now_us = bed.now_us,
			.due_us = bed.now_us,
			.levels = bed.levels,
			.force = bed.force,
			.link_up = true },
		&bed.out);
	assert_int_equal(bed_report(&bed).now_us, now_us);
	assert_true(bed.out.next_us > now_us);
	assert_mode(&bed, GUARD_ACTIVE);
	bed.now_us = now_us;
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void nothing_begins_while_the_estop_bounces(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_input(&bed, bed.chair.estop, false);
	bed_input(&bed, bed.chair.estop, true);
	bed.demand[PRESS] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 400 };
	bed_setpoint(&bed, 250);
	assert_mode(&bed, GUARD_READY);
	bed_run(&bed, 10 * US_PER_MS);
	bed_setpoint(&bed, 250);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

// A seat contact that chatters for good is never steady enough to open.
static void a_seat_that_is_never_steady_is_empty(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	for (int i = 0; i < 290; i++) {
		bed_input(&bed, bed.chair.seat, i % 2);
		bed_run(&bed, 10 * US_PER_MS);
	}
	assert_mode(&bed, GUARD_ACTIVE);
	for (int i = 0; i < 20; i++) {
		bed_input(&bed, bed.chair.seat, i % 2);
		bed_run(&bed, 10 * US_PER_MS);
	}
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_SEAT);
	bed_close(&bed);
}

// 190 per mille of a strong motor move it: a switch that stays closed then is stuck.
static void a_strong_motor_opens_its_switch_with_little_drive(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.chair.actuators[PRESS].calibration = (struct calibration){ .n = 2,
		.at = { { 50, 0 }, { 190, 60 } } };
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 190);
	bed_run(&bed, 2200 * US_PER_MS);
	assert_reason(&bed, REASON_END_SWITCH);
	assert_false(bed_flags(&bed, PRESS) & ACTUATOR_RELEASED);
	bed_close(&bed);
}

// A sensor that agrees with its drive, and then is frozen, lies, or is exchanged for its opposite.
static void a_sensor_is_doubted_by_its_drive(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed_run(&bed, 5 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed.force[DEPTH].force_n = 0.5; // 26 N by its table
	bed_run(&bed, 450 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 100 * US_PER_MS);
	assert_reason(&bed, REASON_SENSOR_DOUBT);
	bed_close(&bed);

	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 200); // 8 N
	bed_run(&bed, 2 * US_PER_S);
	bed.force[DEPTH].force_n = 19; // somebody leans on it, and does not move away
	bed_run(&bed, 2900 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_run(&bed, 200 * US_PER_MS);
	assert_reason(&bed, REASON_SENSOR_DOUBT);
	bed_close(&bed);
}

static void a_force_that_grows_in_a_release_stops_it(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 400);
	bed_run(&bed, 2 * US_PER_S);
	bed.force[DEPTH].force_n = 15;
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE));
	assert_int_equal(bed_duty(&bed, DEPTH), 500);
	bed.force[DEPTH].force_n = 22;
	bed_run(&bed, 90 * US_PER_MS);
	assert_reason(&bed, REASON_WRONG_WAY);
	assert_false(bed_busy(&bed, DEPTH));
	bed_run(&bed, RELEASE_PAUSE_US);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE)); // again, gently
	assert_in_range(bed_duty(&bed, DEPTH), 100, 250);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_group_denies_a_release),
		cmocka_unit_test(no_budget_denies_a_release),
		cmocka_unit_test(less_than_a_permille_is_nothing),
		cmocka_unit_test(a_cell_is_filled_to_its_ceiling),
		cmocka_unit_test(a_session_begins_with_no_force_behind_it),
		cmocka_unit_test(no_reset_with_both_ends_closed),
		cmocka_unit_test(a_lost_edge_is_seen_by_its_level),
		cmocka_unit_test(a_cut_empties_what_is_open_without_power),
		cmocka_unit_test(a_new_link_counts_anew),
		cmocka_unit_test(a_clock_that_goes_back_stands_still),
		cmocka_unit_test(nothing_begins_while_the_estop_bounces),
		cmocka_unit_test(a_seat_that_is_never_steady_is_empty),
		cmocka_unit_test(a_strong_motor_opens_its_switch_with_little_drive),
		cmocka_unit_test(a_sensor_is_doubted_by_its_drive),
		cmocka_unit_test(a_force_that_grows_in_a_release_stops_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
