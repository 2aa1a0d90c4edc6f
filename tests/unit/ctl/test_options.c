// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/options.h"

static const struct subcommand subcommand = {
	.name = "try",
	.operands = "THING",
	.summary = "try it",
	.details = "",
};

struct values {
	bool follow;
	const char *text;
	double number;
	int64_t integer;
	struct flag_list list;
};

// Parse NULL-terminated words; the index of the first operand, or what the parser returned.
static int parse(struct values *values, const char *words[])
{
	const struct flag flags[] = { { "follow", 'f', FLAG_SWITCH, &values->follow, NULL, "", 0,
					      0 },
		{ "text", 't', FLAG_TEXT, &values->text, "TEXT", "", 0, 0 },
		{ "number", 'n', FLAG_NUMBER, &values->number, "N", "", 0, 100 },
		{ "integer", 0, FLAG_INTEGER, &values->integer, "N", "", 1, 65535 },
		{ "list", 'l', FLAG_LIST, &values->list, "ITEM", "", 0, 0 }, { 0 } };
	int n = 0, operands = -1, r;

	while (words[n])
		n++;
	r = options_parse_flags(&subcommand, flags, n, (char **)words, &operands);
	return r == 0 ? operands : r;
}

#define PARSE(values, ...) parse(values, (const char *[]){ "try", __VA_ARGS__, NULL })

static void flags_reach_their_places(void **state)
{
	struct values v = { 0 };

	(void)state;
	// getopt moves the operand behind the flags.
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

static void what_is_not_given_stays(void **state)
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
	assert_int_equal(PARSE(&v, "--text"), -EINVAL);
	assert_int_equal(PARSE(&v, "--nonsense"), -EINVAL);
	assert_true(v.number == 7);
	assert_int_equal(v.integer, 8);
}

static void a_list_has_an_end(void **state)
{
	struct values v = { .list.n = FLAG_LIST_SIZE - 1 };

	(void)state;
	assert_int_equal(PARSE(&v, "-l", "last"), 3);
	assert_int_equal(PARSE(&v, "-l", "more"), -EINVAL);
}

static void help_is_no_error(void **state)
{
	struct values v = { 0 };

	(void)state;
	assert_int_equal(PARSE(&v, "--help"), 1);
	assert_int_equal(PARSE(&v, "-h"), 1);
}

static void options_end_at_two_dashes(void **state)
{
	struct values v = { 0 };

	(void)state;
	assert_int_equal(PARSE(&v, "--", "-f"), 2);
	assert_false(v.follow);
}

static void own_settings_come_first(void **state)
{
	const struct subcommand asks = {
		.name = "ask", .operands = "", .common = COMMON_BROKER, .summary = "", .details = ""
	};
	const struct flag none[] = { { 0 } };
	char home[] = "/tmp/chaird-home-XXXXXX", folder[60], file[80];
	char ask[] = "ask", id[] = "--id=x", *words[] = { ask, id, NULL };
	struct options options;
	FILE *stream;
	int r;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(folder, sizeof(folder), "%s/.config", home);
	snprintf(file, sizeof(file), "%s/chairctl.cfg", folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	stream = fopen(file, "we");
	assert_non_null(stream);
	fputs("broker = { username = \"technician\"; password_file = \"pw\"; };", stream);
	assert_int_equal(fclose(stream), 0);
	setenv("HOME", home, 1);
	assert_true(options_parse(&asks, none, 2, words, &options, &r));
	assert_string_equal(options.settings.broker.username, "technician");
	assert_string_equal(options.settings.broker.password_file, "pw");
	unlink(file);
	rmdir(folder);
	rmdir(home);
	assert_true(options_parse(&asks, none, 2, words, &options, &r));
	assert_string_not_equal(options.settings.broker.username, "technician");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_reach_their_places),
		cmocka_unit_test(what_is_not_given_stays),
		cmocka_unit_test(bad_values_are_refused),
		cmocka_unit_test(a_list_has_an_end),
		cmocka_unit_test(help_is_no_error),
		cmocka_unit_test(options_end_at_two_dashes),
		cmocka_unit_test(own_settings_come_first),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
