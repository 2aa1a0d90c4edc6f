// SPDX-License-Identifier: MIT
#include "sandbox.h"

static void formats_with_and_without_line_and_path(void **state)
{
	struct problems problems = { 0 };
	char line[256];

	(void)state;
	problems_add(&problems, "a.cfg", 7, "steps[2].hold_s", "%d is out of range", 600);
	problems_add(&problems, "b.cfg", 0, "", "cannot be read");
	assert_true(problem_format(&problems.list[0], line, sizeof(line)) > 0);
	assert_string_equal(line, "a.cfg:7: steps[2].hold_s: 600 is out of range");
	problem_format(&problems.list[1], line, sizeof(line));
	assert_string_equal(line, "b.cfg: cannot be read");
	problems_add_at(&problems, "c.cfg", 3, 14, "a decimal comma: write %s", "30.5");
	problem_format(&problems.list[2], line, sizeof(line));
	assert_string_equal(line, "c.cfg:3:14: a decimal comma: write 30.5");
	problems_clear(&problems);
	assert_int_equal(problems_count(&problems), 0);
}

static void moves_all_or_counts_the_rest(void **state)
{
	struct problems problems = { 0 }, from = { 0 };

	(void)state;
	problems_move(&problems, &from);
	assert_int_equal(problems_count(&problems), 0);
	for (int i = 0; i < PROBLEMS_MAX + 2; i++)
		problems_add(&from, "a.cfg", i, "", "wrong");
	problems_move(&problems, &from);
	assert_int_equal(problems.n, PROBLEMS_MAX);
	assert_int_equal(problems.dropped, 2);
	assert_int_equal(problems_count(&from), 0);
	problems_add(&from, "b.cfg", 1, "", "wrong");
	problems_move(&problems, &from);
	assert_int_equal(problems.dropped, 3);
	problems_clear(&problems);

	problems_add(&problems, "a.cfg", 1, "", "wrong");
	problems_add(&from, "b.cfg", 2, "", "wrong");
	problems_move(&problems, &from);
	assert_int_equal(problems.n, 2);
	assert_string_equal(problems.list[1].file, "b.cfg");
	problems_clear(&problems);
}

static void counts_dropped_problems(void **state)
{
	struct problems problems = { 0 };

	(void)state;
	for (int i = 0; i < PROBLEMS_MAX + 17; i++)
		problems_add(&problems, "a.cfg", i, "", "wrong");
	assert_int_equal(problems.n, PROBLEMS_MAX);
	assert_int_equal(problems.dropped, 17);
	assert_int_equal(problems_count(&problems), PROBLEMS_MAX + 17);
	problems_clear(&problems);
}

struct report {
	int lines;
	char last[200];
};

static void count_line(void *data, const char *line)
{
	struct report *report = data;

	report->lines++;
	snprintf(report->last, sizeof(report->last), "%s", line);
}

static void reports_every_line_and_the_rest_as_a_number(void **state)
{
	struct problems problems = { 0 };
	struct report report = { 0 };

	(void)state;
	problems_report(&problems, count_line, &report);
	assert_int_equal(report.lines, 0);
	problems_add(&problems, "a.cfg", 3, "", "wrong");
	problems_report(&problems, count_line, &report);
	assert_int_equal(report.lines, 1);
	assert_string_equal(report.last, "a.cfg:3: wrong");
	for (int i = 0; i < PROBLEMS_MAX + 16; i++)
		problems_add(&problems, "a.cfg", i, "", "wrong");
	report.lines = 0;
	problems_report(&problems, count_line, &report);
	assert_int_equal(report.lines, PROBLEMS_MAX + 1);
	assert_string_equal(report.last, "and 17 more problems");
	problems_clear(&problems);
}

// Quoted text is written to terminals and JSON.
static void quotes_nothing_unprintable(void **state)
{
	struct problems problems = { 0 };

	(void)state;
	problems_add(&problems, "a.cfg", 1, "", "%s",
		"a\033[2J\n\xff\xc3\xa9\xe2\x82\xed\xa0\x80z");
	assert_string_equal(problems.list[0].text, "a?[2J??\xc3\xa9?????z");
	problems_clear(&problems);
}

static void suggests_a_close_word(void **state)
{
	static const char *const words[] = { "travel", "press", "knead", "hold", "rhomboid.left" };
	const size_t n = sizeof(words) / sizeof(words[0]);

	(void)state;
	assert_string_equal(suggest("tavel", words, n), "travel");
	assert_string_equal(suggest("hlod", words, n), "hold"); // two letters changed places
	assert_string_equal(suggest("rhombiod.lefft", words, n), "rhomboid.left");
	assert_string_equal(suggest("press", words, n), "press");
	assert_null(suggest("vibrate", words, n));
	assert_null(suggest("", words, n));
	assert_null(suggest("xxxx", words, n));
	assert_null(suggest("a word that is much longer than any name could ever be, so long",
		words, n));
	assert_null(suggest("hold", words, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_with_and_without_line_and_path),
		cmocka_unit_test(moves_all_or_counts_the_rest),
		cmocka_unit_test(counts_dropped_problems),
		cmocka_unit_test(reports_every_line_and_the_rest_as_a_number),
		cmocka_unit_test(quotes_nothing_unprintable),
		cmocka_unit_test(suggests_a_close_word),
	};

	return cmocka_run_group_tests_name("problems", tests, NULL, NULL);
}
