// SPDX-License-Identifier: MIT
//
// The notes of the real-time loop, as they arrive on stderr.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "guard/rt_log.h"
#include "service/log.h"
#include "tests/unit/fixture.h"

// The log of this note, at that level and above.
static void logged(int level, const struct note *note, char *text, size_t size)
{
	int fds[2], saved = dup(STDERR_FILENO);
	struct rt_log log;
	struct chair chair;
	ssize_t n;

	unsetenv("JOURNAL_STREAM");
	fixture_bench(&chair);
	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	log_open("tester", level);
	assert_int_equal(rt_log_start(&log, &chair), 0);
	rt_log_write(&log, note);
	rt_log_stop(&log);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(fds[0], text, size - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fds[0]);
}

static void an_impossible_transition_is_an_error_with_both_names(void **state)
{
	char text[256];

	(void)state;
	logged(LOG_ERR,
		&(struct note){
			.kind = NOTE_IMPOSSIBLE, .from = GUARD_TRIPPED, .mode = GUARD_ACTIVE },
		text, sizeof(text));
	assert_string_equal(text,
		"tester: impossible transition from tripped to active: an error of this program\n");
}

static void a_change_of_mode_is_no_error(void **state)
{
	char text[256];

	(void)state;
	logged(LOG_ERR, &(struct note){ .kind = NOTE_MODE, .mode = GUARD_READY, .culprit = -1 },
		text, sizeof(text));
	assert_string_equal(text, "");
}

static void a_failed_line_is_named(void **state)
{
	struct note note = { .kind = NOTE_MODE,
		.mode = GUARD_TRIPPED,
		.reason = REASON_HAL,
		.culprit = -1,
		.error = -ENODEV,
		.line = 0 };
	char text[256], expected[256];
	struct chair chair;

	(void)state;
	fixture_bench(&chair);
	snprintf(expected, sizeof(expected),
		"tester: tripped: chair: a line could not be written or read: %s: No such device\n",
		chair.lines[0].name);
	logged(LOG_WARNING, &note, text, sizeof(text));
	assert_string_equal(text, expected);
	note.line = -1;
	logged(LOG_WARNING, &note, text, sizeof(text));
	assert_non_null(strstr(text, "written or read: No such device\n"));
	note.reason = REASON_ESTOP; // its errors are another time's
	logged(LOG_WARNING, &note, text, sizeof(text));
	assert_null(strstr(text, "No such device"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_impossible_transition_is_an_error_with_both_names),
		cmocka_unit_test(a_change_of_mode_is_no_error),
		cmocka_unit_test(a_failed_line_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
