// SPDX-License-Identifier: MIT
//
// The record of a guard's lines, for `--safe-off`.
#include <errno.h>
#include <unistd.h>

#include "guard_rig.h"
#include "guard/line_record.h"

static void expect_malformed(const char *path, const char *record, const char *text)
{
	FILE *file = fopen(record, "we");
	struct chair held;

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(line_record_read(path, &held), -EBADMSG);
}

static void the_record_has_every_output_by_its_wire(void **state)
{
	char folder[] = "/tmp/chaird-record-XXXXXX", path[100], lines[100];
	struct chair chair, held;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/guard.sock", folder);
	snprintf(lines, sizeof(lines), "%s/lines", folder);
	assert_int_equal(line_record_read(path, &held), -ENOENT);
	fixture_recliner(&chair);
	line_set_place(&chair.lines[chair_find_line(&chair, "GPIO23")],
		"/sys/bus/i2c/devices/1-0020", 15);
	line_set_channel(&chair.lines[chair_find_line(&chair, "GPIO19")], "fe20c000.pwm", 1, 20000);
	assert_int_equal(line_record_write(path, &chair), 0);
	assert_int_equal(line_record_read(path, &held), 0);
	assert_int_equal(held.n_lines, __builtin_popcountll(chair_outputs(&chair)));
	assert_int_equal(chair_outputs(&held), (1ull << held.n_lines) - 1);
	for (size_t i = 0; i < held.n_lines; i++) {
		const struct line *line = &chair.lines[chair_find_line(&chair, held.lines[i].name)];

		assert_string_equal(held.lines[i].chip, line->chip);
		assert_int_equal(held.lines[i].offset, line->offset);
		assert_int_equal(held.lines[i].channel_hz, line->channel_hz);
		assert_int_equal(held.lines[i].safe_level != held.lines[i].active_low,
			line->safe_level != line->active_low);
	}

	expect_malformed(path, lines, "GPIO17 0\nGPIO18 2\n");
	expect_malformed(path, lines, "mcp23017 3 2\n");
	expect_malformed(path, lines, "mcp23017\n");
	expect_malformed(path, lines, "a-label-that-is-longer-than-a-chair-file-takes-it 3 0\n");
	expect_malformed(path, lines, "pwm fe20c000.pwm 32 20000\n");
	expect_malformed(path, lines, "pwm fe20c000.pwm 1 0\n");
	expect_malformed(path, lines, "pwm fe20c000.pwm 1 85536\n");
	expect_malformed(path, lines, "pwm fe20c000.pwm 1\n");
	unlink(lines);
	assert_int_equal(line_record_write("/nowhere/guard.sock", &chair), -ENOENT);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_has_every_output_by_its_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
