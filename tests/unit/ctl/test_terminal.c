// SPDX-License-Identifier: MIT
//
// Lines at the width of a terminal.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/terminal.h"

#define GREEN "\033[32m"
#define PLAIN "\033[0m"

static void expect_wrapped(int columns, int indent, const char *text, const char *expected)
{
	const struct terminal terminal = { .columns = columns };
	char *printed = NULL;
	size_t size;
	FILE *stream = open_memstream(&printed, &size);

	terminal_wrap(stream, &terminal, indent, text);
	fclose(stream);
	assert_string_equal(printed, expected);
	free(printed);
}

static void lines_break_between_words(void **state)
{
	(void)state;
	expect_wrapped(20, 2, "short enough\n", "short enough\n");
	expect_wrapped(20, 2, "exactly twenty colum\n", "exactly twenty colum\n");
	expect_wrapped(20, 2, "exactly twenty column\n", "exactly twenty\n  column\n");
	expect_wrapped(20, 4, "one two three four five six seven\n",
		"one two three four\n    five six seven\n");
	expect_wrapped(20, 4, "one two\nthree four five six seven\n",
		"one two\nthree four five six\n    seven\n");
	expect_wrapped(20, 0, "a  table   of  columns  and more\n",
		"a  table   of\ncolumns  and more\n");
}

static void no_limit_no_break(void **state)
{
	(void)state;
	expect_wrapped(0, 4, "one two three four five six seven\n",
		"one two three four five six seven\n");
	expect_wrapped(0, 4, "", "");
}

static void a_word_is_never_broken(void **state)
{
	(void)state;
	expect_wrapped(20, 2, "points=trapezius.middle.left/right why=x\n",
		"points=trapezius.middle.left/right\n  why=x\n");
	expect_wrapped(20, 2, "at trapezius.middle.left/right why=x\n",
		"at\ntrapezius.middle.left/right\n  why=x\n");
}

// On a narrow terminal, indentation gives way.
static void indentation_leaves_room_for_words(void **state)
{
	(void)state;
	expect_wrapped(20, 16, "one two three four five six seven\n",
		"one two three four\n      five six seven\n");
	expect_wrapped(20, 6, "at trapezius.middle.l why=x\n",
		"at\n  trapezius.middle.l\n      why=x\n");
	expect_wrapped(20, 2, "        trapezius.middle.l why=x\n",
		"  trapezius.middle.l\n  why=x\n");
}

static void columns_are_counted_and_bytes_are_not(void **state)
{
	(void)state;
	expect_wrapped(20, 2, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6 fits fits fits\n",
		"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6 fits fits fits\n");
	expect_wrapped(20, 2, "it is " GREEN "green" PLAIN " and fits ok\n",
		"it is " GREEN "green" PLAIN " and fits\n  ok\n");
	assert_int_equal(terminal_width(GREEN "held" PLAIN, strlen(GREEN "held" PLAIN)), 4);
	assert_int_equal(terminal_width("\xe2\x96\x88\xe2\x96\x91", 6), 2);
}

static void columns_of_no_terminal(void **state)
{
	FILE *file = tmpfile();

	(void)state;
	assert_non_null(file);
	setenv("COLUMNS", "60", 1);
	assert_int_equal(terminal_detect(file).columns, 0); // lines for a script stay whole
	assert_int_equal(terminal_columns(file), 60);
	setenv("COLUMNS", "none", 1);
	assert_int_equal(terminal_columns(file), 80);
	unsetenv("COLUMNS");
	assert_int_equal(terminal_columns(file), 80);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_break_between_words),
		cmocka_unit_test(no_limit_no_break),
		cmocka_unit_test(a_word_is_never_broken),
		cmocka_unit_test(indentation_leaves_room_for_words),
		cmocka_unit_test(columns_are_counted_and_bytes_are_not),
		cmocka_unit_test(columns_of_no_terminal),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
