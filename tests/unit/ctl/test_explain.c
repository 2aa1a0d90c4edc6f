// SPDX-License-Identifier: MIT
//
// Profiles in plain words: what one does, and what changes from one to another.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/comparison.h"
#include "ctl/explain.h"

static const struct terminal plain = { .columns = 0 };

// A library of this test's own, and the recliner. Each profile is planned on it.
static struct planned_profile *plan(const char *name, const char *text)
{
	struct planned_profile *planned = calloc(1, sizeof(*planned));
	struct problems problems = { 0 };
	struct plan_proof proof;

	assert_non_null(planned);
	assert_int_equal(library_load("tests/unit/ctl/library", "profiles/chairs/recliner.cfg",
				 &problems, &planned->library),
		0);
	assert_int_equal(profile_parse(name, text, &planned->library->atlas, &problems,
				 &planned->from_file),
		0);
	planned->profile = &planned->from_file;
	assert_int_equal(plan_prove(planned->profile, &planned->library->atlas,
				 &planned->library->chair, &planned->plan, &proof),
		0);
	problems_clear(&problems);
	return planned;
}

static void discard(struct planned_profile *planned)
{
	planned_profile_clear(planned);
	free(planned);
}

static const char SHORT[] =
	"title = \"Short\"; description = \"For tests.\";\n"
	"breathing = { inhale_s = 4.0; exhale_s = 6.0; };\n"
	"steps = (\n"
	"  { points = [ \"rhomboid\", \"teres.minor.left\" ];\n"
	"    target = { newtons = 30.0; floor = 10.0; };\n"
	"    ramp_n_per_s = 5.0; hold_s = 30.0; rest_s = 35.0; repeats = 2; },\n"
	"  { technique = \"knead\"; points = [ \"rhomboid.left\" ];\n"
	"    target = { permille = 300; floor = 100; }; duration_s = 20.0; },\n"
	"  { technique = \"pause\"; duration_s = 10.0; }\n"
	");\n";

static char *explained(const char *text, double intensity_percent)
{
	struct planned_profile *planned = plan("short", text);
	char *words;
	size_t size;
	FILE *stream = open_memstream(&words, &size);

	assert_int_equal(explain(stream, &plain, planned, intensity_percent), 0);
	assert_int_equal(fclose(stream), 0);
	discard(planned);
	return words;
}

static char *compared(const char *a, const char *b)
{
	struct planned_profile *from = plan("a", a), *to = plan("b", b);
	char *words;
	size_t size;
	FILE *stream = open_memstream(&words, &size);

	assert_int_equal(comparison_print(stream, &plain, from, to, 100), 0);
	assert_int_equal(fclose(stream), 0);
	discard(from);
	discard(to);
	return words;
}

// A step of which nothing is played is not passed over.
static void a_step_that_does_nothing_is_named(void **state)
{
	char *words = explained("title = \"A\"; steps = ( { points = [ \"rhomboid.left\" ];\n"
				"    target = { newtons = 30.0; floor = 10.0; }; },\n"
				"  { technique = \"stroke\"; points = [ \"rhomboid.left\" ];\n"
				"    target = { newtons = 10.0; floor = 5.0; }; } );\n",
		100);

	(void)state;
	assert_non_null(strstr(words, "\nLeft out\n"));
	assert_non_null(strstr(words, "  step 2, stroke: nothing of it is played\n"));
	assert_null(strstr(words, "  step 1, "));
	free(words);
}

