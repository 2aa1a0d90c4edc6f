// SPDX-License-Identifier: MIT
//
// Motors that must turn when they are driven: a mechanism with strength, width and tapping.
#include "guard_rig.h"

enum { STRENGTH, KNEADING, TAPPING };

static void fixture_mechanism(struct chair *chair)
{
	struct actuator *actuator;

	fixture_common(chair, "mechanism", "Mechanism");
	chair->current_max_ma = 6000;
	chair->session_max_s = 1800;

	actuator = fixture_actuator(chair, "strength", ACTUATOR_PRESS);
	fixture_motor_lines(chair, "GPIO17", "GPIO27", "GPIO22", "GPIO4");
	fixture_in(chair, "GPIO7", ROLE_END);
	fixture_in(chair, "GPIO8", ROLE_PULSE);
	fixture_press(actuator);
	actuator->drive_max_permille = 800;
	actuator->on_max_ms = 100000;
	actuator->travel_max_ms = 6000;
	actuator->no_pulse_ms = 1000;

	actuator = fixture_actuator(chair, "knead", ACTUATOR_KNEAD);
	fixture_out(chair, "GPIO19", ROLE_PWM);
	fixture_in(chair, "GPIO2", ROLE_PULSE);
	fixture_in(chair, "GPIO3", ROLE_NARROW);
	fixture_in(chair, "GPIO24", ROLE_WIDE);
	actuator->drive_max_permille = PERMILLE_FULL;
	actuator->on_max_ms = 300000;
	actuator->travel_max_ms = 2000;
	actuator->no_pulse_ms = 2000;
	actuator->slew_permille_s = 10000;
	actuator->duty_max_permille = 1000;
	actuator->current_ma = 1200;
	actuator->release = RELEASE_COAST;

	actuator = fixture_actuator(chair, "tap", ACTUATOR_TAP);
	fixture_out(chair, "GPIO18", ROLE_PWM);
	fixture_in(chair, "GPIO23", ROLE_LOCK);
	actuator->drive_max_permille = PERMILLE_FULL;
	actuator->on_max_ms = 300000;
	actuator->lock_ms = 2000;
	actuator->slew_permille_s = 10000;
	actuator->duty_max_permille = 1000;
	actuator->current_ma = 1200;
	actuator->release = RELEASE_COAST;

	fixture_reach(chair, REGION_CALF, "strength", 0.0, 1.0, 0, 80, 0, 0, 0, 0);
}

static void open_mechanism(struct guard_rig *rig)
{
	rig_open(rig, fixture_mechanism);
	rig_arm(rig);
}

// Run until the mode changes, with a pulse of each of these every 100 ms; how long.
static int64_t run_with_pulses(struct guard_rig *rig, unsigned pulsing, int64_t longest_us)
{
	int64_t from_us = rig->now_us;

	while (rig_mode(rig) == GUARD_ACTIVE && rig->now_us - from_us < longest_us) {
		rig_run(rig, 100 * US_PER_MS);
		for (int i = 0; i < 3; i++) {
			if (pulsing >> i & 1 && rig_mode(rig) == GUARD_ACTIVE)
				rig_pulse(rig, i);
		}
	}
	return rig->now_us - from_us;
}

#define PULSES(actuator) (1u << (actuator))

static void turn_until_width(struct guard_rig *rig, enum width width)
{
	rig_ask(rig, KNEADING, WIRE_WIDTH, width);
	rig_run(rig, US_PER_S);
	rig_role(rig, KNEADING, width_role(width), true);
	rig_run(rig, 500 * US_PER_MS);
}

static bool at_target(const struct guard_rig *rig)
{
	return rig_flags(rig, KNEADING) & ACTUATOR_AT_TARGET;
}

