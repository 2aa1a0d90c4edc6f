// SPDX-License-Identifier: MIT
//
// Rare circumstances of the guard.
#include <errno.h>

#include "guard_rig.h"

// A release has precedence over every other drive, in a group or not.
static void no_group_denies_a_release(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.groups[0] = 1u << DEPTH | 1u << KNEAD;
	rig_arm(&rig);
	rig_press(&rig, DEPTH, 300);
	rig_ask(&rig, DEPTH, WIRE_REST, 0);
	rig_ask(&rig, KNEAD, WIRE_DRIVE, 400);
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_busy(&rig, KNEAD));
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 150 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	assert_false(rig_busy(&rig, KNEAD));
	rig_close(&rig);
}

static void no_budget_denies_a_release(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.current_max_ma = 800; // the release takes 750 of them
	rig_arm(&rig);
	rig_press(&rig, DEPTH, 300);
	rig_ask(&rig, DEPTH, WIRE_REST, 0);
	rig_ask(&rig, KNEAD, WIRE_DRIVE, 600); // and this one 720
	rig_run(&rig, US_PER_S);
	assert_int_equal(rig_duty(&rig, KNEAD), 600);
	rig_ask(&rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(&rig, 150 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	assert_int_equal(rig_duty(&rig, DEPTH), 500);
	rig_close(&rig);
}

// 1 mA is left: less than a thousandth of the drive sets no line.
static void less_than_a_permille_is_nothing(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.current_max_ma = 721;
	rig_arm(&rig);
	rig_ask(&rig, KNEAD, WIRE_DRIVE, 600);
	rig_run(&rig, US_PER_S);
	rig_ask(&rig, DEPTH, WIRE_DRIVE, 300);
	rig_run(&rig, US_PER_S);
	assert_int_equal(rig_duty(&rig, KNEAD), 600);
	assert_false(rig_busy(&rig, DEPTH));
	rig_close(&rig);
}

// Calf: 25 N for long, and 5 N that its file allows between sensor and table; 45 N by its table.
static void a_cell_is_filled_to_its_ceiling(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig.force[CALF].force_n = 25;
	rig_ask(&rig, CALF, WIRE_DRIVE, 1000);
	for (int i = 0; i < 600; i++) {
		rig_run(&rig, 10 * US_PER_MS);
		rig.force[CALF].force_n = fmin(25,
			45 * rig_report(&rig).actuator[CALF].drive_permille / 1000.0 + 1e-3);
		assert_true(rig_report(&rig).actuator[CALF].drive_permille <= 680);
	}
	assert_mode(&rig, GUARD_ACTIVE);
	assert_true(rig_flags(&rig, CALF) & ACTUATOR_CLAMPED);
	rig_close(&rig);
}

// The mean of one session is not that of the next.
static void a_session_begins_with_no_force_behind_it(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig.force[DEPTH].force_n = 21.5;
	rig_run(&rig, 20 * US_PER_S);
	rig.force[DEPTH].force_n = 0;
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 200 * US_PER_MS);
	rig_role(&rig, DEPTH, ROLE_HOME, true);
	rig_run(&rig, 100 * US_PER_MS);
	assert_mode(&rig, GUARD_READY);
	rig_arm(&rig);
	rig_press(&rig, DEPTH, 400);
	rig.force[DEPTH].force_n = 26;
	rig_run(&rig, 500 * US_PER_MS); // a mean of 4 N by now
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void no_reset_with_both_ends_closed(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_step(&rig, rig.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_role(&rig, CARRIAGE, ROLE_HOME, true);
	rig_role(&rig, CARRIAGE, ROLE_END, true);
	rig_run(&rig, 20 * US_PER_MS);
	rig_press_reset(&rig);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_role(&rig, CARRIAGE, ROLE_END, false);
	rig_run(&rig, 20 * US_PER_MS);
	rig_press_reset(&rig);
	assert_mode(&rig, GUARD_OFF);
	rig_close(&rig);
}

// If the edge was lost, the level alone counts.
static void a_lost_edge_is_seen_by_its_level(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.levels &= ~LINE_BIT(rig.chair.estop);
	rig_poke(&rig);
	assert_true(rig.out.cut);
	rig_run(&rig, 10 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

static void a_cut_empties_what_is_open_without_power(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, CALF, WIRE_DRIVE, 400);
	rig_run(&rig, 3 * US_PER_S);
	assert_true(rig_report(&rig).actuator[CALF].drive_permille > 300);
	rig.keep = false;
	rig_step(&rig, rig.now_us, NULL, 0, -EIO, NULL);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_int_equal(rig_report(&rig).actuator[CALF].drive_permille, 0);
	assert_false(rig_flags(&rig, CALF) & ACTUATOR_RELEASED); // but not before its time
	rig_run(&rig, 4500 * US_PER_MS);
	assert_true(rig_flags(&rig, CALF) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

static void a_new_link_counts_anew(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig.seq = 5000;
	rig_send(&rig, WIRE_ARM);
	rig.link_up = false;
	rig_poke(&rig);
	assert_mode(&rig, GUARD_OFF);
	rig.seq = 0;
	rig_arm(&rig);
	assert_int_equal(rig_report(&rig).frames_refused, 0);
	rig_close(&rig);
}

static void a_clock_that_goes_back_stands_still(void **state)
{
	struct guard_rig rig;
	int64_t now_us;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	now_us = rig.now_us;
	rig.now_us -= US_PER_S;
	guard_step(rig.guard,
		&(struct guard_input){ .now_us = rig.now_us,
			.due_us = rig.now_us,
			.levels = rig.levels,
			.force = rig.force,
			.link_up = true },
		&rig.out);
	assert_int_equal(rig_report(&rig).now_us, now_us);
	assert_true(rig.out.next_us > now_us);
	assert_mode(&rig, GUARD_ACTIVE);
	rig.now_us = now_us;
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void nothing_begins_while_the_estop_bounces(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_input(&rig, rig.chair.estop, false);
	rig_input(&rig, rig.chair.estop, true);
	rig.demand[PRESS] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 400 };
	rig_setpoint(&rig, 250);
	assert_mode(&rig, GUARD_READY);
	rig_run(&rig, 10 * US_PER_MS);
	rig_setpoint(&rig, 250);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

// A seat contact that chatters all the time is never steady enough to count as open.
static void a_seat_that_is_never_steady_is_empty(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	for (int i = 0; i < 290; i++) {
		rig_input(&rig, rig.chair.seat, i % 2);
		rig_run(&rig, 10 * US_PER_MS);
	}
	assert_mode(&rig, GUARD_ACTIVE);
	for (int i = 0; i < 20; i++) {
		rig_input(&rig, rig.chair.seat, i % 2);
		rig_run(&rig, 10 * US_PER_MS);
	}
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_SEAT);
	rig_close(&rig);
}

// 190 per mille of a strong motor move it: a switch that stays closed then is stuck.
static void a_strong_motor_opens_its_switch_with_little_drive(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.chair.actuators[PRESS].calibration = (struct calibration){ .n = 2,
		.at = { { 50, 0 }, { 190, 60 } } };
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 190);
	rig_run(&rig, 2200 * US_PER_MS);
	assert_reason(&rig, REASON_END_SWITCH);
	assert_false(rig_flags(&rig, PRESS) & ACTUATOR_RELEASED);
	rig_close(&rig);
}

// A sensor that agrees with its drive, and then is frozen, reads too little, or too much.
static void a_sensor_is_doubted_by_its_drive(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig_run(&rig, 5 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig.force[DEPTH].force_n = 0.5; // 26 N by its table
	rig_run(&rig, 450 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 100 * US_PER_MS);
	assert_reason(&rig, REASON_SENSOR_DOUBT);
	rig_close(&rig);

	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 200); // 8 N
	rig_run(&rig, 2 * US_PER_S);
	rig.force[DEPTH].force_n = 19; // a person leans on it, and stays
	rig_run(&rig, 2900 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 200 * US_PER_MS);
	assert_reason(&rig, REASON_SENSOR_DOUBT);
	rig_close(&rig);
}

static void a_force_that_grows_in_a_release_pauses_it(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 400);
	rig_run(&rig, 2 * US_PER_S);
	rig.force[DEPTH].force_n = 15;
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE));
	assert_int_equal(rig_duty(&rig, DEPTH), 500);
	rig.force[DEPTH].force_n = 22;
	rig_run(&rig, 90 * US_PER_MS);
	assert_reason(&rig, REASON_WRONG_WAY);
	assert_false(rig_busy(&rig, DEPTH));
	rig_run(&rig, RELEASE_PAUSE_US);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE)); // again, gently
	assert_in_range(rig_duty(&rig, DEPTH), 100, 250);
	rig_close(&rig);
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
		cmocka_unit_test(a_force_that_grows_in_a_release_pauses_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
