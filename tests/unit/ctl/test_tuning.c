// SPDX-License-Identifier: MIT
//
// A profile that is tuned: which numbers a step has, their bounds, and what a change writes.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/tuning.h"

#define HOLD  0 // steps of the text
#define BRIEF 1
#define ROLL  2
#define KNEAD 3
#define PAUSE 4

static const char text[] =
	"# Mine.\n"
	"title = \"Mine\";\n"
	"defaults = { hold_s = 40.0; rest_s = 20; target = { newtons = 30.0; floor = 10.0; }; };\n"
	"steps = (\n"
	"  { technique = \"hold\"; points = [ \"rhomboid\", # beside the blade\n"
	"      \"trapezius.middle\" ];\n"
	"    target = { newtons = 45.0;  floor = 15; }; # as deep as it goes\n"
	"    hold_s = 45; ramp_n_per_s = 8.0; },\n"
	"  { pathway = \"upper-back-roll\" }, # all from the defaults\n"
	"  { technique = \"stroke\"; pathway = \"upper-back-roll\"; repeats = 2;\n"
	"    target = { permille = 200; floor = 100; }; },\n"
	"  { technique = \"knead\"; points = [ \"rhomboid\" ]; duration_s = 20.0;\n"
	"    target = { permille = 300; floor = 100; }; },\n"
	"  { technique = \"pause\"; duration_s = 10.0; }\n"
	");\n";

static struct tuning *begin(void)
{
	struct problems problems = { 0 };
	struct tuning *tuning;

	assert_int_equal(tuning_new("mine", text, &problems, &tuning), 0);
	return tuning;
}

static size_t find(const struct tuning *tuning, size_t step, const char *label,
	struct tuning_value *ret_value)
{
	struct tuning_value values[TUNING_VALUES_MAX];
	size_t n = tuning_values(tuning, step, values), i = 0;

	while (i < n && strcmp(values[i].label, label))
		i++;
	if (i == n)
		fail_msg("step %zu has no %s", step, label);
	if (ret_value)
		*ret_value = values[i];
	return i;
}

static void nudge(struct tuning *tuning, size_t step, const char *label, int nudges)
{
	char why[TUNING_TEXT_SIZE] = "", *changed = NULL;

	if (tuning_nudged(tuning, step, find(tuning, step, label, NULL), nudges, &changed, why) < 0)
		fail_msg("%s: %s", label, why);
	assert_int_equal(tuning_take(tuning, changed), 0);
	free(changed);
}

static void expect_number(const struct tuning *tuning, size_t step, const char *label,
	double number)
{
	struct tuning_value value;

	find(tuning, step, label, &value);
	assert_float_equal(value.value, number, 1e-9);
}

// That a nudge replaces exactly this piece of the text, and that it can be undone.
static void becomes(size_t step, const char *label, int nudges, const char *from, const char *to)
{
	struct tuning *tuning = begin();
	const char *at = strstr(text, from);
	char *expected;

	assert_non_null(at);
	assert_null(strstr(at + 1, from));
	assert_true(asprintf(&expected, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)) >
		0);
	nudge(tuning, step, label, nudges);
	assert_string_equal(tuning_text(tuning), expected);
	assert_true(tuning_is_unsaved(tuning));
	assert_true(tuning_undo(tuning));
	assert_string_equal(tuning_text(tuning), text);
	assert_false(tuning_is_unsaved(tuning));
	free(expected);
	tuning_free(tuning);
}

// --- which numbers ----------------------------------------------------------------------------

static void a_step_has_the_numbers_of_its_technique(void **state)
{
	static const char *const labels[][TUNING_VALUES_MAX + 1] = {
		[HOLD] = { "target", "floor", "ramp", "hold", "eased after", "rest", "repeats" },
		[BRIEF] = { "target", "floor", "ramp", "hold", "eased after", "rest", "repeats" },
		[ROLL] = { "target", "floor", "ramp", "repeats", "speed" },
		[KNEAD] = { "target", "floor", "ramp", "duration" },
		[PAUSE] = { "duration" },
	};
	struct tuning *tuning = begin();

	(void)state;
	for (size_t step = 0; step <= PAUSE; step++) {
		struct tuning_value values[TUNING_VALUES_MAX];
		size_t n = tuning_values(tuning, step, values);

		for (size_t i = 0; i < n; i++)
			assert_string_equal(values[i].label, labels[step][i]);
		assert_null(labels[step][n]);
	}
	tuning_free(tuning);
}

