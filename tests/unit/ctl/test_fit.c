// SPDX-License-Identifier: MIT
//
// Calibration tables from readings.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ctl/fit.h"

static void expect_pair(const struct calibration *table, int i, int drive_permille, double force_n)
{
	assert_in_range(i, 0, table->n - 1);
	assert_int_equal(table->at[i].drive_permille, drive_permille);
	assert_true(fabs(table->at[i].force_n - force_n) < 1e-6);
}

static void rising_readings_are_the_table(void **state)
{
	static const struct fit_point points[] = { { 100, 0.2 }, { 200, 8.04 }, { 400, 26.0 } };
	struct calibration table;

	(void)state;
	assert_true(fit_table(points, 3, &table));
	assert_int_equal(table.n, 3);
	expect_pair(&table, 0, 100, 0);
	expect_pair(&table, 1, 200, 8.0);
	expect_pair(&table, 2, 400, 26.0);
	assert_true(fabs(fit_residual(&table, &points[1]) - 0.04) < 1e-6);
	assert_true(fabs(fit_residual(&table, &points[0]) - 0.2) < 1e-6);
}

static void readings_that_fall_are_pooled(void **state)
{
	static const struct fit_point points[] = { { 100, 0 }, { 200, 10 }, { 300, 22 },
		{ 400, 18 }, { 500, 20 }, { 600, 40 } };
	struct calibration table;

	(void)state;
	assert_true(fit_table(points, 6, &table));
	assert_int_equal(table.n, 4);
	expect_pair(&table, 2, 400, 20);
	expect_pair(&table, 3, 600, 40);
	assert_true(fabs(fit_residual(&table, &points[3]) + 2) < 1e-6);
}

static void no_force_begins_at_the_last_drive_without_one(void **state)
{
	static const struct fit_point points[] = { { 50, -0.3 }, { 100, 0.1 }, { 150, 0.05 },
		{ 300, 9 } };
	struct calibration table;

	(void)state;
	assert_true(fit_table(points, 4, &table));
	assert_int_equal(table.n, 2);
	expect_pair(&table, 0, 150, 0);
}

static void no_force_is_where_the_line_meets_zero(void **state)
{
	static const struct fit_point points[] = { { 200, 8 }, { 400, 24 } };
	static const struct fit_point steep[] = { { 100, 20 }, { 400, 24 } };
	struct calibration table;

	(void)state;
	assert_true(fit_table(points, 2, &table));
	expect_pair(&table, 0, 100, 0);
	assert_true(fit_table(steep, 2, &table));
	expect_pair(&table, 0, 0, 0);
}

static void too_little_is_no_table(void **state)
{
	static const struct fit_point flat[] = { { 100, 5 }, { 200, 5 }, { 300, 5.05 } };
	static const struct fit_point falling[] = { { 100, 5 }, { 200, 4 } };
	struct calibration table;

	(void)state;
	assert_false(fit_table(flat, 0, &table));
	assert_false(fit_table(flat, 1, &table));
	assert_false(fit_table(flat, 3, &table));
	assert_false(fit_table(falling, 2, &table));
}

// Any readings make a table that a chair file may have: both columns rise.
static void a_table_always_rises(void **state)
{
	struct fit_point points[FIT_POINTS_MAX];
	uint32_t seed = 1;
	int tables = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct calibration table;

		for (int i = 0; i < FIT_POINTS_MAX; i++) {
			seed = seed * 1664525 + 1013904223;
			points[i].drive_permille = 60 * i + (double)(seed >> 28);
			points[i].force_n = 4 * i + (double)(seed >> 24 & 0xff) / 4 - 20;
		}
		if (!fit_table(points, FIT_POINTS_MAX, &table))
			continue;
		tables++;
		assert_in_range(table.n, 2, CALIBRATION_POINTS_MAX);
		assert_true(table.at[0].force_n == 0);
		for (int i = 1; i < table.n; i++) {
			assert_true(table.at[i].drive_permille > table.at[i - 1].drive_permille);
			assert_true(table.at[i].force_n > table.at[i - 1].force_n);
		}
	}
	assert_true(tables > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rising_readings_are_the_table),
		cmocka_unit_test(readings_that_fall_are_pooled),
		cmocka_unit_test(no_force_begins_at_the_last_drive_without_one),
		cmocka_unit_test(no_force_is_where_the_line_meets_zero),
		cmocka_unit_test(too_little_is_no_table),
		cmocka_unit_test(a_table_always_rises),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
