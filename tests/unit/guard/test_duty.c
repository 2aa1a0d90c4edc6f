// SPDX-License-Identifier: MIT
//
// The share of five minutes of each zone of a body, under a press on a carriage.
#include "guard_rig.h"

#define SHARE_S 150
#define DRIVE   300 // per mille: 17 N, below every region's ceiling

static void go_to(struct guard_rig *rig, int mm)
{
	rig_ask(rig, CARRIAGE, WIRE_POSITION, mm * 1000);
	for (int i = 0; i < 1000 && !(rig_flags(rig, CARRIAGE) & ACTUATOR_AT_TARGET); i++) {
		if (rig_busy(rig, CARRIAGE))
			rig_pulse(rig, CARRIAGE);
		if (rig_on(rig, CARRIAGE, ROLE_FORWARD))
			rig_role(rig, CARRIAGE, ROLE_HOME, false);
		rig_run(rig, 30 * US_PER_MS);
	}
	assert_true(rig_flags(rig, CARRIAGE) & ACTUATOR_AT_TARGET);
	rig_ask(rig, CARRIAGE, WIRE_REST, 0);
}

static void home(struct guard_rig *rig)
{
	rig_role(rig, CARRIAGE, ROLE_HOME, true);
	rig_ask(rig, CARRIAGE, WIRE_HOME, 0);
	rig_run(rig, 100 * US_PER_MS);
	assert_true(rig_flags(rig, CARRIAGE) & ACTUATOR_HOMED);
	rig_ask(rig, CARRIAGE, WIRE_REST, 0);
}