static void a_number_has_a_place_a_unit_and_a_range(void **state)
{
	static const struct {
		size_t step;
		const char *label, *key, *unit;
		double value, min, max;
		enum tuning_place place;
	} table[] = {
		{ HOLD, "target", "newtons", "N", 45, 15, 55, TUNING_IN_STEP },
		{ HOLD, "floor", "floor", "N", 15, 0, 45, TUNING_IN_STEP },
		{ HOLD, "ramp", "ramp_n_per_s", "N/s", 8, 0.5, 10, TUNING_IN_STEP },
		{ HOLD, "hold", "hold_s", "s", 45, 5, 90, TUNING_IN_STEP },
		{ HOLD, "rest", "rest_s", "s", 20, 0, 300, TUNING_IN_DEFAULTS },
		{ HOLD, "repeats", "repeats", "", 2, 1, 6, TUNING_NOWHERE },
		{ BRIEF, "target", "newtons", "N", 30, 10, 55, TUNING_IN_DEFAULTS },
		{ BRIEF, "hold", "hold_s", "s", 40, 5, 90, TUNING_IN_DEFAULTS },
		{ ROLL, "target", "permille", "per mille", 200, 100, 1000, TUNING_IN_STEP },
		{ ROLL, "ramp", "ramp_permille_per_s", "per mille/s", 100, 5, 250, TUNING_NOWHERE },
		{ ROLL, "repeats", "repeats", "", 2, 1, 6, TUNING_IN_STEP },
		{ ROLL, "speed", "speed_mm_s", "mm/s", 20, 2, 60, TUNING_NOWHERE },
		{ KNEAD, "floor", "floor", "per mille", 100, 0, 300, TUNING_IN_STEP },
		{ PAUSE, "duration", "duration_s", "s", 10, 1, 300, TUNING_IN_STEP },
	};
	struct tuning *tuning = begin();

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct tuning_value value;

		find(tuning, table[i].step, table[i].label, &value);
		assert_string_equal(value.key, table[i].key);
		assert_string_equal(value.unit, table[i].unit);
		assert_float_equal(value.value, table[i].value, 1e-9);
		assert_float_equal(value.min, table[i].min, 1e-9);
		assert_float_equal(value.max, table[i].max, 1e-9);
		assert_int_equal(value.place, table[i].place);
	}
	tuning_free(tuning);
}

static void a_step_is_named_by_where_it_presses(void **state)
{
	struct tuning *tuning = begin();
	char where[TUNING_TEXT_SIZE];

	(void)state;
	assert_string_equal(tuning_where(tuning, HOLD, where), "rhomboid, trapezius.middle");
	assert_string_equal(tuning_where(tuning, ROLL, where), "upper-back-roll");
	assert_string_equal(tuning_where(tuning, PAUSE, where), "");
	tuning_free(tuning);
}

// --- what is written --------------------------------------------------------------------------

static void a_nudge_changes_that_number_alone(void **state)
{
	(void)state;
	becomes(HOLD, "target", 1, "45.0;  floor", "46.0;  floor");
	becomes(HOLD, "target", -5, "45.0;  floor", "40.0;  floor");
	becomes(HOLD, "floor", 1, "floor = 15;", "floor = 16;");
	becomes(HOLD, "ramp", -1, "8.0; },", "7.5; },");
	becomes(HOLD, "hold", 5, "hold_s = 45;", "hold_s = 50;");
	becomes(ROLL, "repeats", -1, "repeats = 2;", "repeats = 1;");
	becomes(KNEAD, "target", 1, "permille = 300", "permille = 310");
	becomes(PAUSE, "duration", -5, "duration_s = 10.0", "duration_s = 5.0");
}

static void what_the_step_does_not_have_is_added_to_it(void **state)
{
	(void)state;
	becomes(HOLD, "rest", 1, "8.0; },", "8.0; rest_s = 21.0; },");
	becomes(HOLD, "repeats", 1, "8.0; },", "8.0; repeats = 3; },");
	becomes(BRIEF, "hold", -1, "\"upper-back-roll\" },",
		"\"upper-back-roll\"; hold_s = 39.0; },");
	becomes(BRIEF, "target", 1, "\"upper-back-roll\" },",
		"\"upper-back-roll\"; target = { newtons = 31.0; floor = 10.0; }; },");
	becomes(BRIEF, "floor", -1, "\"upper-back-roll\" },",
		"\"upper-back-roll\"; target = { newtons = 30.0; floor = 9.0; }; },");
}

static void a_nudge_goes_to_the_end_of_the_range_and_no_farther(void **state)
{
	struct tuning *tuning = begin();
	char why[TUNING_TEXT_SIZE], *changed = NULL;
	size_t target = find(tuning, HOLD, "target", NULL);

	(void)state;
	nudge(tuning, HOLD, "hold", 100);
	expect_number(tuning, HOLD, "hold", 90);
	assert_int_equal(tuning_nudged(tuning, HOLD, find(tuning, HOLD, "hold", NULL), 1, &changed,
				 why),
		-ERANGE);
	assert_string_equal(why, "hold: 90 is its highest (5 ... 90 s)");
	nudge(tuning, HOLD, "target", -1000); // down to its floor
	expect_number(tuning, HOLD, "target", 15);
	assert_int_equal(tuning_nudged(tuning, HOLD, target, -1, &changed, why), -ERANGE);
	assert_string_equal(why, "target: 15 is its lowest (15 ... 55 N)");
	nudge(tuning, HOLD, "floor", -1);
	nudge(tuning, HOLD, "target", -1);
	expect_number(tuning, HOLD, "target", 14);
	nudge(tuning, HOLD, "repeats", 100);
	assert_int_equal(tuning_nudged(tuning, HOLD, find(tuning, HOLD, "repeats", NULL), 1,
				 &changed, why),
		-ERANGE);
	assert_string_equal(why, "repeats: 6 is its highest (1 ... 6)");
	assert_null(changed);
	tuning_free(tuning);
}

