// SPDX-License-Identifier: MIT
//
// Drive: E-stop glitches, slew, dead time, ceilings, groups, budget, on-time and duty.
#include <errno.h>

#include "guard_rig.h"

static void an_estop_glitch_cuts_and_comes_back_by_slew(void **state)
{
	struct guard_rig rig;
	int duty = 0;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 500);
	assert_int_equal(rig_duty(&rig, PRESS), 500);
	rig_input(&rig, rig.chair.estop, false);
	assert_true(rig.out.cut);
	rig_run(&rig, 2 * US_PER_MS);
	rig_input(&rig, rig.chair.estop, true);
	rig_run(&rig, 4900); // closed, and not for long enough
	assert_true(rig.out.cut);
	rig_run(&rig, 200);
	assert_false(rig.out.cut);
	assert_mode(&rig, GUARD_ACTIVE);
	assert_in_range(rig_duty(&rig, PRESS), 1, 40); // 2000 per mille a second, from nothing
	for (int i = 0; i < 40; i++) {
		rig_run(&rig, 10 * US_PER_MS);
		assert_true(rig_duty(&rig, PRESS) - duty <= 41);
		duty = rig_duty(&rig, PRESS);
	}
	assert_int_equal(duty, 500);
	rig_close(&rig);
}

// Both edges between two steps: it was open all the same.
static void an_estop_glitch_between_steps_cuts(void **state)
{
	struct hal_event events[2];
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 600);
	events[0] = (struct hal_event){ .t_us = rig.now_us + 100,
		.line = (uint8_t)rig.chair.estop };
	events[1] = events[0];
	events[1].t_us += 50;
	events[1].active = true;
	rig.now_us += 200;
	rig_step(&rig, rig.now_us, events, 2, 0, NULL);
	assert_true(rig.out.cut);
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void a_chattering_estop_keeps_everything_cut(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 600);
	for (int i = 0; i < 50; i++) {
		rig_input(&rig, rig.chair.estop, i % 2);
		assert_true(rig.out.cut);
		rig_run(&rig, 3 * US_PER_MS);
		assert_true(rig.out.cut);
	}
	rig_close(&rig);
}

static void drive_grows_by_slew_and_falls_at_once(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 1); // its home opens
	rig_ask(&rig, PRESS, WIRE_DRIVE, 800);
	rig_run(&rig, 200 * US_PER_MS);
	assert_in_range(rig_duty(&rig, PRESS), 360, 440);
	rig_run(&rig, 300 * US_PER_MS);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 300);
	assert_int_equal(rig_duty(&rig, PRESS), 300);
	rig_ask(&rig, PRESS, WIRE_REST, 0);
	assert_false(rig_busy(&rig, PRESS));
	rig_close(&rig);
}

// A flood of frames must not make it grow faster.
static void frames_do_not_hurry_slew(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 800);
	for (int i = 0; i < 1000; i++) {
		rig_run(&rig, 100);
		rig_setpoint(&rig, 250);
	}
	assert_in_range(rig_duty(&rig, PRESS), 180, 225); // after 100 ms
	rig_close(&rig);
}

static void directions_wait_for_dead_time(void **state)
{
	struct guard_rig rig;
	int64_t off_us;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 500);
	rig_ask(&rig, PRESS, WIRE_DRIVE, -500);
	off_us = rig.now_us;
	assert_false(rig_busy(&rig, PRESS));
	while (!rig_busy(&rig, PRESS))
		rig_run(&rig, rig.out.next_us - rig.now_us);
	assert_in_range(rig.now_us - off_us, 100 * US_PER_MS, 110 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_close(&rig);
}

// To and fro with every frame: never two directions, never without the dead time.
static void the_dead_time_holds_against_every_frame(void **state)
{
	int64_t forward_us = -1, reverse_us = -1;
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 500);
	for (int i = 0; i < 2000; i++) {
		rig.demand[PRESS].value = i / 7 % 2 ? 500 : -500;
		rig_setpoint(&rig, 250);
		if (rig_on(&rig, PRESS, ROLE_FORWARD))
			forward_us = rig.now_us;
		if (rig_on(&rig, PRESS, ROLE_REVERSE))
			reverse_us = rig.now_us;
		if (forward_us == rig.now_us && reverse_us >= 0)
			assert_true(forward_us - reverse_us >= 100 * US_PER_MS);
		if (reverse_us == rig.now_us && forward_us >= 0)
			assert_true(reverse_us - forward_us >= 100 * US_PER_MS);
		rig_run(&rig, 20 * US_PER_MS);
	}
	assert_true(forward_us > 0 && reverse_us > 0);
	rig_close(&rig);
}