static void kneading_without_pulses_trips_by_its_drive(void **state)
{
	static const int drives[] = { 1000, 500 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		int64_t expected_us = 2 * US_PER_S * PERMILLE_FULL / drives[i];
		struct guard_rig rig;

		open_mechanism(&rig);
		rig_ask(&rig, KNEADING, WIRE_DRIVE, drives[i]);
		run_with_pulses(&rig, PULSES(KNEADING), 10 * US_PER_S);
		assert_mode(&rig, GUARD_ACTIVE);
		assert_in_range(run_with_pulses(&rig, 0, 10 * US_PER_S), expected_us,
			expected_us + 200 * US_PER_MS);
		assert_reason(&rig, REASON_NO_PULSE);
		rig_close(&rig);
	}
}

static void a_locked_tapping_motor_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_ask(&rig, TAPPING, WIRE_DRIVE, 500);
	rig_role(&rig, TAPPING, ROLE_LOCK, true);
	rig_run(&rig, 1900 * US_PER_MS);
	rig_role(&rig, TAPPING, ROLE_LOCK, false); // it only started slowly
	rig_run(&rig, 100 * US_PER_MS);
	rig_role(&rig, TAPPING, ROLE_LOCK, true);
	rig_run(&rig, 1900 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 200 * US_PER_MS);
	assert_reason(&rig, REASON_NO_PULSE);
	assert_false(rig_busy(&rig, TAPPING));
	rig_close(&rig);
}

static void a_lock_at_rest_is_no_fault(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_role(&rig, TAPPING, ROLE_LOCK, true);
	rig_ask(&rig, KNEADING, WIRE_DRIVE, 500);
	run_with_pulses(&rig, PULSES(KNEADING), 5 * US_PER_S);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_close(&rig);
}

static void the_width_is_reached_by_a_contact_that_closes(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	turn_until_width(&rig, WIDTH_NARROW);
	assert_true(at_target(&rig));
	assert_int_equal(rig_duty(&rig, KNEADING), 0);
	rig_role(&rig, KNEADING, ROLE_NARROW, false); // it coasts past: again
	rig_run(&rig, 200 * US_PER_MS);
	assert_false(at_target(&rig));
	assert_int_equal(rig_duty(&rig, KNEADING), WIDTH_DRIVE_PERMILLE);
	rig_close(&rig);
}

static void a_contact_that_was_closed_already_proves_nothing(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_role(&rig, KNEADING, ROLE_NARROW, true); // while nothing turns
	rig_run(&rig, 500 * US_PER_MS);
	rig_ask(&rig, KNEADING, WIRE_WIDTH, WIDTH_NARROW);
	rig_run(&rig, US_PER_S);
	assert_false(at_target(&rig));
	rig_role(&rig, KNEADING, ROLE_NARROW, false);
	rig_run(&rig, US_PER_S);
	rig_role(&rig, KNEADING, ROLE_NARROW, true);
	rig_run(&rig, 500 * US_PER_MS);
	assert_true(at_target(&rig));
	rig_close(&rig);
}

static void a_width_that_is_not_reached_trips(void **state)
{
	int64_t expected_us = 2 * US_PER_S * PERMILLE_FULL / WIDTH_DRIVE_PERMILLE;
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_ask(&rig, KNEADING, WIRE_WIDTH, WIDTH_WIDE);
	assert_in_range(run_with_pulses(&rig, PULSES(KNEADING), 20 * US_PER_S), expected_us,
		expected_us + 200 * US_PER_MS);
	assert_reason(&rig, REASON_TRAVEL_TIME);
	rig_close(&rig);
}

static void two_contacts_at_once_trip(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_ask(&rig, KNEADING, WIRE_DRIVE, 500);
	rig_role(&rig, KNEADING, ROLE_NARROW, true);
	rig_role(&rig, KNEADING, ROLE_WIDE, true);
	rig_run(&rig, 20 * US_PER_MS);
	assert_reason(&rig, REASON_END_SWITCH);
	rig_close(&rig);
}

