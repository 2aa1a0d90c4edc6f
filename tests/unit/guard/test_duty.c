// SPDX-License-Identifier: MIT
//
// The share of five minutes that each place on a body may be pressed for, by a press that rides.
#include "guard_rig.h"

#define SHARE_S 150
#define DRIVE   300 // per mille: 17 N, which every region bears

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

// Pull back and see it at home; in seconds, how long that takes.
static double let_go(struct guard_rig *rig)
{
	rig_ask(rig, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	rig_run(rig, 200 * US_PER_MS);
	rig_role(rig, DEPTH, ROLE_HOME, true);
	rig_run(rig, 100 * US_PER_MS);
	assert_true(rig_flags(rig, DEPTH) & ACTUATOR_RELEASED);
	rig_ask(rig, DEPTH, WIRE_REST, 0);
	return 0.25;
}

// Press for so long, in tenths of a second, or until the guard lets go; in seconds, how long it is
// from the first push until it is released.
static double press(struct guard_rig *rig, int seconds)
{
	int tenths = 0;

	rig_ask(rig, DEPTH, WIRE_DRIVE, DRIVE);
	for (; tenths < 10 * seconds && rig_mode(rig) == GUARD_ACTIVE; tenths++) {
		rig_run(rig, 100 * US_PER_MS);
		rig_role(rig, DEPTH, ROLE_HOME, false);
	}
	return tenths / 10.0 + (rig_mode(rig) == GUARD_ACTIVE ? let_go(rig) : 0);
}

// A recliner whose depth motor itself may run all the time.
static void open_bed(struct guard_rig *rig)
{
	rig_open(rig, fixture_recliner);
	rig->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	rig_arm(rig);
}

static void assert_let_go(struct guard_rig *rig, double pressed_s)
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

static void a_place_has_its_share(void **state)
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
	assert_let_go(&rig, pressed_s);
}

static void another_place_has_its_own(void **state)
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
	assert_let_go(&rig, 100 + press(&rig, 100));
}

static void a_place_comes_back_while_another_is_pressed(void **state)
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

static void shuffling_stays_on_its_place(void **state)
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
	assert_let_go(&rig, pressed_s);
}

// Where the roller is pushed along, all of its way is pressed.
// To the begin of one of the guard's seconds.
static void align(struct guard_rig *rig)
{
	rig_run(rig, US_PER_S - rig->now_us % US_PER_S);
}

// From one end to the other within each of the guard's seconds: what it keeps of a second is all
// of the way, and not where that second has ended.
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
			pressed_s += let_go(&rig);
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
	assert_let_go(&rig, pressed_s);
}

static void an_unknown_place_is_everywhere(void **state)
{
	struct guard_rig rig;
	double pressed_s;

	(void)state;
	open_bed(&rig);
	pressed_s = press(&rig, 100);
	home(&rig);
	go_to(&rig, 400);
	assert_let_go(&rig, pressed_s + press(&rig, 100));
}

static void a_place_that_is_lost_was_everywhere(void **state)
{
	struct guard_rig rig;
	double pressed_s;

	(void)state;
	open_bed(&rig);
	home(&rig);
	go_to(&rig, 200);
	pressed_s = press(&rig, 100);
	rig_run(&rig, 2 * US_PER_S);
	for (int i = 0; i < 5; i++) // somebody pushes the carriage along
		rig_pulse(&rig, CARRIAGE);
	assert_false(rig_flags(&rig, CARRIAGE) & ACTUATOR_HOMED);
	home(&rig);
	go_to(&rig, 400);
	assert_let_go(&rig, pressed_s + press(&rig, 100));
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

static void what_does_not_ride_has_one_place(void **state)
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
		cmocka_unit_test(a_place_has_its_share),
		cmocka_unit_test(another_place_has_its_own),
		cmocka_unit_test(a_place_comes_back_while_another_is_pressed),
		cmocka_unit_test(shuffling_stays_on_its_place),
		cmocka_unit_test(a_stroke_presses_on_all_of_its_way),
		cmocka_unit_test(an_unknown_place_is_everywhere),
		cmocka_unit_test(a_place_that_is_lost_was_everywhere),
		cmocka_unit_test(the_motor_has_a_share_of_its_own),
		cmocka_unit_test(what_does_not_ride_has_one_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
