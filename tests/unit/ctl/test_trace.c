// SPDX-License-Identifier: MIT
//
// The plot of a trial: which cells the bars fill, and where the target runs.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ctl/trace.h"

#define COLUMNS 10
#define ROWS    4

static struct trace_cell cell(const struct trace *trace, double top, int column, int row)
{
	return trace_cell(trace, COLUMNS, ROWS, top, column, row);
}

static void the_newest_sample_is_in_the_last_column(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).eighths, 0);
	trace_add(&trace, 0, 10);
	trace_add(&trace, 0, 20);
	assert_int_equal(cell(&trace, 40, COLUMNS - 3, 0).eighths, 0); // none yet
	assert_int_equal(cell(&trace, 40, COLUMNS - 2, 0).eighths, 8);
	assert_int_equal(cell(&trace, 40, COLUMNS - 2, 1).eighths, 0);
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 1).eighths, 8);
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 2).eighths, 0);
}

static void a_bar_is_as_high_as_the_force_to_an_eighth(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	trace_add(&trace, 0, 12.5); // of 40 N in 4 rows: a row and a quarter
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).eighths, 8);
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 1).eighths, 2);
	trace_add(&trace, 0, 400); // never above the plot
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, ROWS - 1).eighths, 8);
	trace_add(&trace, 0, -1);
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).eighths, 0);
	trace_add(&trace, 0, NAN); // no sensor
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).eighths, 0);
}

static void the_target_runs_through_one_row(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	trace_add(&trace, 25, 24);
	for (int row = 0; row < ROWS; row++)
		assert_int_equal(cell(&trace, 40, COLUMNS - 1, row).target, row == 2);
	trace_add(&trace, 0, 0);
	for (int row = 0; row < ROWS; row++)
		assert_false(cell(&trace, 40, COLUMNS - 1, row).target);
}

static void a_force_is_held_within_a_tenth_of_its_target(void **state)
{
	static const struct {
		double target, now;
		bool held;
	} table[] = { { 20, 20, true }, { 20, 18.1, true }, { 20, 17.9, false },
		{ 20, 22.1, false }, { 0, 0, false }, { 20, NAN, false } };
	struct trace trace = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		trace_add(&trace, table[i].target, table[i].now);
		assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).held, table[i].held);
	}
}

static void the_scale_is_round_and_above_all_that_is_shown(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	assert_float_equal(trace_top(&trace, COLUMNS), 2, 1e-9); // empty
	trace_add(&trace, 20, 3);
	assert_float_equal(trace_top(&trace, COLUMNS), 30, 1e-9);
	trace_add(&trace, 20, 48);
	assert_float_equal(trace_top(&trace, COLUMNS), 60, 1e-9);
	trace_add(&trace, 300, NAN);
	assert_float_equal(trace_top(&trace, COLUMNS), 400, 1e-9);
	for (int i = 0; i < COLUMNS; i++)
		trace_add(&trace, 20, 20);
	assert_float_equal(trace_top(&trace, COLUMNS), 30, 1e-9); // that is out of sight
}

static void a_long_trace_keeps_its_end(void **state)
{
	struct trace trace = { 0 };

	(void)state;
	for (int i = 0; i < 3 * TRACE_SAMPLES; i++)
		trace_add(&trace, 0, i % 2 ? 10 : 0);
	assert_int_equal(cell(&trace, 40, COLUMNS - 1, 0).eighths, 8);
	assert_int_equal(cell(&trace, 40, COLUMNS - 2, 0).eighths, 0);
	assert_int_equal(trace_cell(&trace, TRACE_SAMPLES, ROWS, 40, 1, 0).eighths, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_sample_is_in_the_last_column),
		cmocka_unit_test(a_bar_is_as_high_as_the_force_to_an_eighth),
		cmocka_unit_test(the_target_runs_through_one_row),
		cmocka_unit_test(a_force_is_held_within_a_tenth_of_its_target),
		cmocka_unit_test(the_scale_is_round_and_above_all_that_is_shown),
		cmocka_unit_test(a_long_trace_keeps_its_end),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