// --- its history ------------------------------------------------------------------------------

static void changes_are_undone_one_by_one(void **state)
{
	struct tuning *tuning = begin();

	(void)state;
	assert_false(tuning_undo(tuning));
	nudge(tuning, HOLD, "target", 1);
	nudge(tuning, BRIEF, "hold", 1);
	nudge(tuning, HOLD, "target", 1);
	assert_true(tuning_undo(tuning));
	expect_number(tuning, HOLD, "target", 46);
	expect_number(tuning, BRIEF, "hold", 41);
	assert_true(tuning_undo(tuning));
	expect_number(tuning, BRIEF, "hold", 40);
	assert_true(tuning_undo(tuning));
	expect_number(tuning, HOLD, "target", 45);
	assert_false(tuning_undo(tuning));
	tuning_free(tuning);
}

static void what_was_saved_is_the_measure_of_unsaved(void **state)
{
	struct tuning *tuning = begin();

	(void)state;
	nudge(tuning, HOLD, "target", 1);
	assert_true(tuning_is_unsaved(tuning));
	assert_int_equal(tuning_saved(tuning), 0);
	assert_false(tuning_is_unsaved(tuning));
	assert_true(tuning_undo(tuning)); // the file has the other text
	assert_true(tuning_is_unsaved(tuning));
	nudge(tuning, HOLD, "target", 1);
	assert_false(tuning_is_unsaved(tuning));
	tuning_free(tuning);
}

static void a_long_history_forgets_its_beginning(void **state)
{
	struct tuning *tuning = begin();
	int undone = 0;

	(void)state;
	for (int i = 0; i < 1200; i++)
		nudge(tuning, HOLD, "target", i % 2 ? -1 : 1);
	while (tuning_undo(tuning))
		undone++;
	assert_int_equal(undone, 999);
	tuning_free(tuning);
}

// --- a trial ----------------------------------------------------------------------------------

static void a_trial_is_that_step_alone(void **state)
{
	struct tuning *tuning = begin(), *trial;
	struct problems problems = { 0 };
	char where[TUNING_TEXT_SIZE], *only;

	(void)state;
	nudge(tuning, BRIEF, "target", 2);
	only = tuning_trial(tuning, BRIEF);
	assert_non_null(only);
	assert_int_equal(tuning_new("mine", only, &problems, &trial), 0);
	assert_int_equal(tuning_profile(trial)->n_steps, 1);
	assert_string_equal(tuning_profile(trial)->title, "Mine");
	assert_string_equal(tuning_where(trial, 0, where), "upper-back-roll");
	expect_number(trial, 0, "target", 32);
	expect_number(trial, 0, "hold", 40); // from the defaults
	assert_true(strstr(only, "# as deep") == NULL);
	free(only);
	tuning_free(trial);
	only = tuning_trial(tuning, HOLD);
	assert_int_equal(tuning_new("mine", only, &problems, &trial), 0);
	assert_string_equal(tuning_where(trial, 0, where), "rhomboid, trapezius.middle");
	free(only);
	tuning_free(trial);
	tuning_free(tuning);
}

static void what_is_no_profile_is_refused(void **state)
{
	struct problems problems = { 0 };
	struct tuning *tuning = NULL;

	(void)state;
	assert_int_equal(tuning_new("mine", "title = 5;", &problems, &tuning), -EINVAL);
	assert_null(tuning);
	assert_true(problems.n > 0);
	problems_clear(&problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_has_the_numbers_of_its_technique),
		cmocka_unit_test(a_number_has_a_place_a_unit_and_a_range),
		cmocka_unit_test(a_step_is_named_by_where_it_presses),
		cmocka_unit_test(a_nudge_changes_that_number_alone),
		cmocka_unit_test(what_the_step_does_not_have_is_added_to_it),
		cmocka_unit_test(a_nudge_goes_to_the_end_of_the_range_and_no_farther),
		cmocka_unit_test(changes_are_undone_one_by_one),
		cmocka_unit_test(what_was_saved_is_the_measure_of_unsaved),
		cmocka_unit_test(a_long_history_forgets_its_beginning),
		cmocka_unit_test(a_trial_is_that_step_alone),
		cmocka_unit_test(what_is_no_profile_is_refused),
	};

	return cmocka_run_group_tests_name("tuning", tests, NULL, NULL);
}