static void ceilings_hold_the_drive(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig); // 50 N for long: 667 per mille by its table
	rig_press(&rig, PRESS, 1000);
	rig_run(&rig, US_PER_S);
	assert_in_range(rig_duty(&rig, PRESS), 666, 668);
	assert_true(rig_flags(&rig, PRESS) & ACTUATOR_CLAMPED);
	rig_ask(&rig, PRESS, WIRE_DRIVE, -1000); // no pull beyond home
	rig_run(&rig, US_PER_S);
	assert_int_equal(rig_duty(&rig, PRESS), 800);
	rig_close(&rig);
}

static void an_actuator_without_regions_is_not_driven(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.chair.n_reaches = 0;
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 500);
	rig_run(&rig, US_PER_S);
	assert_false(rig_busy(&rig, PRESS));
	rig_close(&rig);
}

static void groups_exclude_each_other(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, KNEAD, WIRE_DRIVE, 400);
	rig_run(&rig, US_PER_S);
	assert_true(rig_busy(&rig, KNEAD));
	rig_ask(&rig, CARRIAGE, WIRE_HOME, 0); // comes first in the file, but later in time
	rig_run(&rig, US_PER_S);
	assert_true(rig_busy(&rig, KNEAD));
	assert_false(rig_busy(&rig, CARRIAGE));
	assert_true(rig_flags(&rig, CARRIAGE) & ACTUATOR_CLAMPED);
	rig_ask(&rig, KNEAD, WIRE_REST, 0);
	rig_run(&rig, 20 * US_PER_MS);
	assert_true(rig_busy(&rig, CARRIAGE));
	rig_close(&rig);
}

// rig_check() adds up the currents after every step.
static void the_budget_is_kept(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.current_max_ma = 2000;
	rig_arm(&rig);
	rig_ask(&rig, SHOULDER, WIRE_DRIVE, 500); // valve 300, pump 1200
	rig_run(&rig, 100 * US_PER_MS);
	assert_true(rig_busy(&rig, PUMP));
	rig_press(&rig, DEPTH, 400); // demand 600, 500 left: 333 per mille
	assert_true(rig_busy(&rig, PUMP));
	assert_in_range(rig_duty(&rig, DEPTH), 320, 334);
	assert_true(rig_flags(&rig, DEPTH) & ACTUATOR_CLAMPED);
	rig_run(&rig, 3 * US_PER_S); // the cell is full, the pump rests
	assert_false(rig_busy(&rig, PUMP));
	assert_int_equal(rig_duty(&rig, DEPTH), 400);
	rig_close(&rig);
}

