// SPDX-License-Identifier: MIT
//
// Drive: E-stop glitches, slew, dead time, ceilings, groups, budget, on-time and duty.
#include "bed.h"

static void an_estop_glitch_cuts_and_comes_back_by_slew(void **state)
{
	struct bed bed;
	int duty = 0;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 500);
	assert_int_equal(bed_duty(&bed, PRESS), 500);
	bed_input(&bed, bed.chair.estop, false);
	assert_true(bed.out.cut);
	bed_run(&bed, 2 * US_PER_MS);
	bed_input(&bed, bed.chair.estop, true);
	bed_run(&bed, 4900); // closed, and not for long enough
	assert_true(bed.out.cut);
	bed_run(&bed, 200);
	assert_false(bed.out.cut);
	assert_mode(&bed, GUARD_ACTIVE);
	assert_in_range(bed_duty(&bed, PRESS), 1, 40); // 2000 per mille a second, from nothing
	for (int i = 0; i < 40; i++) {
		bed_run(&bed, 10 * US_PER_MS);
		assert_true(bed_duty(&bed, PRESS) - duty <= 41);
		duty = bed_duty(&bed, PRESS);
	}
	assert_int_equal(duty, 500);
	bed_close(&bed);
}

// Both edges between two steps: it was open all the same.
static void an_estop_glitch_between_steps_cuts(void **state)
{
	struct hal_event events[2];
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 600);
	events[0] = (struct hal_event){ .t_us = bed.now_us + 100,
		.line = (uint8_t)bed.chair.estop };
	events[1] = events[0];
	events[1].t_us += 50;
	events[1].active = true;
	bed.now_us += 200;
	bed_step(&bed, bed.now_us, events, 2, 0, NULL);
	assert_true(bed.out.cut);
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void a_chattering_estop_keeps_everything_cut(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 600);
	for (int i = 0; i < 50; i++) {
		bed_input(&bed, bed.chair.estop, i % 2);
		assert_true(bed.out.cut);
		bed_run(&bed, 3 * US_PER_MS);
		assert_true(bed.out.cut);
	}
	bed_close(&bed);
}

static void drive_grows_by_slew_and_falls_at_once(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 1); // its home opens
	bed_ask(&bed, PRESS, WIRE_DRIVE, 800);
	bed_run(&bed, 200 * US_PER_MS);
	assert_in_range(bed_duty(&bed, PRESS), 360, 440);
	bed_run(&bed, 300 * US_PER_MS);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 300);
	assert_int_equal(bed_duty(&bed, PRESS), 300);
	bed_ask(&bed, PRESS, WIRE_REST, 0);
	assert_false(bed_busy(&bed, PRESS));
	bed_close(&bed);
}

// A flood of frames must not make it grow faster.
static void frames_do_not_hurry_slew(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 800);
	for (int i = 0; i < 1000; i++) {
		bed_run(&bed, 100);
		bed_setpoint(&bed, 250);
	}
	assert_in_range(bed_duty(&bed, PRESS), 180, 225); // after 100 ms
	bed_close(&bed);
}

static void directions_wait_for_dead_time(void **state)
{
	struct bed bed;
	int64_t off_us;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 500);
	bed_ask(&bed, PRESS, WIRE_DRIVE, -500);
	off_us = bed.now_us;
	assert_false(bed_busy(&bed, PRESS));
	while (!bed_busy(&bed, PRESS))
		bed_run(&bed, bed.out.next_us - bed.now_us);
	assert_in_range(bed.now_us - off_us, 100 * US_PER_MS, 110 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_close(&bed);
}

// To and fro with every frame: never two directions, never without the dead time.
static void a_nervous_controller_gets_its_dead_time(void **state)
{
	int64_t forward_us = -1, reverse_us = -1;
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 500);
	for (int i = 0; i < 2000; i++) {
		bed.demand[PRESS].value = i / 7 % 2 ? 500 : -500;
		bed_setpoint(&bed, 250);
		if (bed_on(&bed, PRESS, ROLE_FORWARD))
			forward_us = bed.now_us;
		if (bed_on(&bed, PRESS, ROLE_REVERSE))
			reverse_us = bed.now_us;
		if (forward_us == bed.now_us && reverse_us >= 0)
			assert_true(forward_us - reverse_us >= 100 * US_PER_MS);
		if (reverse_us == bed.now_us && forward_us >= 0)
			assert_true(reverse_us - forward_us >= 100 * US_PER_MS);
		bed_run(&bed, 20 * US_PER_MS);
	}
	assert_true(forward_us > 0 && reverse_us > 0);
	bed_close(&bed);
}

