// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/table.h"

static const struct terminal plain = { .columns = 0 };

static struct table_row row(double target, double mean, double in_band)
{
	struct table_row row = { .label = "rhomboid.left/right",
		.felt_mean_n = NAN,
		.felt_peak_n = NAN,
		.hold = { .measured = true,
			.target = target,
			.mean = mean,
			.minimum = mean - 2,
			.peak = mean + 2,
			.seconds = 30,
			.in_band = in_band } };

	return row;
}

static enum verdict verdict(double target, double mean, double in_band)
{
	struct table_row judged = row(target, mean, in_band);

	return table_verdict(&judged.hold);
}

static void verdicts(void **state)
{
	(void)state;
	assert_int_equal(verdict(40, 40, 1.0), VERDICT_HELD);
	assert_int_equal(verdict(40, 40, 0.95), VERDICT_HELD);
	assert_int_equal(verdict(40, 40, 0.949), VERDICT_UNSTEADY);
	assert_int_equal(verdict(40, 35, 0.5), VERDICT_LIGHT);
	assert_int_equal(verdict(40, 45, 0.5), VERDICT_HARD);
	// NAN does not count as held.
	assert_int_equal(verdict(40, 40, NAN), VERDICT_UNSTEADY);
}

static void one_missed_hold_fails_the_table(void **state)
{
	struct table *table = calloc(1, sizeof(*table));
	struct table_row good = row(40, 40, 1), bad = row(40, 30, 0);

	(void)state;
	assert_non_null(table);
	assert_true(table_good(table));
	table_add(table, &good);
	assert_true(table_good(table));
	table_add(table, &bad);
	assert_false(table_good(table));
	free(table);
}

static void a_dropped_hold_fails_the_table(void **state)
{
	struct table *table = calloc(1, sizeof(*table));
	struct table_row good = row(40, 40, 1);

	(void)state;
	assert_non_null(table);
	for (int i = 0; i < PLAN_SEGMENTS_MAX; i++)
		table_add(table, &good);
	assert_true(table_good(table));
	table_add(table, &good);
	assert_false(table_good(table));
	free(table);
}

static void labels(void **state)
{
	char buf[LABEL_SIZE], longest[NAME_SIZE];

	(void)state;
	assert_string_equal(table_label(buf, "rhomboid.left", NULL), "rhomboid.left");
	assert_string_equal(table_label(buf, "rhomboid.left", "rhomboid.right"),
		"rhomboid.left/right");
	assert_string_equal(table_label(buf, "a.left", "b.right"), "a.left+b.right");
	assert_string_equal(table_label(buf, "plain", "other"), "plain+other");
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(strlen(table_label(buf, longest, longest)), 2 * strlen(longest) + 1);
}

static void printed(const struct table *table, char *text, size_t size)
{
	FILE *stream = fmemopen(text, size, "w");

	assert_non_null(stream);
	table_print(stream, table, &plain);
	fclose(stream);
}

static void print_at(int columns, const struct table *table, char *text, size_t size)
{
	const struct terminal narrow = { .columns = columns };
	FILE *stream = fmemopen(text, size, "w");

	assert_non_null(stream);
	table_print(stream, table, &narrow);
	fclose(stream);
}

static void expect_lines_within(int columns, const char *text)
{
	for (; *text; text += strcspn(text, "\n") + 1) {
		if ((int)strcspn(text, "\n") > columns)
			fail_msg("more than %d columns: %s", columns, text);
	}
}

static void a_narrow_terminal_breaks_no_word(void **state)
{
	struct table *table = calloc(1, sizeof(*table));
	struct table_row held = row(40, 40.2, 0.993), applied = row(500, 400, 0);
	char text[2048], wide[2048];

	(void)state;
	assert_non_null(table);
	applied.hold.unit = TARGET_PERMILLE;
	table_add(table, &held);
	table_add(table, &applied);
	printed(table, wide, sizeof(wide));
	print_at(120, table, text, sizeof(text));
	assert_string_equal(text, wide);
	print_at(75, table, text, sizeof(text));
	expect_lines_within(75, text);
	assert_string_equal(text,
		"points\n"
		"   target             mean     min    peak     hold  in band  verdict\n"
		"rhomboid.left/right\n"
		"     40.0 N           40.2    38.2    42.2   30.0 s   99.3 %  held\n"
		"rhomboid.left/right\n"
		"    500.0 permille   400.0   398.0   402.0   30.0 s    0.0 %  too light\n");
	for (int columns = 30; columns < 120; columns++) {
		print_at(columns, table, text, sizeof(text));
		expect_lines_within(columns, text);
		assert_non_null(strstr(text, "permille"));
	}
	free(table);
}

static void the_table_as_it_is_printed(void **state)
{
	struct table *table = calloc(1, sizeof(*table));
	struct table_row held = row(40, 40.2, 0.993), applied = row(500, 400, 0);
	char text[1024];

	(void)state;
	assert_non_null(table);
	applied.hold.unit = TARGET_PERMILLE;
	applied.hold.measured = false;
	table_add(table, &held);
	table_add(table, &applied);
	printed(table, text, sizeof(text));
	assert_string_equal(text,
		"points                target             mean     min    peak     hold  in band  "
		"verdict\n"
		"rhomboid.left/right     40.0 N           40.2    38.2    42.2   30.0 s   99.3 %  "
		"held\n"
		"rhomboid.left/right    500.0 permille   400.0   398.0   402.0   30.0 s    0.0 %  "
		"too light (as driven: no sensor)\n");
	table->rows[0].felt_mean_n = 39.5;
	table->rows[0].felt_peak_n = 41;
	printed(table, text, sizeof(text));
	assert_non_null(strstr(text, "in band  felt N    peak  verdict\n"));
	assert_non_null(strstr(text, "99.3 %    39.5    41.0  held\n"));
	free(table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts),
		cmocka_unit_test(one_missed_hold_fails_the_table),
		cmocka_unit_test(a_dropped_hold_fails_the_table),
		cmocka_unit_test(labels),
		cmocka_unit_test(the_table_as_it_is_printed),
		cmocka_unit_test(a_narrow_terminal_breaks_no_word),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
