// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ctl/direction.h"

static const struct actuator press = {
	.kind = ACTUATOR_PRESS,
	.drive_max_permille = 800,
	.release_drive_permille = 500,
	.release_max_ms = 6000,
	.calibration = { .n = 2, .at = { { 100, 0 }, { 300, 20 } } },
};
static const struct actuator carriage = {
	.kind = ACTUATOR_TRAVEL,
	.drive_max_permille = 900,
	.travel_max_ms = 40000,
};

static const struct direction_seen home = { .idle = true, .at_home = true, .released = true };
static const struct direction_seen away = { .idle = true };
static const struct direction_seen busy_home = { .at_home = true };
static const struct direction_seen busy_away = { 0 };
static const struct direction_seen tripped = { .tripped = true, .at_home = true };

static enum direction_request look(struct direction *direction, const struct direction_seen *seen)
{
	return direction_step(direction, direction->since_us + US_PER_S, seen);
}

static void a_press_is_released_pushed_and_released(void **state)
{
	struct direction direction;

	(void)state;
	direction_begin(&direction, &press, 0);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_STOP); // even if it is at home
	assert_int_equal(look(&direction, &away), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_JOG);
	assert_int_equal(look(&direction, &busy_home), DIRECTION_ASK_JOG);
	assert_int_equal(look(&direction, &busy_away), DIRECTION_ASK_STOP);
	assert_int_equal(look(&direction, &busy_away), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &busy_home), DIRECTION_ASK_NOTHING); // not finished
	assert_int_equal(direction.verdict, DIRECTION_OPEN);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_STOP);
	assert_int_equal(direction.verdict, DIRECTION_PROVEN);
}

static void a_carriage_is_homed_driven_and_homed(void **state)
{
	struct direction direction;

	(void)state;
	direction_begin(&direction, &carriage, 0);
	assert_int_equal(look(&direction, &away), DIRECTION_ASK_HOME);
	assert_int_equal(look(&direction, &busy_away), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_JOG);
	assert_int_equal(look(&direction, &busy_away), DIRECTION_ASK_STOP);
	assert_int_equal(look(&direction, &away), DIRECTION_ASK_HOME);
	direction_busy(&direction);
	assert_int_equal(look(&direction, &away), DIRECTION_ASK_HOME);
	assert_int_equal(look(&direction, &busy_home), DIRECTION_ASK_NOTHING);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_STOP);
	assert_int_equal(direction.verdict, DIRECTION_PROVEN);
}

static void homing_that_ends_elsewhere_proves_nothing(void **state)
{
	struct direction direction;

	(void)state;
	direction_begin(&direction, &carriage, 0);
	look(&direction, &away);
	assert_int_equal(look(&direction, &away), DIRECTION_ASK_STOP);
	assert_int_equal(direction.verdict, DIRECTION_NOT_CLOSED);
}

// At its home by the contact, but not proven released: the sensor still measures a force, say.
static void an_unreleased_press_is_not_pushed(void **state)
{
	const struct direction_seen pressing = { .idle = true, .at_home = true };
	struct direction direction;

	(void)state;
	direction_begin(&direction, &press, 0);
	look(&direction, &pressing);
	assert_int_equal(look(&direction, &pressing), DIRECTION_ASK_NOTHING);
	assert_int_equal(direction_step(&direction, direction_back_max_us(&press) + 1, &pressing),
		DIRECTION_ASK_STOP);
	assert_int_equal(direction.verdict, DIRECTION_NOT_CLOSED);
}

static void a_phase_without_its_contact_times_out(void **state)
{
	struct direction direction;

	(void)state;
	direction_begin(&direction, &press, 0);
	look(&direction, &home);
	look(&direction, &home);
	assert_int_equal(look(&direction, &home), DIRECTION_ASK_JOG);
	assert_int_equal(direction_step(&direction, direction.since_us + 7 * US_PER_S, &busy_home),
		DIRECTION_ASK_STOP);
	assert_int_equal(direction.verdict, DIRECTION_NOT_OPENED);
}

static void a_trip_ends_it_in_every_phase(void **state)
{
	static const enum direction_verdict verdicts[] = { DIRECTION_NOT_CLOSED,
		DIRECTION_NOT_OPENED, DIRECTION_NOT_CLOSED_AGAIN };
	const struct direction_seen *way[] = { &home, &home, &home, &busy_away };

	(void)state;
	for (size_t n = 0; n < 3; n++) {
		struct direction direction;

		direction_begin(&direction, &press, 0);
		for (size_t i = 0; i < 2 * n; i++)
			look(&direction, way[i]);
		assert_int_equal(direction.phase, n);
		assert_int_equal(look(&direction, &tripped), DIRECTION_ASK_STOP);
		assert_int_equal(direction.verdict, verdicts[n]);
		assert_int_equal(look(&direction, &home), DIRECTION_ASK_STOP); // and stays so
		assert_int_equal(direction.verdict, verdicts[n]);
	}
}

static void it_is_driven_gently(void **state)
{
	struct actuator weak = carriage;

	(void)state;
	assert_int_equal(direction_jog_permille(&press), 200); // 10 N by its table
	assert_int_equal(direction_jog_permille(&carriage), 300);
	weak.drive_max_permille = 250;
	assert_int_equal(direction_jog_permille(&weak), 250);
}

static void only_actuators_with_a_home_switch_are_proven(void **state)
{
	struct actuator blind = press, knead = press;

	(void)state;
	assert_true(direction_applies(&press) && direction_applies(&carriage));
	blind.line[ROLE_HOME] = -1;
	knead.kind = ACTUATOR_KNEAD;
	assert_false(direction_applies(&blind) || direction_applies(&knead));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_press_is_released_pushed_and_released),
		cmocka_unit_test(a_carriage_is_homed_driven_and_homed),
		cmocka_unit_test(homing_that_ends_elsewhere_proves_nothing),
		cmocka_unit_test(an_unreleased_press_is_not_pushed),
		cmocka_unit_test(a_phase_without_its_contact_times_out),
		cmocka_unit_test(a_trip_ends_it_in_every_phase),
		cmocka_unit_test(it_is_driven_gently),
		cmocka_unit_test(only_actuators_with_a_home_switch_are_proven),
	};

	return cmocka_run_group_tests_name("direction", tests, NULL, NULL);
}