static void ceilings_hold_the_drive(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed); // 50 N for long: 667 per mille by its table
	bed_press(&bed, PRESS, 1000);
	bed_run(&bed, US_PER_S);
	assert_in_range(bed_duty(&bed, PRESS), 666, 668);
	assert_true(bed_flags(&bed, PRESS) & ACTUATOR_CLAMPED);
	bed_ask(&bed, PRESS, WIRE_DRIVE, -1000); // nobody is pulled at
	bed_run(&bed, US_PER_S);
	assert_int_equal(bed_duty(&bed, PRESS), 800);
	bed_close(&bed);
}

static void what_reaches_nothing_presses_nothing(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.chair.n_reaches = 0;
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 500);
	bed_run(&bed, US_PER_S);
	assert_false(bed_busy(&bed, PRESS));
	bed_close(&bed);
}

static void groups_exclude_each_other(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, KNEAD, WIRE_DRIVE, 400);
	bed_run(&bed, US_PER_S);
	assert_true(bed_busy(&bed, KNEAD));
	bed_ask(&bed, CARRIAGE, WIRE_HOME, 0); // comes first in the file, but later in time
	bed_run(&bed, US_PER_S);
	assert_true(bed_busy(&bed, KNEAD));
	assert_false(bed_busy(&bed, CARRIAGE));
	assert_true(bed_flags(&bed, CARRIAGE) & ACTUATOR_CLAMPED);
	bed_ask(&bed, KNEAD, WIRE_REST, 0);
	bed_run(&bed, 20 * US_PER_MS);
	assert_true(bed_busy(&bed, CARRIAGE));
	bed_close(&bed);
}

// bed_check() adds up the currents after every step.
static void the_budget_is_kept(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.current_max_ma = 2000;
	bed_arm(&bed);
	bed_ask(&bed, SHOULDER, WIRE_DRIVE, 500); // valve 300, pump 1200
	bed_run(&bed, 100 * US_PER_MS);
	assert_true(bed_busy(&bed, PUMP));
	bed_press(&bed, DEPTH, 400); // 600 asked, 500 left: 333 per mille
	assert_true(bed_busy(&bed, PUMP));
	assert_in_range(bed_duty(&bed, DEPTH), 320, 334);
	assert_true(bed_flags(&bed, DEPTH) & ACTUATOR_CLAMPED);
	bed_run(&bed, 3 * US_PER_S); // the cell is full, the pump rests
	assert_false(bed_busy(&bed, PUMP));
	assert_int_equal(bed_duty(&bed, DEPTH), 400);
	bed_close(&bed);
}

static void newcomers_share_what_is_left(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.current_max_ma = 1600; // two valves and the pump would take 1800
	bed_arm(&bed);
	bed.demand[SHOULDER] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 500 };
	bed_ask(&bed, CALF, WIRE_DRIVE, 500);
	assert_true(bed_on(&bed, PUMP, ROLE_RUN) !=
		(bed_busy(&bed, SHOULDER) && bed_busy(&bed, CALF)));
	bed_run(&bed, 10 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void unbroken_drive_has_its_longest_time(void **state)
{
	struct bed bed;
	int64_t from_us;

	(void)state;
	bed_bench(&bed); // 100 s
	from_us = bed.now_us;
	bed_press(&bed, PRESS, 400);
	while (bed_mode(&bed) == GUARD_ACTIVE)
		bed_run(&bed, bed.out.next_us - bed.now_us);
	assert_in_range(bed.now_us - from_us, 99990000, 100010000);
	assert_false(bed_on(&bed, PRESS, ROLE_FORWARD));
	assert_reason(&bed, REASON_ON_TIME);
	assert_int_equal(bed_report(&bed).culprit, PRESS);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed.keep = false;
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_READY); // not latched
	bed_close(&bed);
}