// Pull back until it is at home; returns the time in seconds.
static double release_s(struct guard_rig *rig)
{
	rig_ask(rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(rig, 200 * US_PER_MS);
	rig_role(rig, DEPTH, ROLE_HOME, true);
	rig_run(rig, 100 * US_PER_MS);
	assert_true(rig_flags(rig, DEPTH) & ACTUATOR_RELEASED);
	rig_ask(rig, DEPTH, WIRE_REST, 0);
	return 0.25;
}

// Press for that long, in tenths of a second, or until the guard releases; returns the seconds from
// the first push until it is released.
static double press(struct guard_rig *rig, int seconds)
{
	int tenths = 0;

	rig_ask(rig, DEPTH, WIRE_DRIVE, DRIVE);
	for (; tenths < 10 * seconds && rig_mode(rig) == GUARD_ACTIVE; tenths++) {
		rig_run(rig, 100 * US_PER_MS);
		rig_role(rig, DEPTH, ROLE_HOME, false);
	}
	return tenths / 10.0 + (rig_mode(rig) == GUARD_ACTIVE ? release_s(rig) : 0);
}

// A recliner whose depth motor itself may run all the time.
static void open_bed(struct guard_rig *rig)
{
	rig_open(rig, fixture_recliner);
	rig->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	rig_arm(rig);
}

static void assert_released_in_time(struct guard_rig *rig, double pressed_s)
{
	assert_mode(rig, GUARD_RELEASING);
	assert_reason(rig, REASON_DUTY);
	assert_int_equal(rig_report(rig).culprit, DEPTH);
	assert_true(fabs(pressed_s - SHARE_S) < 1);
	rig_close(rig);
}

static void assert_pressed(double pressed_s, double seconds)
{
	assert_true(fabs(pressed_s - seconds) < 0.3);
}

static void a_zone_has_its_share(void **state)
{
	struct guard_rig rig;
	double pressed_s;

	(void)state;
	open_bed(&rig);
	home(&rig);
	go_to(&rig, 200);
	pressed_s = press(&rig, 100);
	rig_run(&rig, 10 * US_PER_S);
	pressed_s += press(&rig, 100);
	assert_released_in_time(&rig, pressed_s);
}

static void another_zone_has_its_own(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_bed(&rig);
	home(&rig);
	go_to(&rig, 200);
	assert_pressed(press(&rig, 100), 100);
	go_to(&rig, 300);
	assert_pressed(press(&rig, 100), 100);
	assert_mode(&rig, GUARD_ACTIVE);
	go_to(&rig, 200); // what was spent here is still spent
	assert_released_in_time(&rig, 100 + press(&rig, 100));
}

static void a_zone_recovers_while_another_is_pressed(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_bed(&rig);
	home(&rig);
	for (int i = 0; i < 16; i++) { // 25 minutes
		go_to(&rig, i % 2 ? 200 : 300);
		assert_pressed(press(&rig, 70), 70);
		rig_run(&rig, 20 * US_PER_S);
	}
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void moving_to_and_fro_stays_on_its_zone(void **state)
{
	double pressed_s = 0;
	struct guard_rig rig;

	(void)state;
	open_bed(&rig);
	home(&rig);
	for (int i = 0; i < 20 && rig_mode(&rig) != GUARD_RELEASING; i++) {
		go_to(&rig, i % 2 ? 210 : 200);
		pressed_s += press(&rig, 10);
	}
	assert_released_in_time(&rig, pressed_s);
}

// Run to the start of one of the guard's seconds.
static void align(struct guard_rig *rig)
{
	rig_run(rig, US_PER_S - rig->now_us % US_PER_S);
}

// From one end to the other within each of the guard's seconds: its bucket must keep all of the
// way, not only the place at the end of the second.
static void a_stroke_presses_on_all_of_its_way(void **state)
{
	double pressed_s = 0;
	struct guard_rig rig;

	(void)state;
	open_bed(&rig);
	home(&rig);
	go_to(&rig, 200);
	for (int i = 0; i < 300 && rig_mode(&rig) == GUARD_ACTIVE; i++) {
		if (i % 100 == 95)
			pressed_s += release_s(&rig);
		if (i % 100 == 95 || i == 0)
			align(&rig);
		if (i % 100 < 95)
			rig_ask(&rig, DEPTH, WIRE_DRIVE, DRIVE);
		rig_ask(&rig, CARRIAGE, WIRE_DRIVE, i % 2 ? 200 : -200);
		for (int tenth = 0; tenth < 10 && rig_mode(&rig) == GUARD_ACTIVE; tenth++) {
			for (int mm = 0; mm < 8; mm++) { // 80 mm to and fro within two seconds
				rig_pulse(&rig, CARRIAGE);
				rig_run(&rig, 12500);
			}
			if (i % 100 < 95) {
				rig_role(&rig, DEPTH, ROLE_HOME, false);
				pressed_s += 0.1;
			}
		}
	}
	assert_released_in_time(&rig, pressed_s);
}

static void an_unknown_zone_is_everywhere(void **state)
{
	struct guard_rig rig;
	double pressed_s;

	(void)state;
	open_bed(&rig);
	pressed_s = press(&rig, 100);
	home(&rig);
	go_to(&rig, 400);
	assert_released_in_time(&rig, pressed_s + press(&rig, 100));
}

static void a_zone_of_a_lost_position_is_everywhere(void **state)
{
	struct guard_rig rig;
	double pressed_s;

	(void)state;
	open_bed(&rig);
	home(&rig);
	go_to(&rig, 200);
	pressed_s = press(&rig, 100);
	rig_run(&rig, 2 * US_PER_S);
	for (int i = 0; i < 5; i++) // a person pushes the carriage
		rig_pulse(&rig, CARRIAGE);
	assert_false(rig_flags(&rig, CARRIAGE) & ACTUATOR_HOMED);
	home(&rig);
	go_to(&rig, 400);
	assert_released_in_time(&rig, pressed_s + press(&rig, 100));
}

static void the_motor_has_a_share_of_its_own(void **state)
{
	double pressed_s = 0;
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.actuators[DEPTH].duty_max_permille = 600;
	rig_arm(&rig);
	home(&rig);
	for (int mm = 100; rig_mode(&rig) != GUARD_RELEASING; mm += 100) {
		assert_true(mm <= 300);
		go_to(&rig, mm);
		pressed_s += press(&rig, 70);
	}
	assert_reason(&rig, REASON_DUTY);
	assert_pressed(pressed_s, 180);
	rig_close(&rig);
}

static void an_actuator_without_carriage_has_one_zone(void **state)
{
	double pressed_s = 0;
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.actuators[CALF].duty_max_permille = PERMILLE_FULL;
	rig_arm(&rig);
	home(&rig);
	for (int mm = 100; rig_mode(&rig) != GUARD_RELEASING; mm += 100) {
		assert_true(mm <= 300);
		go_to(&rig, mm);
		rig_ask(&rig, CALF, WIRE_DRIVE, DRIVE);
		for (int tenth = 0; tenth < 700 && rig_mode(&rig) == GUARD_ACTIVE; tenth++) {
			rig_run(&rig, 100 * US_PER_MS);
			pressed_s += 0.1;
		}
		if (rig_mode(&rig) == GUARD_ACTIVE) {
			rig_ask(&rig, CALF, WIRE_RELEASE_ACTUATOR, 0);
			rig_run(&rig, 4 * US_PER_S);
			pressed_s += 4; // until it is proven to have vented
		}
	}
	assert_reason(&rig, REASON_DUTY);
	assert_true(fabs(pressed_s - SHARE_S) < 0.5);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_has_its_share),
		cmocka_unit_test(another_zone_has_its_own),
		cmocka_unit_test(a_zone_recovers_while_another_is_pressed),
		cmocka_unit_test(moving_to_and_fro_stays_on_its_zone),
		cmocka_unit_test(a_stroke_presses_on_all_of_its_way),
		cmocka_unit_test(an_unknown_zone_is_everywhere),
		cmocka_unit_test(a_zone_of_a_lost_position_is_everywhere),
		cmocka_unit_test(the_motor_has_a_share_of_its_own),
		cmocka_unit_test(an_actuator_without_carriage_has_one_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
