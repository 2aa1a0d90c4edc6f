// SPDX-License-Identifier: MIT
//
// The share of five minutes that each place on a body may be pressed for, by a press that rides.
#include "bed.h"

#define SHARE_S 150
#define DRIVE   300 // per mille: 17 N, which every region bears

static void go_to(struct bed *bed, int mm)
{
	bed_ask(bed, CARRIAGE, WIRE_POSITION, mm * 1000);
	for (int i = 0; i < 1000 && !(bed_flags(bed, CARRIAGE) & ACTUATOR_AT_TARGET); i++) {
		if (bed_busy(bed, CARRIAGE))
			bed_pulse(bed, CARRIAGE);
		if (bed_on(bed, CARRIAGE, ROLE_FORWARD))
			bed_role(bed, CARRIAGE, ROLE_HOME, false);
		bed_run(bed, 30 * US_PER_MS);
	}
	assert_true(bed_flags(bed, CARRIAGE) & ACTUATOR_AT_TARGET);
	bed_ask(bed, CARRIAGE, WIRE_REST, 0);
}

static void home(struct bed *bed)
{
	bed_role(bed, CARRIAGE, ROLE_HOME, true);
	bed_ask(bed, CARRIAGE, WIRE_HOME, 0);
	bed_run(bed, 100 * US_PER_MS);
	assert_true(bed_flags(bed, CARRIAGE) & ACTUATOR_HOMED);
	bed_ask(bed, CARRIAGE, WIRE_REST, 0);
}

// Pull back and see it at home; in seconds, how long that takes.
static double let_go(struct bed *bed)
{
	bed_ask(bed, DEPTH, WIRE_RELEASE_ACTUATOR, 0);
	bed_run(bed, 200 * US_PER_MS);
	bed_role(bed, DEPTH, ROLE_HOME, true);
	bed_run(bed, 100 * US_PER_MS);
	assert_true(bed_flags(bed, DEPTH) & ACTUATOR_RELEASED);
	bed_ask(bed, DEPTH, WIRE_REST, 0);
	return 0.25;
}

// Press for so long, in tenths of a second, or until the guard lets go; in seconds, how long it is
// from the first push until it is released.
static double press(struct bed *bed, int seconds)
{
	int tenths = 0;

	bed_ask(bed, DEPTH, WIRE_DRIVE, DRIVE);
	for (; tenths < 10 * seconds && bed_mode(bed) == GUARD_ACTIVE; tenths++) {
		bed_run(bed, 100 * US_PER_MS);
		bed_role(bed, DEPTH, ROLE_HOME, false);
	}
	return tenths / 10.0 + (bed_mode(bed) == GUARD_ACTIVE ? let_go(bed) : 0);
}

// A recliner whose depth motor itself may run all the time.
static void open_bed(struct bed *bed)
{
	bed_open(bed, fixture_recliner);
	bed->chair.actuators[DEPTH].duty_max_permille = PERMILLE_FULL;
	bed_arm(bed);
}

static void assert_let_go(struct bed *bed, double pressed_s)
{
	assert_mode(bed, GUARD_RELEASING);
	assert_reason(bed, REASON_DUTY);
	assert_int_equal(bed_report(bed).culprit, DEPTH);
	assert_true(fabs(pressed_s - SHARE_S) < 1);
	bed_close(bed);
}

static void assert_pressed(double pressed_s, double seconds)
{
	assert_true(fabs(pressed_s - seconds) < 0.3);
}

static void a_place_has_its_share(void **state)
{
	struct bed bed;
	double pressed_s;

	(void)state;
	open_bed(&bed);
	home(&bed);
	go_to(&bed, 200);
	pressed_s = press(&bed, 100);
	bed_run(&bed, 10 * US_PER_S);
	pressed_s += press(&bed, 100);
	assert_let_go(&bed, pressed_s);
}

static void another_place_has_its_own(void **state)
{
	struct bed bed;

	(void)state;
	open_bed(&bed);
	home(&bed);
	go_to(&bed, 200);
	assert_pressed(press(&bed, 100), 100);
	go_to(&bed, 300);
	assert_pressed(press(&bed, 100), 100);
	assert_mode(&bed, GUARD_ACTIVE);
	go_to(&bed, 200); // what was spent here is still spent
	assert_let_go(&bed, 100 + press(&bed, 100));
}

static void a_place_comes_back_while_another_is_pressed(void **state)
{
	struct bed bed;

	(void)state;
	open_bed(&bed);
	home(&bed);
	for (int i = 0; i < 16; i++) { // 25 minutes
		go_to(&bed, i % 2 ? 200 : 300);
		assert_pressed(press(&bed, 70), 70);
		bed_run(&bed, 20 * US_PER_S);
	}
	assert_mode(&bed, GUARD_ACTIVE);
	bed_close(&bed);
}

