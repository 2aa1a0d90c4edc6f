// SPDX-License-Identifier: MIT
//
// A table in a chair file: what changes, and what does not.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/library.h"
#include "config/text.h"
#include "ctl/calibration_file.h"

#define TABLE "calibration = ( (100, 0.0), (200, 8.0), (400, 26.0), (600, 44.0), (800, 62.0) );"
#define SENSOR \
	"sensor = { device = \"ads1015\"; channel = \"in_voltage0\"; n_per_unit = 1.0; " \
	"zero_n = 0.0; };"

static const struct fit_point points[] = { { 120, 0.1 }, { 300, 17.5 }, { 500, 35.1 } };

static char folder[] = "/tmp/chaird-table.XXXXXX", file[sizeof(folder) + 20];

// The recliner with another text in the place of the depth motor's table and sensor.
static char *write_chair(const char *table, const char *sensor)
{
	struct problems problems = { 0 };
	char *text, *changed, *at;
	FILE *stream;
	size_t size;

	assert_int_equal(text_read("profiles/chairs/recliner.cfg", &problems, &text, &size), 0);
	at = strstr(text, TABLE);
	assert_non_null(at);
	assert_non_null(strstr(text, SENSOR));
	assert_true(asprintf(&changed, "%.*s%s\n    %s%s", (int)(at - text), text, table, sensor,
			    strstr(text, SENSOR) + strlen(SENSOR)) > 0);
	free(text);
	at = strstr(changed, "GPIO12");
	if (strstr(table, "unsafe-at-reset"))
		memcpy(at, "GPIO3\"", 6), at[6] = ' '; // which is pulled up
	stream = fopen(file, "we");
	assert_non_null(stream);
	fputs(changed, stream);
	fclose(stream);
	assert_int_equal(chmod(file, 0640), 0);
	return changed;
}

static char *read_chair(void)
{
	struct problems problems = { 0 };
	char *text;
	size_t size;

	assert_int_equal(text_read(file, &problems, &text, &size), 0);
	return text;
}

static int write_table(void)
{
	struct calibration table;
	struct problems problems = { 0 };
	struct chair chair;

	assert_int_equal(chair_load(file, &problems, &chair), 0);
	assert_true(fit_table(points, 3, &table));
	return calibration_file_write(file, chair_find_actuator(&chair, "depth"), &table, points,
		3);
}

static void expect_calibrated(void)
{
	struct problems problems = { 0 };
	struct chair chair;
	const struct calibration *table;

	assert_int_equal(chair_load(file, &problems, &chair), 0);
	table = &chair.actuators[chair_find_actuator(&chair, "depth")].calibration;
	assert_int_equal(table->n, 3);
	assert_int_equal(table->at[1].drive_permille, 300);
	assert_true(table->at[2].force_n == 35.1);
}

// Both texts are the same before and behind what changed.
static void expect_same_around(const char *before, const char *after, const char *from,
	const char *behind)
{
	const char *at = strstr(before, from), *rest = strstr(at, behind);

	assert_memory_equal(before, after, (size_t)(at - before));
	assert_string_equal(after + strlen(after) - strlen(rest), rest);
}

static void a_table_is_replaced(void **state)
{
	char *before = write_chair(TABLE, SENSOR), *after, *again;
	struct stat status;

	(void)state;
	assert_int_equal(write_table(), 0);
	expect_calibrated();
	after = read_chair();
	expect_same_around(before, after, "( (100, 0.0), (200", ";\n    sensor");
	assert_non_null(strstr(after, "\n      # 120: +0.1, 300: +0.0, 500: +0.0\n"));
	assert_non_null(strstr(after, "\n      (120, 0.0), (300, 17.5), (500, 35.1) );"));
	assert_int_equal(stat(file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(write_table(), 0); // the comment does not pile up
	again = read_chair();
	assert_string_equal(again, after);
	free(before);
	free(after);
	free(again);
}

static void a_first_table_ends_its_acknowledgement(void **state)
{
	static const char *const lists[] = { "( \"uncalibrated\" )",
		"( \"uncalibrated\", \"unsafe-at-reset\" )",
		"( \"unsafe-at-reset\",\n \"uncalibrated\" )" };
	char line[200], *before, *after;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(line, sizeof(line), "acknowledged = %s; # for now", lists[i]);
		before = write_chair(line, "");
		assert_int_equal(write_table(), 0);
		expect_calibrated();
		after = read_chair();
		assert_null(strstr(after, "uncalibrated"));
		assert_non_null(strstr(after,
			i ? "( \"unsafe-at-reset\" ); # for now" : "( ); # for now"));
		free(before);
		free(after);
	}
}

static void a_file_that_is_no_chair_is_left_alone(void **state)
{
	struct calibration table;
	char *before = write_chair(TABLE, SENSOR), *after;

	(void)state;
	assert_true(fit_table(points, 3, &table));
	assert_int_equal(calibration_file_write(file, 0, &table, points, 3), 1); // a carriage
	assert_int_equal(calibration_file_write(file, 50, &table, points, 3), 1);
	after = read_chair();
	assert_string_equal(after, before);
	free(before);
	free(after);
}

static int setup(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof(file), "%s/chair.cfg", folder);
	return 0;
}

static int teardown(void **state)
{
	char backup[sizeof(file) + 4];

	(void)state;
	snprintf(backup, sizeof(backup), "%s.bak", file);
	unlink(file);
	unlink(backup);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_replaced),
		cmocka_unit_test(a_first_table_ends_its_acknowledgement),
		cmocka_unit_test(a_file_that_is_no_chair_is_left_alone),
	};

	return cmocka_run_group_tests_name("calibration file", tests, setup, teardown);
}