static void newcomers_share_what_is_left(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.current_max_ma = 1600; // two valves and the pump would take 1800
	rig_arm(&rig);
	rig.demand[SHOULDER] = (struct wire_demand){ .mode = WIRE_DRIVE, .value = 500 };
	rig_ask(&rig, CALF, WIRE_DRIVE, 500);
	assert_true(rig_on(&rig, PUMP, ROLE_RUN) !=
		(rig_busy(&rig, SHOULDER) && rig_busy(&rig, CALF)));
	rig_run(&rig, 10 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void unbroken_drive_has_its_longest_time(void **state)
{
	struct guard_rig rig;
	int64_t from_us;

	(void)state;
	rig_bench(&rig); // 100 s
	from_us = rig.now_us;
	rig_press(&rig, PRESS, 400);
	while (rig_mode(&rig) == GUARD_ACTIVE)
		rig_run(&rig, rig.out.next_us - rig.now_us);
	assert_in_range(rig.now_us - from_us, 99990000, 100010000);
	assert_false(rig_on(&rig, PRESS, ROLE_FORWARD));
	assert_reason(&rig, REASON_ON_TIME);
	assert_int_equal(rig_report(&rig).culprit, PRESS);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig.keep = false;
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_READY); // not latched
	rig_close(&rig);
}

// Half of any five minutes: 30 s pushed, 10 s left as it is and 20 s released gets there in the
// fourth press.
static void five_minutes_have_their_share(void **state)
{
	struct guard_rig rig;
	int64_t on_us = 0;

	(void)state;
	rig_bench(&rig);
	for (int i = 0; i < 10000 && (!i || rig_mode(&rig) == GUARD_ACTIVE); i++) {
		if (i % 600 == 0)
			rig_press(&rig, PRESS, 400);
		if (i % 600 == 300)
			rig_ask(&rig, PRESS, WIRE_REST, 0);
		if (i % 600 == 400)
			rig_ask(&rig, PRESS, WIRE_RELEASE_ACTUATOR, 0);
		if (i % 600 == 402)
			rig_role(&rig, PRESS, ROLE_HOME, true);
		rig_run(&rig, 100 * US_PER_MS);
		on_us += (i % 600 < 402 ? 100 : 0) * US_PER_MS +
			(i % 600 == 0                    ? 500
					: i % 600 == 402 ? 55
							 : 0) *
				US_PER_MS;
	}
	assert_reason(&rig, REASON_DUTY);
	assert_in_range(on_us, 149700000, 150300000);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig.keep = false;
	rig_run(&rig, 5 * US_PER_S);
	assert_mode(&rig, GUARD_READY);
	rig_role(&rig, PRESS, ROLE_HOME, false);
	rig_arm(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 400); // it is still spent
	rig_run(&rig, 20 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig.keep = false;
	rig_run(&rig, 300 * US_PER_S); // and comes back
	rig_arm(&rig);
	rig_press(&rig, PRESS, 400);
	rig_close(&rig);
}

// 5 s of drive, then nothing: it presses all the same.
static void a_press_without_drive_is_under_drive(void **state)
{
	struct guard_rig rig;
	int64_t from_us;

	(void)state;
	rig_bench(&rig);
	from_us = rig.now_us;
	rig_press(&rig, PRESS, 400);
	rig_run(&rig, 5 * US_PER_S);
	rig_ask(&rig, PRESS, WIRE_REST, 0);
	rig_run(&rig, 94 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	while (rig_mode(&rig) == GUARD_ACTIVE && rig.now_us - from_us < 200 * US_PER_S)
		rig_run(&rig, rig.out.next_us - rig.now_us);
	assert_reason(&rig, REASON_ON_TIME);
	assert_in_range(rig.now_us - from_us, 99990000, 100010000);
	rig_close(&rig);
}

// With any chair file, it is released again within two minutes.
static void no_file_lets_it_press_for_more_than_two_minutes(void **state)
{
	struct guard_rig rig;
	int64_t from_us;

	(void)state;
	rig_open(&rig, fixture_bench);
	rig.chair.actuators[PRESS].on_max_ms = 150000;
	rig_arm(&rig);
	from_us = rig.now_us;
	rig_press(&rig, PRESS, 400);
	while (rig_mode(&rig) == GUARD_ACTIVE && rig.now_us - from_us < 200 * US_PER_S)
		rig_run(&rig, rig.out.next_us - rig.now_us);
	assert_reason(&rig, REASON_ON_TIME);
	assert_in_range(rig.now_us - from_us, 113990000, 114010000); // 6 s are for its release
	rig_close(&rig);
}

static void lines_without_pwm_are_on_or_off(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, CALF, WIRE_DRIVE, 300);
	assert_true(rig_on(&rig, PUMP, ROLE_RUN));
	assert_true(rig_report(&rig).pump_on);
	rig_close(&rig);
}

// --- relays -----------------------------------------------------------------------------------

enum { BACKREST = PRESS + 1 };

// The bench with a backrest whose motor two relays switch.
static void fixture_backrest(struct chair *chair)
{
	struct actuator *backrest;

	fixture_bench(chair);
	backrest = fixture_actuator(chair, "backrest", ACTUATOR_RECLINE);
	fixture_out(chair, "GPIO19", ROLE_FORWARD);
	fixture_out(chair, "GPIO20", ROLE_REVERSE);
	fixture_in(chair, "GPIO21", ROLE_HOME);
	fixture_in(chair, "GPIO24", ROLE_END);
	backrest->drive_max_permille = 1000;
	backrest->on_max_ms = 60000;
	backrest->travel_max_ms = 30000;
	backrest->dead_time_ms = 100;
	backrest->duty_max_permille = 1000;
	backrest->current_ma = 100;
	backrest->release = RELEASE_COAST;
	backrest->min_on_ms = 500;
	backrest->min_off_ms = 300;
}

static void rig_backrest(struct guard_rig *rig)
{
	rig_open(rig, fixture_backrest);
	rig_arm(rig);
	rig_ask(rig, BACKREST, WIRE_DRIVE, 400);
	assert_true(rig_on(rig, BACKREST, ROLE_FORWARD));
	rig_run(rig, 100 * US_PER_MS);
}

// Runs until that line of the backrest has this level; how long that took, in ms.
static int ms_until(struct guard_rig *rig, enum line_role role, bool on)
{
	int64_t from_us = rig->now_us;

	while (rig_on(rig, BACKREST, role) != on && rig->now_us - from_us < 5 * US_PER_S)
		rig_run(rig, US_PER_MS);
	return (int)((rig->now_us - from_us) / US_PER_MS);
}

static void a_relay_carries_a_short_demand_out(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_backrest(&rig);
	rig_ask(&rig, BACKREST, WIRE_REST, 0);
	assert_in_range(ms_until(&rig, ROLE_FORWARD, false), 395, 410);
	rig_ask(&rig, BACKREST, WIRE_DRIVE, 400);
	assert_in_range(ms_until(&rig, ROLE_FORWARD, true), 295, 310);
	rig_close(&rig);
}

// The time of the relay that goes off, then the longer of its rest and the dead time.
static void a_relay_is_not_reversed_sooner(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_backrest(&rig);
	rig_ask(&rig, BACKREST, WIRE_DRIVE, -1000);
	assert_in_range(ms_until(&rig, ROLE_FORWARD, false), 395, 410);
	assert_in_range(ms_until(&rig, ROLE_REVERSE, true), 295, 310);
	rig_close(&rig);
}

static void no_stop_waits_for_a_relay(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_backrest(&rig); // an end
	rig_role(&rig, BACKREST, ROLE_END, true);
	assert_false(rig_on(&rig, BACKREST, ROLE_FORWARD));
	rig_close(&rig);

	rig_backrest(&rig); // its own release
	rig_ask(&rig, BACKREST, WIRE_RELEASE_ACTUATOR, 0);
	assert_false(rig_on(&rig, BACKREST, ROLE_FORWARD));
	rig_close(&rig);

	rig_backrest(&rig); // everybody's
	rig_send(&rig, WIRE_RELEASE);
	assert_false(rig_on(&rig, BACKREST, ROLE_FORWARD));
	rig_close(&rig);

	rig_backrest(&rig); // the emergency stop, before it is debounced
	rig_input(&rig, rig.chair.estop, false);
	assert_false(rig_on(&rig, BACKREST, ROLE_FORWARD));
	rig_close(&rig);

	rig_backrest(&rig); // a failed line
	rig_step(&rig, rig.now_us, NULL, 0, -EIO, NULL);
	assert_false(rig_on(&rig, BACKREST, ROLE_FORWARD));
	rig_close(&rig);
}

// --- a bridge without an enable input ---------------------------------------------------------

static void fixture_sign_magnitude(struct chair *chair)
{
	fixture_bench(chair);
	chair->actuators[PRESS].sign_magnitude = true;
	chair->lines[chair->actuators[PRESS].line[ROLE_PWM]].actuator = -1; // not its own any more
	chair->lines[chair->actuators[PRESS].line[ROLE_PWM]].role = ROLE_RUN;
	chair->actuators[PRESS].line[ROLE_PWM] = -1;
}

static void the_driven_direction_is_pulsed(void **state)
{
	const uint16_t *duty;
	struct guard_rig rig;
	int forward, reverse;

	(void)state;
	rig_open(&rig, fixture_sign_magnitude);
	forward = rig.chair.actuators[PRESS].line[ROLE_FORWARD];
	reverse = rig.chair.actuators[PRESS].line[ROLE_REVERSE];
	duty = rig.out.duty_permille;
	rig_arm(&rig);
	assert_int_equal(rig.out.pwm_lines, LINE_BIT(forward) | LINE_BIT(reverse));
	rig_ask(&rig, PRESS, WIRE_DRIVE, 300);
	rig_run(&rig, US_PER_S);
	rig_role(&rig, PRESS, ROLE_HOME, false);
	rig_run(&rig, 100 * US_PER_MS);
	assert_true(duty[forward] > 0);
	assert_int_equal(duty[reverse], 0);
	assert_false(rig.out.levels & rig.out.pwm_lines);
	rig_send(&rig, WIRE_RELEASE);
	assert_int_equal(duty[forward], 0);
	assert_int_equal(duty[reverse], 0);
	rig_run(&rig, 110 * US_PER_MS); // past the dead time
	assert_int_equal(duty[forward], 0);
	assert_true(duty[reverse] > 0);
	rig_input(&rig, rig.chair.estop, false);
	assert_int_equal(duty[forward], 0);
	assert_int_equal(duty[reverse], 0);
	rig_close(&rig);
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
		cmocka_unit_test(the_dead_time_holds_against_every_frame),
		cmocka_unit_test(ceilings_hold_the_drive),
		cmocka_unit_test(an_actuator_without_regions_is_not_driven),
		cmocka_unit_test(groups_exclude_each_other),
		cmocka_unit_test(the_budget_is_kept),
		cmocka_unit_test(newcomers_share_what_is_left),
		cmocka_unit_test(unbroken_drive_has_its_longest_time),
		cmocka_unit_test(five_minutes_have_their_share),
		cmocka_unit_test(a_press_without_drive_is_under_drive),
		cmocka_unit_test(no_file_lets_it_press_for_more_than_two_minutes),
		cmocka_unit_test(lines_without_pwm_are_on_or_off),
		cmocka_unit_test(a_relay_carries_a_short_demand_out),
		cmocka_unit_test(a_relay_is_not_reversed_sooner),
		cmocka_unit_test(no_stop_waits_for_a_relay),
		cmocka_unit_test(the_driven_direction_is_pulsed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