// Half of any five minutes: 30 s pushed, 10 s left as it is and 20 s released gets there in the
// fourth press.
static void five_minutes_have_their_share(void **state)
{
	struct bed bed;
	int64_t on_us = 0;

	(void)state;
	bed_bench(&bed);
	for (int i = 0; i < 10000 && (!i || bed_mode(&bed) == GUARD_ACTIVE); i++) {
		if (i % 600 == 0)
			bed_press(&bed, PRESS, 400);
		if (i % 600 == 300)
			bed_ask(&bed, PRESS, WIRE_REST, 0);
		if (i % 600 == 400)
			bed_ask(&bed, PRESS, WIRE_RELEASE_ACTUATOR, 0);
		if (i % 600 == 402)
			bed_role(&bed, PRESS, ROLE_HOME, true);
		bed_run(&bed, 100 * US_PER_MS);
		on_us += (i % 600 < 402 ? 100 : 0) * US_PER_MS +
			(i % 600 == 0                    ? 500
					: i % 600 == 402 ? 55
							 : 0) *
				US_PER_MS;
	}
	assert_reason(&bed, REASON_DUTY);
	assert_in_range(on_us, 149700000, 150300000);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed.keep = false;
	bed_run(&bed, 5 * US_PER_S);
	assert_mode(&bed, GUARD_READY);
	bed_role(&bed, PRESS, ROLE_HOME, false);
	bed_arm(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 400); // it is still spent
	bed_run(&bed, 20 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed.keep = false;
	bed_run(&bed, 300 * US_PER_S); // and comes back
	bed_arm(&bed);
	bed_press(&bed, PRESS, 400);
	bed_close(&bed);
}

// 5 s of drive, then nothing: it presses all the same.
static void a_press_that_rests_is_under_drive(void **state)
{
	struct bed bed;
	int64_t from_us;

	(void)state;
	bed_bench(&bed);
	from_us = bed.now_us;
	bed_press(&bed, PRESS, 400);
	bed_run(&bed, 5 * US_PER_S);
	bed_ask(&bed, PRESS, WIRE_REST, 0);
	bed_run(&bed, 94 * US_PER_S);
	assert_mode(&bed, GUARD_ACTIVE);
	while (bed_mode(&bed) == GUARD_ACTIVE && bed.now_us - from_us < 200 * US_PER_S)
		bed_run(&bed, bed.out.next_us - bed.now_us);
	assert_reason(&bed, REASON_ON_TIME);
	assert_in_range(bed.now_us - from_us, 99990000, 100010000);
	bed_close(&bed);
}

// Whatever the chair file says, it is released again within two minutes.
static void no_file_lets_it_press_for_more_than_two_minutes(void **state)
{
	struct bed bed;
	int64_t from_us;

	(void)state;
	bed_open(&bed, fixture_bench);
	bed.chair.actuators[PRESS].on_max_ms = 150000;
	bed_arm(&bed);
	from_us = bed.now_us;
	bed_press(&bed, PRESS, 400);
	while (bed_mode(&bed) == GUARD_ACTIVE && bed.now_us - from_us < 200 * US_PER_S)
		bed_run(&bed, bed.out.next_us - bed.now_us);
	assert_reason(&bed, REASON_ON_TIME);
	assert_in_range(bed.now_us - from_us, 113990000, 114010000); // 6 s are for its release
	bed_close(&bed);
}

static void lines_without_pwm_are_on_or_off(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, CALF, WIRE_DRIVE, 300);
	assert_true(bed_on(&bed, PUMP, ROLE_RUN));
	assert_true(bed_report(&bed).pump_on);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_estop_glitch_cuts_and_comes_back_by_slew),
		cmocka_unit_test(an_estop_glitch_between_steps_cuts),
		cmocka_unit_test(a_chattering_estop_keeps_everything_cut),
		cmocka_unit_test(drive_grows_by_slew_and_falls_at_once),
		cmocka_unit_test(frames_do_not_hurry_slew),
		cmocka_unit_test(directions_wait_for_dead_time),
		cmocka_unit_test(a_nervous_controller_gets_its_dead_time),
		cmocka_unit_test(ceilings_hold_the_drive),
		cmocka_unit_test(what_reaches_nothing_presses_nothing),
		cmocka_unit_test(groups_exclude_each_other),
		cmocka_unit_test(the_budget_is_kept),
		cmocka_unit_test(newcomers_share_what_is_left),
		cmocka_unit_test(unbroken_drive_has_its_longest_time),
		cmocka_unit_test(five_minutes_have_their_share),
		cmocka_unit_test(a_press_that_rests_is_under_drive),
		cmocka_unit_test(no_file_lets_it_press_for_more_than_two_minutes),
		cmocka_unit_test(lines_without_pwm_are_on_or_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
