// SPDX-License-Identifier: MIT
//
// A change of one value leaves everything else of a text as it is.
#include "sandbox.h"

#include <errno.h>

#include "config/edit.h"
#include "config/text.h"

static const char layout[] = "# a chair\n"
			     "id = \"bench\";   // its name\n"
			     "limits : { low = 1; high = 2.5 };  # hold_s = 3;\n"
			     "/* steps = ( { hold_s = 1; } ); */\n"
			     "steps = (\n"
			     "  { points = [ \"a\", \"b\" ]; hold_s = 30.0; }, # the first\n"
			     "  {\n"
			     "    title = \"hold_s = 4; \" \"{\";\n"
			     "    hold_s = 45; target = { newtons = 20.0; floor = 8.0; };\n"
			     "    # nothing else\n"
			     "  }\n"
			     ");\n";

// The text after a change, to be freed.
static char *changed(const char *text, const char *path, const char *value)
{
	struct problems problems = { 0 };
	char *edited = NULL;
	int r = edit_value("t", text, path, value, &problems, &edited);

	if (r != 0)
		fprintf(stderr, "%s\n", sandbox_lines(&problems));
	assert_int_equal(r, 0);
	return edited;
}

// That exactly this piece of the text becomes another.
static void becomes(const char *text, const char *path, const char *value, const char *from,
	const char *to)
{
	char *edited = changed(text, path, value), *expected;
	const char *at = strstr(text, from);

	assert_non_null(at);
	assert_null(strstr(at + 1, from));
	assert_true(asprintf(&expected, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >
		0);
	assert_string_equal(edited, expected);
	free(edited);
	free(expected);
}

static void refuses(const char *text, const char *path, const char *value, const char *expected)
{
	struct problems problems = { 0 };
	char *edited = NULL, *lines;

	assert_int_equal(edit_value("t", text, path, value, &problems, &edited), -EINVAL);
	assert_null(edited);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines, expected);
	free(lines);
}

static void only_the_value_changes(void **state)
{
	(void)state;
	becomes(layout, "id", "\"other\"", "\"bench\"", "\"other\"");
	becomes(layout, "limits.high", "3", "high = 2.5", "high = 3");
	becomes(layout, "steps[0].hold_s", "31.5", "30.0", "31.5");
	becomes(layout, "steps[0].points[1]", "\"c\"", "\"b\"", "\"c\"");
	becomes(layout, "steps[1].hold_s", "46", "hold_s = 45", "hold_s = 46");
	becomes(layout, "steps[1].title", "\"x\"", "\"hold_s = 4; \" \"{\"", "\"x\"");
	becomes(layout, "steps[1].target.floor", "9.0", "8.0", "9.0");
	becomes(layout, "steps[1].target", "{ permille = 300; floor = 100; }",
		"{ newtons = 20.0; floor = 8.0; }", "{ permille = 300; floor = 100; }");
}

static void a_value_of_several_lines_is_indented(void **state)
{
	(void)state;
	becomes(layout, "steps[1].hold_s", "( # seconds\n  1,\n  2 )", "hold_s = 45",
		"hold_s = ( # seconds\n      1,\n      2 )");
}

static void a_missing_key_is_added_to_its_group(void **state)
{
	(void)state;
	becomes(layout, "limits.mid", "2", "high = 2.5 }", "high = 2.5; mid = 2; }");
	becomes(layout, "steps[0].rest_s", "5.0", "hold_s = 30.0; }",
		"hold_s = 30.0; rest_s = 5.0; }");
	becomes(layout, "steps[1].rest_s", "5.0", "    # nothing else\n",
		"    # nothing else\n    rest_s = 5.0;\n");
	becomes(layout, "minutes_max", "10", "  }\n);\n", "  }\n);\nminutes_max = 10;\n");
	becomes("a = { };", "a.b", "1", "{ }", "{ b = 1; }");
	becomes("a = 1", "b", "2", "a = 1", "a = 1; b = 2;");
	becomes("a = 1 # one\n", "b", "2", "a = 1 # one\n", "a = 1; # one\nb = 2;\n");
	becomes("# empty", "b", "2", "# empty", "b = 2;\n# empty");
	becomes("a = {\n\tb = 1 // one\n};", "a.c", "2", "b = 1 // one\n",
		"b = 1; // one\n\tc = 2;\n");
}

