// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/chair.h"

static const struct calibration table = {
	.n = 3,
	.at = { { 100, 0 }, { 300, 20 }, { 700, 60 } },
};

static void calibration_interpolates_and_clamps(void **state)
{
	(void)state;
	assert_true(fabs(calibration_force_n(&table, 200) - 10) < 1e-9);
	assert_true(fabs(calibration_force_n(&table, 500) - 40) < 1e-9);
	assert_true(fabs(calibration_force_n(&table, 0) - 0) < 1e-9);
	assert_true(fabs(calibration_force_n(&table, 1000) - 60) < 1e-9);
	assert_true(fabs(calibration_drive_permille(&table, 40) - 500) < 1e-9);
	assert_true(fabs(calibration_drive_permille(&table, 1e6) - 700) < 1e-9);
}

static void without_a_table_there_is_no_value(void **state)
{
	const struct calibration none = { 0 };

	(void)state;
	assert_true(isnan(calibration_force_n(&none, 500)));
	assert_true(calibration_drive_permille(&none, 10) == -1);
}

static void ceiling_follows_the_carriage(void **state)
{
	struct chair chair = { .n_actuators = 2, .n_reaches = 2 };

	(void)state;
	chair.actuators[1].carriage = 0;
	chair.reaches[0] = (struct reach){
		.actuator = 1, .mm_from = 100, .mm_to = 0, .peak_n = 40, .sustained_n = 20
	};
	chair.reaches[1] = (struct reach){ .region = REGION_MID_BACK,
		.actuator = 1,
		.mm_from = 120,
		.mm_to = 400,
		.peak_n = 105,
		.sustained_n = 50 };
	assert_true(chair_ceiling(&chair, 1, 50).peak_n == 40);
	assert_true(chair_ceiling(&chair, 1, 300).sustained_n == 50);
	assert_true(chair_ceiling(&chair, 1, 114).sustained_n ==
		20); // its edge is still on the neck
	assert_true(chair_ceiling(&chair, 1, 116).sustained_n == 50);
	assert_true(chair_ceiling(&chair, 1, NAN).peak_n == 40); // not homed: the strictest
	assert_true(chair_ceiling(&chair, 1, 110).peak_n == 40); // in between: the strictest
	assert_true(chair_ceiling(&chair, 0, 0).peak_n == 0);    // reaches nothing
}

// The roller has a breadth of 15 mm to either side.
static void the_ceiling_of_a_way_is_its_strictest(void **state)
{
	struct chair chair = { .n_actuators = 2, .n_reaches = 3 };
	const double stretches[3][3] = { { 20, 100, 20 }, { 130, 180, 50 }, { 220, 300, 40 } };

	(void)state;
	chair.actuators[0].carriage = -1;
	for (int i = 0; i < 3; i++)
		chair.reaches[i] = (struct reach){
			.region = REGION_UPPER_BACK,
			.actuator = 1,
			.mm_from = stretches[i][i == 1], // the second is written from its end
			.mm_to = stretches[i][i != 1],
			.peak_n = 100,
			.sustained_n = stretches[i][2],
		};
	assert_true(chair_ceiling_between(&chair, 1, 116, 170).sustained_n == 50);
	assert_true(chair_ceiling_between(&chair, 1, 170, 116).sustained_n == 50);
	assert_true(chair_ceiling_between(&chair, 1, 110, 170).sustained_n == 20); // from the first
	assert_true(chair_ceiling_between(&chair, 1, 150, 190).sustained_n == 50);
	assert_true(chair_ceiling_between(&chair, 1, 230, 300).sustained_n == 40);
	assert_true(chair_ceiling_between(&chair, 1, 150, 250).sustained_n == 20); // over the gap
	assert_true(chair_ceiling_between(&chair, 1, 250, 320).sustained_n == 20); // beyond the end
	assert_true(chair_ceiling_between(&chair, 0, 0, 0).peak_n == 0); // reaches nothing
	chair.reaches[2].mm_from = 205;                                  // no gap any more
	assert_true(chair_ceiling_between(&chair, 1, 150, 250).sustained_n == 40);
}

static void no_chair_raises_a_compiled_ceiling(void **state)
{
	struct chair chair = { .n_actuators = 1, .n_reaches = 1 };

	(void)state;
	chair.actuators[0].carriage = -1;
	chair.reaches[0] =
		(struct reach){ .region = REGION_CALF, .peak_n = 500, .sustained_n = 400 };
	assert_true(chair_ceiling(&chair, 0, 0).peak_n == region_ceiling(REGION_CALF).peak_n);
	assert_true(chair_ceiling(&chair, 0, 0).sustained_n ==
		region_ceiling(REGION_CALF).sustained_n);
}

static int64_t share_s(enum actuator_kind kind, int carriage, int duty_max_permille)
{
	const struct actuator actuator = {
		.kind = kind,
		.carriage = carriage,
		.duty_max_permille = duty_max_permille,
	};

	return actuator_share_us(&actuator) / US_PER_S;
}

// A zone is pressed for at most half of five minutes; a press on a carriage has several zones.
static void only_a_press_on_a_carriage_may_exceed_half(void **state)
{
	const struct actuator roller = { .kind = ACTUATOR_PRESS, .duty_max_permille = 800 };
	const struct actuator knead = { .kind = ACTUATOR_KNEAD, .duty_max_permille = 100 };

	(void)state;
	assert_int_equal(share_s(ACTUATOR_PRESS, -1, 800), 150);
	assert_int_equal(share_s(ACTUATOR_PRESS, -1, 0), 150);
	assert_int_equal(share_s(ACTUATOR_PRESS, -1, 100), 30);
	assert_int_equal(share_s(ACTUATOR_CELL, -1, 1000), 150);
	assert_int_equal(share_s(ACTUATOR_PRESS, 0, 800), 240);
	assert_true(actuator_zone_share_us(&roller) == 150 * US_PER_S);
	assert_int_equal(actuator_share_us(&knead), 30 * US_PER_S);
	assert_true(actuator_zone_share_us(&knead) == TIME_NEVER);
}

static void gentle_drive_is_ten_newtons_or_half_the_release(void **state)
{
	struct actuator press = { .release_drive_permille = 500, .calibration = table };

	(void)state;
	assert_true(fabs(actuator_gentle_permille(&press) - 200) < 1e-9);
	press.release_drive_permille = 150; // it goes back with less
	assert_true(fabs(actuator_gentle_permille(&press) - 150) < 1e-9);
	press.calibration.n = 0;
	assert_true(fabs(actuator_gentle_permille(&press) - 75) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calibration_interpolates_and_clamps),
		cmocka_unit_test(without_a_table_there_is_no_value),
		cmocka_unit_test(ceiling_follows_the_carriage),
		cmocka_unit_test(the_ceiling_of_a_way_is_its_strictest),
		cmocka_unit_test(no_chair_raises_a_compiled_ceiling),
		cmocka_unit_test(gentle_drive_is_ten_newtons_or_half_the_release),
		cmocka_unit_test(only_a_press_on_a_carriage_may_exceed_half),
	};

	return cmocka_run_group_tests_name("chair", tests, NULL, NULL);
}
