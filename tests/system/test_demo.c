// SPDX-License-Identifier: MIT
//
// tests/demo/try: it leaves nothing behind, however it is ended.
#include "process.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define LONG_MS 120000

// An empty panel is enough: make it in `dir`.
static void make_panel(char dir[])
{
	char file[64];
	FILE *page;

	assert_non_null(mkdtemp(dir));
	snprintf(file, sizeof(file), "%s/index.html", dir);
	page = fopen(file, "w");
	assert_non_null(page);
	assert_int_equal(fclose(page), 0);
}

static void remove_panel(const char *dir)
{
	char file[64];

	snprintf(file, sizeof(file), "%s/index.html", dir);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(dir), 0);
}

// Whether every process that has inherited the write end of the pipe has ended.
static bool all_end(int read_end)
{
	struct pollfd end = { .fd = read_end };

	return poll(&end, 1, LONG_MS) == 1 && end.revents & POLLHUP;
}

// Begin a trial, end its first process by the signal, and see broker, guard and controller end.
static void ends_by(const char *const argv[], int signal)
{
	char dir[] = "/tmp/chaird-panel.XXXXXX", panel[64], build[4096];
	const char *const env[] = { panel, build, NULL };
	struct process *try;
	int ends[2];

	make_panel(dir);
	snprintf(panel, sizeof(panel), "PANEL=%s", dir);
	snprintf(build, sizeof(build), "BUILD=%s", getenv("CHAIRD_BUILD"));
	assert_int_equal(pipe(ends), 0); // inherited by all that is started
	try = process_start(argv, env);
	close(ends[1]);
	assert_true(process_logged(try, "to end", LONG_MS));
	assert_true(process_logged(try, "/chairctl status --config=", LONG_MS));
	process_signal(try, signal);
	assert_true(all_end(ends[0]));
	close(ends[0]);
	process_free(try);
	remove_panel(dir);
}

static const char *const script[] = { "tests/demo/try", NULL };
static const char *const below_a_parent[] = { "sh", "-c", "tests/demo/try; true", NULL };

static void a_signal_ends_it(void **state)
{
	(void)state;
	ends_by(script, SIGTERM);
	ends_by(script, SIGHUP);
}

static void it_ends_with_its_parent(void **state)
{
	(void)state;
	ends_by(below_a_parent, SIGTERM);
	ends_by(below_a_parent, SIGKILL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_ends_it),
		cmocka_unit_test(it_ends_with_its_parent),
	};

	return cmocka_run_group_tests_name("demo", tests, NULL, NULL);
}