static void a_path_that_leads_nowhere_is_refused(void **state)
{
	static const char *const paths[] = { "", ".", "[0]", "steps[2].hold_s", "steps[0]x",
		"steps[0", "steps[a]", "steps[-1]", "steps.hold_s", "id.name", "none.key",
		"steps[0].hold_s[0]", "limits..low" };
	char expected[100];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		snprintf(expected, sizeof(expected), "t: %s%sis not in this text\n", paths[i],
			*paths[i] ? ": " : "");
		refuses(layout, paths[i], "1", expected);
	}
}

static void a_value_that_changes_more_is_refused(void **state)
{
	(void)state;
	refuses("a = 1;", "a", "2; b = 3", "t: a: would be more than one value\n");
	refuses("a = 1; b = 2;", "a", "2; #", "t: a: would be more than one value\n");
	refuses("a = (1, 2);", "a[0]", "3, 4", "t: a[0]: would be more than one value\n");
	refuses("a = { b = 1; };", "a.b", "1; }; c = { d = 1",
		"t: a.b: would be more than one value\n");
	refuses("a = { b = 1; /* }\n*/ };", "a.c", "2", "t: a.c: would be more than one value\n");
	refuses("a = 1;", "a", "", "t:1:5: a value is missing before \";\"\n");
	refuses("a = 1;", "a", "yes", "t:1:5: yes is not a value: write true\n");
	refuses("a = [ 1, 2 ];", "a[0]", "1.5",
		"t:1: mismatched element type in array (all whole, or "
		"all with a point; ( ) takes both)\n");
	refuses("a = 1", "b c", "2", "t:1:10: \"=\" is missing before c\n");
	refuses("a = ;", "a", "2", "t:1:5: a value is missing before \";\"\n");
}

static void numbers_keep_their_point(void **state)
{
	static const struct {
		const char *before, *after;
		double number;
	} cases[] = {
		{ "a = 30.0;", "a = 35.0;", 35 },
		{ "a = 30.0;", "a = 35.25;", 35.25 },
		{ "a = 30;", "a = 35;", 35 },
		{ "a = 30;", "a = 0.1;", 0.1 },
		{ "a = -1.5;", "a = 7.0;", 7 },
		{ "", "a = 7;\n", 7 },
	};
	struct problems problems = { 0 };
	char *edited;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(edit_number("t", cases[i].before, "a", cases[i].number, &problems,
					 &edited),
			0);
		assert_string_equal(edited, cases[i].after);
		free(edited);
	}
}

static void the_present_value_is_as_written(void **state)
{
	char *present = edit_present(layout, "steps[1].target");

	(void)state;
	assert_string_equal(present, "{ newtons = 20.0; floor = 8.0; }");
	free(present);
	assert_null(edit_present(layout, "steps[1].none"));
	assert_null(edit_present("a = ", "a"));
}

// Each number of a file that is shipped, changed and changed back: the file is as it was.
static void shipped_files_survive(void **state)
{
	static const char *const paths[] = { "actuators[1].calibration[2][1]", "reach[7].mm[1]",
		"reach[0].peak_n", "actuators[6].vent_s", "exclusive[0][1]", "enable.hz" };
	struct problems problems = { 0 };
	char *text, *present, *once, *twice;
	size_t size;

	(void)state;
	assert_int_equal(text_read("profiles/chairs/recliner.cfg", &problems, &text, &size), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		present = edit_present(text, paths[i]);
		assert_non_null(present);
		once = changed(text, paths[i], strchr(present, '"') ? "\"x\"" : "77.0");
		twice = changed(once, paths[i], present);
		assert_string_not_equal(once, text);
		assert_string_equal(twice, text);
		free(present);
		free(once);
		free(twice);
	}
	free(text);
}

// --- lists ------------------------------------------------------------------------------------

static const char list[] = "# people\n"
			   "persons = (\n"
			   "  # the first\n"
			   "  { name = \"a\"; },  # note a\n"
			   "  { name = \"b\";\n"
			   "    closed = ( { regions = [ \"neck\" ]; } ); } /* b */, // note b\n"
			   "  { name = \"c\"; }  # note c, and {\n"
			   "  # { name = \"d\"; }\n"
			   ");\n"
			   "other = ( );\n"
			   "one_line = ( { n = 1; }, { n = 2; } );\n";