static void shuffling_stays_on_its_place(void **state)
{
	double pressed_s = 0;
	struct bed bed;

	(void)state;
	open_bed(&bed);
	home(&bed);
	for (int i = 0; i < 20 && bed_mode(&bed) != GUARD_RELEASING; i++) {
		go_to(&bed, i % 2 ? 210 : 200);
		pressed_s += press(&bed, 10);
	}
	assert_let_go(&bed, pressed_s);
}

// Where the roller is pushed along, all of its way is pressed.
// To the begin of one of the guard's seconds.
static void align(struct bed *bed)
{
	bed_run(bed, US_PER_S - bed->now_us % US_PER_S);
}

// From one end to the other within each of the guard's seconds: what it keeps of a second is all
// of the way, and not where that second has ended.
static void a_stroke_presses_on_all_of_its_way(void **state)
{
	double pressed_s = 0;
	struct bed bed;

	(void)state;
	open_bed(&bed);
	home(&bed);
	go_to(&bed, 200);
	for (int i = 0; i < 300 && bed_mode(&bed) == GUARD_ACTIVE; i++) {
		if (i % 100 == 95)
			pressed_s += let_go(&bed);
		if (i % 100 == 95 || i == 0)
			align(&bed);
		if (i % 100 < 95)
			bed_ask(&bed, DEPTH, WIRE_DRIVE, DRIVE);
		bed_ask(&bed, CARRIAGE, WIRE_DRIVE, i % 2 ? 200 : -200);
		for (int tenth = 0; tenth < 10 && bed_mode(&bed) == GUARD_ACTIVE; tenth++) {
			for (int mm = 0; mm < 8; mm++) { // 80 mm to and fro within two seconds
				bed_pulse(&bed, CARRIAGE);
				bed_run(&bed, 12500);
			}
			if (i % 100 < 95) {
				bed_role(&bed, DEPTH, ROLE_HOME, false);
				pressed_s += 0.1;
			}
		}
	}
	assert_let_go(&bed, pressed_s);
}

static void an_unknown_place_is_everywhere(void **state)
{
	struct bed bed;
	double pressed_s;

	(void)state;
	open_bed(&bed);
	pressed_s = press(&bed, 100);
	home(&bed);
	go_to(&bed, 400);
	assert_let_go(&bed, pressed_s + press(&bed, 100));
}

static void a_place_that_is_lost_was_everywhere(void **state)
{
	struct bed bed;
	double pressed_s;

	(void)state;
	open_bed(&bed);
	home(&bed);
	go_to(&bed, 200);
	pressed_s = press(&bed, 100);
	bed_run(&bed, 2 * US_PER_S);
	for (int i = 0; i < 5; i++) // somebody pushes the carriage along
		bed_pulse(&bed, CARRIAGE);
	assert_false(bed_flags(&bed, CARRIAGE) & ACTUATOR_HOMED);
	home(&bed);
	go_to(&bed, 400);
	assert_let_go(&bed, pressed_s + press(&bed, 100));
}

static void the_motor_has_a_share_of_its_own(void **state)
{
	double pressed_s = 0;
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.actuators[DEPTH].duty_max_permille = 600;
	bed_arm(&bed);
	home(&bed);
	for (int mm = 100; bed_mode(&bed) != GUARD_RELEASING; mm += 100) {
		assert_true(mm <= 300);
		go_to(&bed, mm);
		pressed_s += press(&bed, 70);
	}
	assert_reason(&bed, REASON_DUTY);
	assert_pressed(pressed_s, 180);
	bed_close(&bed);
}

static void what_does_not_ride_has_one_place(void **state)
{
	double pressed_s = 0;
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.actuators[CALF].duty_max_permille = PERMILLE_FULL;
	bed_arm(&bed);
	home(&bed);
	for (int mm = 100; bed_mode(&bed) != GUARD_RELEASING; mm += 100) {
		assert_true(mm <= 300);
		go_to(&bed, mm);
		bed_ask(&bed, CALF, WIRE_DRIVE, DRIVE);
		for (int tenth = 0; tenth < 700 && bed_mode(&bed) == GUARD_ACTIVE; tenth++) {
			bed_run(&bed, 100 * US_PER_MS);
			pressed_s += 0.1;
		}
		if (bed_mode(&bed) == GUARD_ACTIVE) {
			bed_ask(&bed, CALF, WIRE_RELEASE_ACTUATOR, 0);
			bed_run(&bed, 4 * US_PER_S);
			pressed_s += 4; // until it is proven to have vented
		}
	}
	assert_reason(&bed, REASON_DUTY);
	assert_true(fabs(pressed_s - SHARE_S) < 0.5);
	bed_close(&bed);
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
