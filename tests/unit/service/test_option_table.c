// SPDX-License-Identifier: MIT
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "service/option_table.h"

struct values {
	bool follow;
	const char *text;
	double number, percent;
	int64_t integer, speed;
	struct option_list list;
};

// Parse NULL-terminated words; the index of the first operand, 1 after --help or --version (no
// operand comes first in these tests), or -EINVAL.
static int parse(struct values *values, const char *operands, const char *words[])
{
	const struct option_row rows[] = {
		{ "follow", 'f', OPTION_SWITCH, &values->follow, NULL, "look on", 0, 0 },
		{ "text", 't', OPTION_TEXT, &values->text, "TEXT", "one line\nand another", 0, 0 },
		{ "number", 'n', OPTION_NUMBER, &values->number, "N", "", 0, 100 },
		{ "percent", 'p', OPTION_PERCENT, &values->percent, "P", "", 0, 100 },
		{ "integer", 0, OPTION_INTEGER, &values->integer, "N", "", 1, 65535 },
		{ "speed", 0, OPTION_INTEGER_OR_MAX, &values->speed, "N", "", 1, 1000 },
		{ "list", 'l', OPTION_LIST, &values->list, "ITEM", "", 0, 0 },
		{ 0 },
	};
	const struct option_table table = {
		.program = "try",
		.operands = operands,
		.summary = "Try it.",
		.version = "1.2",
		.rows = rows,
	};
	int n = 0, first = -1, r;

	while (words[n])
		n++;
	r = option_table_parse(&table, n, (char **)words, &first);
	return r == 0 ? first : r;
}

#define PARSE(values, ...) parse(values, "THING", (const char *[]){ "try", __VA_ARGS__, NULL })

static void values_are_stored(void **state)
{
	struct values v = { 0 };

	(void)state;
	// getopt moves the operand behind the options.
	assert_int_equal(PARSE(&v, "-f", "thing", "--text=word", "-n", "12.5", "--integer", "1883",
				 "-l", "a", "--list=b"),
		10);
	assert_true(v.follow);
	assert_string_equal(v.text, "word");
	assert_true(v.number == 12.5);
	assert_int_equal(v.integer, 1883);
	assert_int_equal(v.list.n, 2);
	assert_string_equal(v.list.items[1], "b");
}

static void an_absent_option_changes_nothing(void **state)
{
	struct values v = { .number = 7, .integer = 8 };

	(void)state;
	assert_int_equal(PARSE(&v, "thing"), 1);
	assert_false(v.follow);
	assert_null(v.text);
	assert_true(v.number == 7);
	assert_int_equal(v.integer, 8);
}

static void bad_values_are_refused(void **state)
{
	struct values v = { .number = 7, .integer = 8 };

	(void)state;
	assert_int_equal(PARSE(&v, "-n", "101"), -EINVAL);
	assert_int_equal(PARSE(&v, "-n", "-1"), -EINVAL);
	assert_int_equal(PARSE(&v, "-n", "nan"), -EINVAL);
	assert_int_equal(PARSE(&v, "-n", "1e999"), -EINVAL);
	assert_int_equal(PARSE(&v, "-n", "12x"), -EINVAL);
	assert_int_equal(PARSE(&v, "-n", ""), -EINVAL);
	assert_int_equal(PARSE(&v, "--integer", "0"), -EINVAL);
	assert_int_equal(PARSE(&v, "--integer", "1.5"), -EINVAL);
	assert_int_equal(PARSE(&v, "--integer", "65536"), -EINVAL);
	assert_int_equal(PARSE(&v, "--integer", "9223372036854775808"), -EINVAL);
	assert_int_equal(PARSE(&v, "--integer", "max"), -EINVAL);
	assert_int_equal(PARSE(&v, "--speed", "0"), -EINVAL);
	assert_int_equal(PARSE(&v, "--speed", "maximum"), -EINVAL);
	assert_int_equal(PARSE(&v, "--text"), -EINVAL);
	assert_int_equal(PARSE(&v, "--nonsense"), -EINVAL);
	assert_true(v.number == 7);
	assert_int_equal(v.integer, 8);
}