static void a_profile_in_words(void **state)
{
	char *words = explained(SHORT, 100);

	(void)state;
	assert_string_equal(words,
		"Short (short) on chair recliner: about 7 minutes, at intensity 100 %\n"
		"For tests.\n"
		"\n"
		"Breathe slowly: 6 s out, 4 s in. Pressure rises only while you breathe out. "
		"Less, pause and stop are always possible.\n"
		"\n"
		"Minute 1\n"
		" 0:00   The chair moves to its home position. Nothing presses.\n"
		" 0:08   The rhomboids, both sides (1 of 2): the pressure rises to 30 N (the "
		"weight of 3.1 kg) while you breathe out, stays for 30 s, and is released. It "
		"may be felt: along the scapula. Then 35 s of rest.\n"
		"        [rhomboid.left/right: depth, carriage at 201 mm, 30.0 N, ramp 5.0 N/s]\n"
		"\n"
		"Minute 2\n"
		" 1:34   The rhomboids, both sides (2 of 2): the pressure rises to 30 N (the "
		"weight of 3.1 kg) while you breathe out, stays for 30 s, and is released. "
		"Then 35 s of rest.\n"
		"        [rhomboid.left/right: depth, carriage at 201 mm, 30.0 N, ramp 5.0 N/s]\n"
		"\n"
		"Minute 3\n"
		" 2:56   The teres minor, left (1 of 2): the pressure rises to 30 N (the "
		"weight of 3.1 kg) while you breathe out, stays for 30 s, and is released. It "
		"may be felt: local, at the tendon. Then 35 s of rest.\n"
		"        [teres.minor.left: shoulder_cells, 30.0 N, ramp 5.0 N/s]\n"
		"\n"
		"Minute 4: the press or its rest goes on\n"
		"\n"
		"Minute 5\n"
		" 4:16   The teres minor, left (2 of 2): the pressure rises to 30 N (the "
		"weight of 3.1 kg) while you breathe out, stays for 30 s, and is released. "
		"Then 35 s of rest.\n"
		"        [teres.minor.left: shoulder_cells, 30.0 N, ramp 5.0 N/s]\n"
		"\n"
		"Minute 6\n"
		" 5:37   Kneading of the rhomboids, left, for 20 s.\n"
		"        [rhomboid.left: knead, carriage at 201 mm, 300.0 per mille, "
		"ramp 100.0 per mille/s]\n"
		" 5:58   Nothing presses for 10 s.\n"
		"\n"
		"Minute 7\n"
		" 6:08   The chair moves back to its home position, and releases everything.\n"
		" 6:16   The session is over.\n"
		"\n"
		"Under pressure in all, by muscle\n"
		"  rhomboids, left                      87 s    2235 N s, at most 30 N\n"
		"  rhomboids, right                     87 s    2235 N s, at most 30 N\n"
		"  teres minor, left                    87 s    2235 N s, at most 30 N\n");
	free(words);
}

static void the_intensity_counts(void **state)
{
	char *words = explained(SHORT, 0);

	(void)state;
	assert_non_null(strstr(words, "at intensity 0 %"));
	assert_non_null(strstr(words, "rises to 10 N (the weight of 1.0 kg)"));
	free(words);
}

static char *changed(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	char *copy = malloc(strlen(text) + strlen(to) + 1);

	assert_true(at && copy);
	sprintf(copy, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	return copy;
}

static void nothing_changes(void **state)
{
	// Another way to write the same.
	char *other = changed(SHORT, "hold_s = 30.0; rest_s", "hold_s = 30; rest_s");
	char *words = compared(SHORT, other);

	(void)state;
	assert_string_equal(words,
		"a -> b on chair recliner, at intensity 100 %\nNothing changes for the person.\n");
	free(words);
	free(other);
}

static void force_time_and_dose_change(void **state)
{
	char *gentler = changed(SHORT, "newtons = 30.0", "newtons = 27.0");
	char *more = changed(gentler, "\"rhomboid.left\"", "\"rhomboid.right\"");
	char *words = compared(SHORT, more);

	(void)state;
	assert_string_equal(words,
		"a -> b on chair recliner, at intensity 100 %\n"
		"  duration: about 6.3 -> 6.1 minutes\n"
		"At each place\n"
		"  rhomboid.left: force 30.0 -> 27.0 N (-10 %), under pressure 87 -> 82 s (-6 "
		"%), dose 2235 -> 1941 N s (-13 %)\n"
		"  rhomboid.left: no longer kneaded: 20 s at 300 per mille\n"
		"  rhomboid.right: force 30.0 -> 27.0 N (-10 %), under pressure 87 -> 82 s (-6 "
		"%), dose 2235 -> 1941 N s (-13 %)\n"
		"  rhomboid.right: now kneaded: 20 s at 300 per mille\n"
		"  teres.minor.left: force 30.0 -> 27.0 N (-10 %), under pressure 87 -> 82 s "
		"(-6 %), dose 2235 -> 1941 N s (-13 %)\n");
	free(words);
	free(more);
	free(gentler);
}

static void places_come_and_go(void **state)
{
	char *other = changed(SHORT, "\"rhomboid\", \"teres.minor.left\"", "\"trapezius.lower\"");
	char *words = compared(SHORT, other);

	(void)state;
	assert_string_equal(words,
		"a -> b on chair recliner, at intensity 100 %\n"
		"  duration: about 6.3 -> 3.6 minutes\n"
		"At each place\n"
		"  rhomboid.left: no longer pressed: 30.0 N, 87 s under pressure, 2235 N s\n"
		"  rhomboid.right: no longer pressed: 30.0 N, 87 s under pressure, 2235 N s\n"
		"  teres.minor.left: no longer pressed: 30.0 N, 87 s under pressure, 2235 N s\n"
		"  trapezius.lower.left/right: now pressed: 30.0 N, 87 s under pressure, 2235 "
		"N s\n");
	free(words);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_that_does_nothing_is_named),
		cmocka_unit_test(a_profile_in_words),
		cmocka_unit_test(the_intensity_counts),
		cmocka_unit_test(nothing_changes),
		cmocka_unit_test(force_time_and_dose_change),
		cmocka_unit_test(places_come_and_go),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
