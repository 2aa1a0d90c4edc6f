// SPDX-License-Identifier: MIT
//
// chairctl atlas, on the shipped library.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "config/library.h"
#include "ctl/atlas_search.h"
#include "subcommand_run.h"

#define LOUNGER "profiles/chairs/lounger.cfg"

static struct subcommand_output caught;
static const char *const out = caught.out, *const errors = caught.errors;

// Run it with arguments, NULL behind the last: its exit code; its output is in `out` and `errors`.
static int run_with(const char *const args[])
{
	const char *all[SUBCOMMAND_ARGS_MAX + 1] = { 0 };
	size_t n = 0;

	for (; args[n]; n++)
		all[n] = args[n];
	all[n] = "--profiles=profiles";
	return subcommand_run(&cmd_atlas, all, NULL, &caught);
}
#define RUN(...) run_with((const char *const[]){ __VA_ARGS__, NULL })

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void all_are_listed(void **state)
{
	(void)state;
	assert_int_equal(RUN("--chair", LOUNGER), EXIT_OK);
	assert_has(out,
		"\nrhomboid.left/right                     upper_back  along the scapula\n");
	assert_has(out, "head, behind the eye (closed)\n");
	assert_has(out, "shin, ankle, top of the foot (out of reach)\n");
	assert_has(out, "\ntemple                                  pathway     temple\n");
	assert_int_equal(lines(out), 35 + 1 + 38); // muscles, a blank line, pathways
}

static void a_zone_finds_points_and_pathways(void **state)
{
	(void)state;
	assert_int_equal(RUN("--refers", "temple", "--chair", LOUNGER), EXIT_OK);
	assert_string_equal(out,
		"trapezius.upper.left/right  shoulder    posterolateral neck, temple, behind the "
		"eye, jaw\n\n"
		"temple                      pathway     temple\n");
	assert_int_equal(RUN("--refers", "Medial Scapula"), EXIT_OK);
	assert_has(out, "levator.scapulae");
	assert_has(out, "multifidus.cervical");
	assert_has(out, "medial-scapula");
	assert_int_equal(RUN("--refers", "buttock", "--chair", "profiles/chairs/recliner.cfg"),
		EXIT_OK);
	assert_has(out, "sacrum, buttock (out of reach)\n");
	assert_has(out, "buttock (4 of 6 points in reach)\n");
}

static void an_unknown_zone_is_suggested_and_listed(void **state)
{
	(void)state;
	assert_int_equal(RUN("--refers", "tempel"), EXIT_REFUSED);
	assert_string_equal(out, "");
	assert_has(errors, "no point is felt in \"tempel\"");
	assert_has(errors, "did you mean \"temple\"?");
	assert_has(errors, "  zones: abdomen, acromion, ");
	assert_int_equal(RUN("--refers", "back of neck"), EXIT_REFUSED); // by a word in common
	assert_has(errors, "did you mean \"neck\"?");
	assert_int_equal(RUN("--refers", "xylophone"), EXIT_REFUSED);
	assert_null(strstr(errors, "did you mean"));
	assert_int_equal(RUN("--refers", ""), EXIT_REFUSED);
}

// Every listed zone is found, and finds something.
static void every_zone_is_known(void **state)
{
	static char zones[SUBCOMMAND_OUTPUT_SIZE];
	char *rest = NULL;

	(void)state;
	assert_int_equal(RUN("--zones"), EXIT_OK);
	assert_in_range(lines(out), 40, 100);
	memcpy(zones, out, sizeof(zones));
	for (char *zone = strtok_r(zones, "\n", &rest), *last = NULL; zone;
		last = zone, zone = strtok_r(NULL, "\n", &rest)) {
		assert_true(!last || strcasecmp(last, zone) < 0);
		assert_int_equal(RUN("--refers", zone), EXIT_OK);
		assert_has(out, zone);
	}
}

static void a_point_is_shown_with_everything(void **state)
{
	(void)state;
	assert_int_equal(RUN("rhomboid.left", "--chair", LOUNGER), EXIT_OK);
	assert_string_equal(out,
		"rhomboid.left\n"
		"  muscle     rhomboids\n"
		"  region     upper_back\n"
		"  place      along 0.2, 45 mm from the middle line\n"
		"  felt in    along the scapula\n"
		"  bears      50 N in a hold\n"
		"  chair      lounger: depth, 201 mm along its way, at most 50 N in a hold\n"
		"  pathways   scapular-border, upper-back-roll\n"
		"  profiles   deep-upper-back, first-session, five-minutes, gentle, unwind, "
		"upper-back, whole-body\n"
		"  source     aberdeenchiropracticblog.com (P)\n");
	assert_int_equal(RUN("suboccipital", "--chair", LOUNGER), EXIT_OK);
	assert_has(out, "suboccipital.left/right\n");
	assert_has(out, "  bears      15 N in a hold, of high sensitivity\n");
	assert_has(out, "  closed     it lies at the edge of the skull, which is never pressed\n");
	assert_null(strstr(out, "chair"));
}