// What parsing the word prints on standard error. To be freed.
static char *errors_of(const char *word)
{
	struct values v = { 0 };
	int saved = dup(STDERR_FILENO), file = memfd_create("stderr", 0);
	char text[500];
	ssize_t n;

	assert_true(saved >= 0 && dup2(file, STDERR_FILENO) >= 0);
	assert_int_equal(PARSE(&v, word), -EINVAL);
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = pread(file, text, sizeof(text), 0);
	close(file);
	assert_true(n >= 0);
	return strndup(text, (size_t)n);
}

static void a_mistyped_option_is_suggested(void **state)
{
	static const struct {
		const char *word, *meant;
	} table[] = {
		{ "--numbre=3", "try: did you mean --number?\n" },
		{ "--folow", "try: did you mean --follow?\n" },
		{ "--nonsense", NULL },
		{ "--text", NULL }, // its argument is missing
		{ "-x", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *errors = errors_of(table[i].word);

		if (table[i].meant)
			assert_non_null(strstr(errors, table[i].meant));
		else
			assert_null(strstr(errors, "did you mean"));
		free(errors);
	}
}

static void per_cent_is_read_as_people_write_it(void **state)
{
	static const struct {
		const char *text;
		double percent; // -1: refused
	} table[] = {
		{ "50", 50 },
		{ "50%", 50 },
		{ "50 %", 50 },
		{ "50.5", 50.5 },
		{ "50,5", 50.5 },
		{ "50,5%", 50.5 },
		{ "+50", 50 },
		{ "0", 0 },
		{ "100%", 100 },
		{ "100.1%", -1 },
		{ "-1", -1 },
		{ "50%%", -1 },
		{ "%", -1 },
		{ "", -1 },
		{ "half", -1 },
		{ "0x10", -1 },
		{ "5e1", -1 },
		{ "nan", -1 },
		{ "1,2,3", -1 },
		{ "1.234,5", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct values v = { .percent = -1 };
		int r = PARSE(&v, "-p", table[i].text);

		assert_int_equal(r, table[i].percent < 0 ? -EINVAL : 3);
		assert_true(v.percent == table[i].percent);
	}
}

static void the_word_max_is_zero(void **state)
{
	struct values v = { .speed = 7 };

	(void)state;
	assert_int_equal(PARSE(&v, "--speed", "max"), 3);
	assert_int_equal(v.speed, 0);
	assert_int_equal(PARSE(&v, "--speed=1000"), 2);
	assert_int_equal(v.speed, 1000);
}

static void a_list_has_an_end(void **state)
{
	struct values v = { .list.n = OPTION_LIST_SIZE - 1 };

	(void)state;
	assert_int_equal(PARSE(&v, "-l", "last"), 3);
	assert_int_equal(PARSE(&v, "-l", "more"), -EINVAL);
}

// Capture the output of --help or of an error.
static int print(FILE *stream, char text[1024], const char *operands, const char *word)
{
	struct values v = { 0 };
	int fd = fileno(stream), saved = dup(fd), fds[2], r;
	ssize_t n;

	assert_int_equal(pipe(fds), 0);
	fflush(stream);
	dup2(fds[1], fd);
	close(fds[1]);
	r = parse(&v, operands, (const char *[]){ "try", word, NULL });
	fflush(stream);
	dup2(saved, fd);
	close(saved);
	n = read(fds[0], text, 1023);
	close(fds[0]);
	assert_true(n >= 0);
	text[n] = '\0';
	return r;
}

static void help_is_made_from_the_table(void **state)
{
	static const char all[] = "Usage: try [OPTION]... THING\n\nTry it.\n\n"
				  "  -f, --follow             look on\n"
				  "  -t, --text=TEXT          one line\n"
				  "                           and another\n"
				  "  -n, --number=N           \n"
				  "  -p, --percent=P          \n"
				  "      --integer=N          \n"
				  "      --speed=N            \n"
				  "  -l, --list=ITEM          \n"
				  "  -h, --help               print this text and exit\n"
				  "      --version            print the version and exit\n";
	char text[1024];

	(void)state;
	assert_int_equal(print(stdout, text, "THING", "--help"), 1);
	assert_string_equal(text, all);
	assert_int_equal(print(stdout, text, "THING", "-h"), 1);
	assert_string_equal(text, all);
	assert_int_equal(print(stdout, text, "THING", "--version"), 1);
	assert_string_equal(text, "try 1.2\n");
}

static void errors_name_the_option_and_its_range(void **state)
{
	static const struct {
		const char *word, *expected;
	} errors[] = {
		{ "--integer=1.5", "try: --integer: 1.5 is not a whole number (1 ... 65535)\n" },
		{ "--integer=65536", "try: --integer: 65536 is out of range (1 ... 65535)\n" },
		{ "--integer=99999999999999999999",
			"try: --integer: 99999999999999999999 is out of range (1 ... 65535)\n" },
		{ "--integer=0x75B",
			"try: --integer: 0x75B is hexadecimal: write 1883 "
			"(1 ... 65535)\n" },
		{ "--integer=01883",
			"try: --integer: 01883 begins with 0: write 1883 "
			"(1 ... 65535)\n" },
		{ "--integer= 1", "try: --integer:  1 is not a number (1 ... 65535)\n" },
		{ "--integer=", "try: --integer: is empty (1 ... 65535)\n" },
		{ "--number=x", "try: --number: x is not a number (0 ... 100)\n" },
		{ "--number=50,5",
			"try: --number: 50,5 has a decimal comma: write 50.5 (0 ... 100)\n" },
		{ "--number=50%",
			"try: --number: 50% is not a number (without its unit: write 50) "
			"(0 ... 100)\n" },
		{ "--number=1e999", "try: --number: 1e999 is out of range (0 ... 100)\n" },
		{ "--number=inf", "try: --number: inf is not a number (0 ... 100)\n" },
		{ "--percent=half",
			"try: --percent: half is not a number (0 ... 100: write 50, 50.5 or "
			"50%)\n" },
		{ "--speed=fast", "try: --speed: fast is not a number (1 ... 1000, or max)\n" },
		{ "--unknown", "try: unrecognized option '--unknown'\n" },
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		assert_int_equal(print(stderr, text, "", errors[i].word), -EINVAL);
		assert_string_equal(text, errors[i].expected);
	}
}

static void operands_need_a_name(void **state)
{
	char text[1024];

	(void)state;
	assert_int_equal(print(stderr, text, "THING", "thing"), 1);
	assert_int_equal(print(stderr, text, "", "thing"), -EINVAL);
	assert_string_equal(text, "try: thing: not an option; see --help\n");
}

static void options_end_at_two_dashes(void **state)
{
	struct values v = { 0 };

	(void)state;
	assert_int_equal(PARSE(&v, "--", "-f"), 2);
	assert_false(v.follow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_stored),
		cmocka_unit_test(an_absent_option_changes_nothing),
		cmocka_unit_test(bad_values_are_refused),
		cmocka_unit_test(a_mistyped_option_is_suggested),
		cmocka_unit_test(per_cent_is_read_as_people_write_it),
		cmocka_unit_test(the_word_max_is_zero),
		cmocka_unit_test(a_list_has_an_end),
		cmocka_unit_test(help_is_made_from_the_table),
		cmocka_unit_test(errors_name_the_option_and_its_range),
		cmocka_unit_test(operands_need_a_name),
		cmocka_unit_test(options_end_at_two_dashes),
	};

	return cmocka_run_group_tests_name("option_table", tests, NULL, NULL);
}
