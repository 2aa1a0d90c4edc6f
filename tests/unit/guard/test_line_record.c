// SPDX-License-Identifier: MIT
//
// The record of a guard's lines, for `--safe-off`.
#include <errno.h>
#include <unistd.h>

#include "guard_rig.h"
#include "guard/line_record.h"

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
	assert_int_equal(line_record_write(path, &chair), 0);
	assert_int_equal(line_record_read(path, &held), 0);
	assert_int_equal(held.n_lines, __builtin_popcountll(chair_outputs(&chair)));
	assert_int_equal(chair_outputs(&held), (1ull << held.n_lines) - 1);
	for (size_t i = 0; i < held.n_lines; i++) {
		const struct line *line = &chair.lines[chair_find_line(&chair, held.lines[i].name)];

		assert_int_equal(held.lines[i].safe_level != held.lines[i].active_low,
			line->safe_level != line->active_low);
	}

	FILE *file = fopen(lines, "we");

	assert_non_null(file);
	fputs("GPIO17 0\nGPIO18 2\n", file);
	fclose(file);
	assert_int_equal(line_record_read(path, &held), -EBADMSG);
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