static void a_pathway_is_shown_with_everything(void **state)
{
	(void)state;
	assert_int_equal(RUN("heel", "--chair", "profiles/chairs/bench.cfg"), EXIT_OK);
	assert_string_equal(out,
		"heel (pathway)\n"
		"  title      To the heel\n"
		"  felt in    heel\n"
		"  points     soleus.left/right\n"
		"  chair      bench: reaches 2 of 2 points\n"
		"  profiles   calves, feet, legs, whole-body\n");
}

static void muscles_and_regions_are_names(void **state)
{
	(void)state;
	assert_int_equal(RUN("Trapezius"), EXIT_OK);
	assert_has(out, "trapezius.lower.left/right\n");
	assert_has(out, "\ntrapezius.middle.left/right\n");
	assert_has(out, "\ntrapezius.upper.left/right\n");
	assert_int_equal(RUN("upper back"), EXIT_OK);
	assert_has(out, "rhomboid.left/right\n");
	assert_int_equal(RUN("calf"), EXIT_OK); // a region, and a pathway
	assert_has(out, "calf (pathway)\n");
	assert_has(out, "\nsoleus.left/right\n");
}

static void an_unknown_name_is_suggested(void **state)
{
	(void)state;
	assert_int_equal(RUN("romboid"), EXIT_REFUSED);
	assert_has(errors, "no point, pathway, muscle or region is called \"romboid\"");
	assert_has(errors, "did you mean \"rhomboid\"?");
	assert_int_equal(RUN("elbow"), EXIT_REFUSED);
	assert_has(errors, "chairctl atlas --refers \"elbow\" finds what is felt there");
	assert_int_equal(RUN("nothing-like-it"), EXIT_REFUSED);
	assert_has(errors, "chairctl atlas lists all");
}

static void what_cannot_be_understood_is_2(void **state)
{
	(void)state;
	assert_int_equal(RUN("a", "b"), EXIT_USAGE);
	assert_int_equal(RUN("a", "--refers", "temple"), EXIT_USAGE);
	assert_int_equal(RUN("--zones", "--refers", "temple"), EXIT_USAGE);
	assert_int_equal(RUN("--chair", "no-such-file.cfg"), EXIT_USAGE);
	assert_int_equal(RUN("--profiles", "no-such-folder"), EXIT_OK); // the last one counts
}

static void json_has_everything(void **state)
{
	json_error_t error;
	const char *name, *chair, *actuator, *closed;
	double sustained_n;
	json_t *json;

	(void)state;
	assert_int_equal(RUN("rhomboid.left", "--json", "--chair", LOUNGER), EXIT_OK);
	json = json_loads(out, 0, &error);
	assert_non_null(json);
	assert_int_equal(json_unpack(json, "{s:s, s:[{s:s, s:{s:s, s:F}, s:n}], s:[]}", "chair",
				 &chair, "points", "name", &name, "reach", "actuator", &actuator,
				 "sustained_n", &sustained_n, "closed", "pathways"),
		0);
	assert_string_equal(chair, "lounger");
	assert_string_equal(name, "rhomboid.left");
	assert_string_equal(actuator, "depth");
	assert_true(sustained_n == 50);
	json_decref(json);

	assert_int_equal(RUN("--refers", "wrist", "--json", "--chair", LOUNGER), EXIT_OK);
	json = json_loads(out, 0, &error);
	assert_non_null(json);
	assert_int_equal(json_array_size(json_object_get(json, "points")), 2);
	assert_int_equal(json_unpack(json_array_get(json_object_get(json, "points"), 1),
				 "{s:n, s:s}", "reach", "closed", &closed),
		0);
	json_decref(json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_listed),
		cmocka_unit_test(a_zone_finds_points_and_pathways),
		cmocka_unit_test(an_unknown_zone_is_suggested_and_listed),
		cmocka_unit_test(every_zone_is_known),
		cmocka_unit_test(a_point_is_shown_with_everything),
		cmocka_unit_test(a_pathway_is_shown_with_everything),
		cmocka_unit_test(muscles_and_regions_are_names),
		cmocka_unit_test(an_unknown_name_is_suggested),
		cmocka_unit_test(what_cannot_be_understood_is_2),
		cmocka_unit_test(json_has_everything),
	};

	return cmocka_run_group_tests_name("atlas", tests, NULL, NULL);
}
