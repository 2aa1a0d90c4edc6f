// SPDX-License-Identifier: MIT
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/work_bar.h"

// Draw a bar at a half and end it, with standard error on this descriptor; what is before the end
// of its first half second is left out, so that it is drawn at once.
static void draw(int descriptor, bool live)
{
	int saved = dup(STDERR_FILENO);
	struct work_bar bar;

	dup2(descriptor, STDERR_FILENO);
	setenv("TERM", "vt100", 1);
	setenv("COLUMNS", "60", 1);
	work_bar_begin(&bar, "simulating", live);
	bar.next_us = 0;
	work_bar_update(&bar, 0.5);
	work_bar_end(&bar);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
}

// What the bar writes to a terminal; a mark follows it, so that nothing is waited for.
static void on_a_terminal(bool live, char *output, size_t size)
{
	int master, slave;
	size_t n = 0;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	draw(slave, live);
	assert_int_equal(write(slave, "!", 1), 1);
	do
		n += (size_t)read(master, output + n, 1);
	while (output[n - 1] != '!' && n < size - 1);
	output[n] = '\0';
	close(slave);
	close(master);
}

static void a_bar_is_drawn_and_erased(void **state)
{
	char output[400];

	(void)state;
	on_a_terminal(true, output, sizeof(output));
	assert_non_null(strstr(output, "\r\033[K["));
	assert_non_null(strstr(output, "50 %  simulating"));
	assert_string_equal(output + strlen(output) - 5, "\r\033[K!");
}

static void nothing_is_drawn_where_it_is_not_wanted(void **state)
{
	char output[400];
	FILE *file = tmpfile();

	(void)state;
	on_a_terminal(false, output, sizeof(output));
	assert_string_equal(output, "!");
	draw(fileno(file), true);
	assert_int_equal(lseek(fileno(file), 0, SEEK_END), 0);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_is_drawn_and_erased),
		cmocka_unit_test(nothing_is_drawn_where_it_is_not_wanted),
	};

	return cmocka_run_group_tests_name("work bar", tests, NULL, NULL);
}