static void a_push_waits_for_the_width(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_ask(&rig, STRENGTH, WIRE_DRIVE, 300);
	rig.demand[KNEADING] = (struct wire_demand){ .mode = WIRE_WIDTH, .value = WIDTH_WIDE };
	rig_setpoint(&rig, LEASE_HARD_MAX_MS);
	rig_role(&rig, KNEADING, ROLE_WIDE, false);
	rig_run(&rig, US_PER_S);
	rig_role(&rig, KNEADING, ROLE_WIDE, true);
	rig_run(&rig, 200 * US_PER_MS);
	assert_false(rig_on(&rig, STRENGTH, ROLE_FORWARD)); // it may still coast
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, STRENGTH, ROLE_FORWARD));
	rig_close(&rig);
}

static void a_width_lost_under_pressure_releases(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	turn_until_width(&rig, WIDTH_WIDE);
	rig_press(&rig, STRENGTH, 300);
	rig_ask(&rig, KNEADING, WIRE_WIDTH, WIDTH_WIDE);
	rig_run(&rig, 100 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_role(&rig, KNEADING, ROLE_WIDE, false);
	rig_run(&rig, 20 * US_PER_MS);
	assert_reason(&rig, REASON_POSITION);
	assert_mode(&rig, GUARD_RELEASING);
	assert_int_equal(rig_duty(&rig, KNEADING), 0);
	rig_close(&rig);
}

static void a_press_that_is_pushed_is_given_its_time_on_the_body(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_press(&rig, STRENGTH, 400);
	rig_run(&rig, 10 * US_PER_S); // without a pulse: it presses
	assert_mode(&rig, GUARD_ACTIVE);
	rig_ask(&rig, STRENGTH, WIRE_DRIVE, -400);
	rig_run(&rig, 900 * US_PER_MS);
	assert_mode(&rig, GUARD_ACTIVE);
	rig_run(&rig, 400 * US_PER_MS); // and the dead time
	assert_reason(&rig, REASON_NO_PULSE);
	assert_true(rig_on(&rig, STRENGTH, ROLE_REVERSE)); // the release goes on
	rig_close(&rig);
}

static void the_weak_contact_must_be_reached_in_its_time(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_press(&rig, STRENGTH, 400);
	rig_ask(&rig, STRENGTH, WIRE_DRIVE, -400);
	assert_in_range(run_with_pulses(&rig, PULSES(STRENGTH), 20 * US_PER_S), 6 * US_PER_S,
		6300 * US_PER_MS);
	assert_reason(&rig, REASON_TRAVEL_TIME);
	rig_close(&rig);
}

static void the_strong_contact_ends_a_push(void **state)
{
	struct guard_rig rig;

	(void)state;
	open_mechanism(&rig);
	rig_press(&rig, STRENGTH, 400);
	assert_true(rig_on(&rig, STRENGTH, ROLE_FORWARD));
	rig_role(&rig, STRENGTH, ROLE_END, true);
	assert_false(rig_on(&rig, STRENGTH, ROLE_FORWARD));
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kneading_without_pulses_trips_by_its_drive),
		cmocka_unit_test(a_locked_tapping_motor_trips),
		cmocka_unit_test(a_lock_at_rest_is_no_fault),
		cmocka_unit_test(the_width_is_reached_by_a_contact_that_closes),
		cmocka_unit_test(a_contact_that_was_closed_already_proves_nothing),
		cmocka_unit_test(a_width_that_is_not_reached_trips),
		cmocka_unit_test(two_contacts_at_once_trip),
		cmocka_unit_test(a_push_waits_for_the_width),
		cmocka_unit_test(a_width_lost_under_pressure_releases),
		cmocka_unit_test(a_press_that_is_pushed_is_given_its_time_on_the_body),
		cmocka_unit_test(the_weak_contact_must_be_reached_in_its_time),
		cmocka_unit_test(the_strong_contact_ends_a_push),
	};

	return cmocka_run_group_tests_name("turning", tests, NULL, NULL);
}