static void adds(const char *path, const char *value, const char *from, const char *to)
{
	struct problems problems = { 0 };
	char *edited = NULL, *expected = sandbox_edit(list, from, to);

	assert_int_equal(edit_add("t", list, path, value, &problems, &edited), 0);
	assert_string_equal(edited, expected);
	free(edited);
	free(expected);
}

static void removes(const char *path, size_t index, const char *from, const char *to)
{
	struct problems problems = { 0 };
	char *edited = NULL, *expected = sandbox_edit(list, from, to);

	assert_int_equal(edit_remove("t", list, path, index, &problems, &edited), 0);
	assert_string_equal(edited, expected);
	free(edited);
	free(expected);
}

static void an_element_is_added_last(void **state)
{
	(void)state;
	adds("persons", "{ name = \"e\";\n  height = 2; }",
		"  { name = \"c\"; }  # note c, and {\n  # { name = \"d\"; }\n);",
		"  { name = \"c\"; },  # note c, and {\n  # { name = \"d\"; }\n"
		"  { name = \"e\";\n    height = 2; }\n);");
	adds("persons[1].closed", "{ regions = [ \"calf\" ]; }",
		"( { regions = [ \"neck\" ]; } ); }",
		"( { regions = [ \"neck\" ]; },\n      { regions = [ \"calf\" ]; }\n); }");
	adds("other", "{ n = 1; }", "other = ( );", "other = (\n  { n = 1; }\n);");
	adds("one_line", "{ n = 3; }", "{ n = 2; } );", "{ n = 2; },\n  { n = 3; }\n);");
}

static void an_element_is_removed_with_its_comma(void **state)
{
	(void)state;
	removes("persons", 0, "  { name = \"a\"; },  # note a\n", "");
	removes("persons", 1,
		"  { name = \"b\";\n    closed = ( { regions = [ \"neck\" ]; } ); } /* b */, // "
		"note b\n",
		"");
	removes("persons", 2, " /* b */, // note b\n  { name = \"c\"; }  # note c, and {\n",
		" /* b */ // note b\n");
	removes("one_line", 0, "{ n = 1; }, ", " ");
	removes("one_line", 1, "{ n = 1; }, { n = 2; }", "{ n = 1; } ");
	removes("persons[1].closed", 0, "{ regions = [ \"neck\" ]; }", "");
}

static void lists_that_cannot_be_changed(void **state)
{
	struct problems problems = { 0 };
	char *edited = NULL, *lines;

	(void)state;
	assert_int_equal(edit_add("t", list, "none", "{ }", &problems, &edited), -EINVAL);
	assert_int_equal(edit_add("t", list, "other", "1, 2", &problems, &edited), -EINVAL);
	assert_int_equal(edit_add("t", list, "other", "{", &problems, &edited), -EINVAL);
	assert_int_equal(edit_remove("t", list, "persons", 3, &problems, &edited), -EINVAL);
	assert_int_equal(edit_remove("t", list, "persons[0].name", 0, &problems, &edited), -EINVAL);
	assert_null(edited);
	lines = sandbox_lines(&problems);
	assert_non_null(strstr(lines, "t: none: is no list in this text\n"));
	assert_non_null(strstr(lines, "t: other[0]: would be more than one value\n"));
	assert_non_null(strstr(lines, "t: persons: has no element 3\n"));
	free(lines);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_value_changes),
		cmocka_unit_test(a_value_of_several_lines_is_indented),
		cmocka_unit_test(a_missing_key_is_added_to_its_group),
		cmocka_unit_test(a_path_that_leads_nowhere_is_refused),
		cmocka_unit_test(a_value_that_changes_more_is_refused),
		cmocka_unit_test(numbers_keep_their_point),
		cmocka_unit_test(the_present_value_is_as_written),
		cmocka_unit_test(shipped_files_survive),
		cmocka_unit_test(an_element_is_added_last),
		cmocka_unit_test(an_element_is_removed_with_its_comma),
		cmocka_unit_test(lists_that_cannot_be_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
