// SPDX-License-Identifier: MIT
//
// A broken profile for each rule of the proof: each finding with its line, key and bound.
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "config/library.h"

// Sorted by name. `edge` lies on the upper back, and 0.5 mm outside the roller's reach of the neck.
static struct point points[] = {
	{ "calf.left", "calf", SIDE_LEFT, REGION_CALF, 0.5, 20, .refers_to = "" },
	{ "calf.right", "calf", SIDE_RIGHT, REGION_CALF, 0.5, 20, .refers_to = "" },
	{ "deltoid.left", "deltoid", SIDE_LEFT, REGION_UPPER_ARM, 0.1, 10, .refers_to = "" },
	{ "deltoid.right", "deltoid", SIDE_RIGHT, REGION_UPPER_ARM, 0.1, 10, .refers_to = "" },
	{ "edge.left", "edge", SIDE_LEFT, REGION_UPPER_BACK, 0.0121, 40, .refers_to = "" },
	{ "hamstring.left", "hamstring", SIDE_LEFT, REGION_THIGH, 0.5, 20, .refers_to = "" },
	{ "low.left", "low", SIDE_LEFT, REGION_LOWER_BACK, 0.9, 40, .refers_to = "" },
	{ "mid.left", "mid", SIDE_LEFT, REGION_MID_BACK, 0.5, 40, .refers_to = "" },
	{ "neck.left", "neck", SIDE_LEFT, REGION_NECK, -0.1, 20, .refers_to = "" },
	{ "rhomboid.left", "rhomboid", SIDE_LEFT, REGION_UPPER_BACK, 0.2, 45, .refers_to = "" },
	{ "rhomboid.low.left", "rhomboid", SIDE_LEFT, REGION_UPPER_BACK, 0.3, 45, .refers_to = "" },
	{ "rhomboid.right", "rhomboid", SIDE_RIGHT, REGION_UPPER_BACK, 0.2, 45, .refers_to = "" },
	{ "upper.left", "upper", SIDE_LEFT, REGION_UPPER_BACK, 0.05, 40, .refers_to = "" },
	{ "upper.right", "upper", SIDE_RIGHT, REGION_UPPER_BACK, 0.05, 40, .refers_to = "" },
};
static uint16_t back[] = { 9, 12 }, legs[] = { 0, 5 };
static struct pathway pathways[] = {
	{ .name = "back", .points = back, .n_points = 2 },
	{ .name = "legs", .points = legs, .n_points = 2 },
};
static const struct atlas atlas = {
	.points = points,
	.n_points = sizeof(points) / sizeof(points[0]),
	.pathways = pathways,
	.n_pathways = 2,
};

enum { CARRIAGE, DEPTH, KNEAD, PUMP, SHOULDER_CELLS };

// --- chairs ----------------------------------------------------------------------------------

static void weak_neck(struct chair *chair)
{
	chair->reaches[0].sustained_n = 8;
}

static void soft_upper_back(struct chair *chair)
{
	chair->reaches[2].peak_n = chair->reaches[2].sustained_n = 35;
}

static void gap_in_the_reach(struct chair *chair)
{
	chair->reaches[3].mm_from = 310;
}

static void weak_press(struct chair *chair)
{
	chair->actuators[DEPTH].drive_max_permille = 300;
}

static void no_table(struct chair *chair)
{
	chair->actuators[DEPTH].calibration.n = 0;
}

static void short_press(struct chair *chair)
{
	chair->actuators[DEPTH].on_max_ms = 50000;
}

static void short_share(struct chair *chair)
{
	chair->actuators[DEPTH].duty_max_permille = 100;
}

static void short_knead(struct chair *chair)
{
	chair->actuators[KNEAD].on_max_ms = 60000;
}

static void knead_by_relay(struct chair *chair)
{
	struct actuator *knead = &chair->actuators[KNEAD];

	knead->line[ROLE_RUN] = knead->line[ROLE_PWM];
	knead->line[ROLE_PWM] = -1;
	knead->drive_max_permille = 1000;
}

static void short_pump(struct chair *chair)
{
	chair->actuators[PUMP].on_max_ms = 5000;
}

static void pump_that_rests(struct chair *chair)
{
	chair->actuators[PUMP].duty_max_permille = 50;
}

static void slow_carriage(struct chair *chair)
{
	chair->actuators[CARRIAGE].speed_mm_s = 20;
}

static void carriage_that_rests(struct chair *chair)
{
	chair->actuators[CARRIAGE].duty_max_permille = 100;
}

static void coarse_pulses(struct chair *chair)
{
	chair->actuators[CARRIAGE].mm_per_pulse = 10;
}

static void small_supply(struct chair *chair)
{
	chair->current_max_ma = 1600;
}

static void small_supply_for_the_pump(struct chair *chair)
{
	chair->current_max_ma = 1400;
}

static void roller_that_stands(struct chair *chair)
{
	chair->groups[chair->n_groups++] = 1u << CARRIAGE | 1u << DEPTH;
}

static void cells_without_pump(struct chair *chair)
{
	chair->groups[chair->n_groups++] = 1u << PUMP | 1u << SHOULDER_CELLS;
}

static void short_sessions(struct chair *chair)
{
	chair->session_max_s = 120;
}

// --- profiles --------------------------------------------------------------------------------

// The steps of a profile begin on line 3, each on a line of its own at first.
#define PROFILE(steps)    "title = \"t\"; minutes_max = 30;\nsteps = (\n{ " steps " } );\n"
#define NEXT              "}, {\n"
#define AT(...)           "points = [ " #__VA_ARGS__ " ]; "
#define NEWTONS(value)    "target = { newtons = " #value "; floor = 5.0; }; "
#define DRIVE(value)      "target = { permille = " #value "; floor = 200.0; }; "
#define STROKE            "technique = \"stroke\"; "
#define KNEADING(seconds) "technique = \"knead\"; duration_s = " #seconds "; "
#define HOLD_90           "repeats = 1; hold_s = 90.0; "

// `expected` has a line for each finding: line, key, code, bound; advice in brackets.
// clang-format off: a table, a rule a row
static const struct {
	const char *text, *expected;
	void (*change)(struct chair *chair);
} cases[] = {
	// the whole
	{ PROFILE(AT("hamstring.left") NEWTONS(20.0)),
	  "1 minutes_max nothing_reached 0.0\n(3 steps[0].points out_of_reach 0.0)\n"
	  "(3 steps[0].points nothing_pressed 0.0)\n", NULL },
	{ PROFILE(AT("rhomboid", "mid.left") "repeats = 6; rest_s = 300.0; " NEWTONS(20.0)),
	  "1 minutes_max too_long 1800.0\n(3 steps[0].repeats muscle_long 180.0)\n", NULL },
	{ "title = \"t\";\nsteps = (\n{ " AT("rhomboid") NEWTONS(20.0) "} );\n",
	  "2 steps too_long 120.0\n", short_sessions },
	{ PROFILE(AT("calf.left",\n"hamstring.left") NEWTONS(20.0)),
	  "(4 steps[0].points out_of_reach 0.0)\n", NULL },
	{ PROFILE(AT("upper") "\n" NEWTONS(20.0) NEXT "pathway = \"legs\"; " NEWTONS(20.0)),
	  "(5 steps[1].pathway out_of_reach 0.0)\n", NULL },
	{ PROFILE(AT("calf") NEWTONS(20.0) NEXT STROKE "\n" AT("mid.left") NEWTONS(10.0)),
	  "(5 steps[1].points nothing_pressed 0.0)\n", NULL },
	// force
	{ PROFILE(AT("upper") "\n" NEWTONS(40.0)), "4 steps[0].target force_region 35.0\n",
	  soft_upper_back },
	{ PROFILE(AT("neck.left") "\n" NEWTONS(10.0)), "4 steps[0].target force_region 8.0\n",
	  weak_neck },
	{ PROFILE(AT("edge.left") "\n" NEWTONS(30.0)), "4 steps[0].target force_region 20.0\n",
	  NULL },
	{ PROFILE(STROKE AT("upper.left", "mid.left") "\n" NEWTONS(30.0)),
	  "4 steps[0].target force_way 20.0\n", gap_in_the_reach },
	{ PROFILE(STROKE AT("upper.left", "edge.left") "\n" DRIVE(400.0)),
	  "4 steps[0].target drive_region 333.3\n", NULL },
	{ PROFILE(AT("rhomboid") "\ntarget = { permille = 300.0; floor = 150.0; }; "),
	  "4 steps[0].target contact 187.5\n", NULL },
	{ PROFILE(AT("deltoid") "\ntarget = { permille = 300.0; floor = 40.0; }; "),
	  "4 steps[0].target contact 50.0\n", NULL },
	{ PROFILE(STROKE AT("upper.left", "mid.left") "speed_mm_s = 40.0;\n" NEWTONS(20.0)),
	  "4 steps[0].target stroke_light 7.0\n", NULL },
	{ PROFILE(AT("rhomboid") "\n" NEWTONS(40.0)), "4 steps[0].target force_actuator 17.0\n",
	  weak_press },
	{ PROFILE(AT("rhomboid") "\n" NEWTONS(40.0)), "4 steps[0].target not_calibrated 0.0\n",
	  no_table },
	{ PROFILE(AT("rhomboid") "\n" DRIVE(901.0)), "4 steps[0].target drive 900.0\n", no_table },
	{ PROFILE(AT("rhomboid") "\n" DRIVE(700.0)), "4 steps[0].target drive_region 666.7\n",
	  NULL },
	{ PROFILE(KNEADING(30.0) AT("rhomboid") "\n" DRIVE(601.0)),
	  "4 steps[0].target drive 600.0\n", NULL },
	{ PROFILE(KNEADING(30.0) AT("rhomboid") "\n" DRIVE(1000.0)),
	  "4 steps[0].target switched 1000.0\n", knead_by_relay },
	{ PROFILE(KNEADING(30.0) AT("rhomboid") "\ntarget = { permille = 1000; floor = 1000; }; "),
	  "", knead_by_relay },
	// time
	{ PROFILE(AT("rhomboid") NEWTONS(40.0) "\n" HOLD_90),
	  "4 steps[0].hold_s on_time 114.0\n(4 steps[0].hold_s hold_long 60.0)\n", NULL },
	{ PROFILE(AT("rhomboid") NEWTONS(20.0) "\nhold_s = 40.0;"),
	  "4 steps[0].hold_s on_time 50.0\n", short_press },
	{ PROFILE(AT("rhomboid") NEWTONS(20.0) "\nrepeats = 1; ramp_n_per_s = 0.5;"),
	  "3 steps[0].hold_s on_time 114.0\n", NULL },
	{ "title = \"t\";\ndefaults = {\nhold_s = 80.0; };\nsteps = ( { "
	  AT("rhomboid") NEWTONS(40.0) "repeats = 1; ramp_n_per_s = 4.0; } );\n",
	  "3 defaults.hold_s on_time 114.0\n(3 defaults.hold_s hold_long 60.0)\n", NULL },
	{ PROFILE(AT("rhomboid") NEWTONS(20.0) "\nrepeats = 1; hold_s = 30.0;"),
	  "4 steps[0].hold_s share 28.5\n", short_share },
	{ PROFILE(AT("rhomboid") DRIVE(300.0) "\n" KNEADING(60.0)),
	  "4 steps[0].duration_s on_time 60.0\n", short_knead },
	{ PROFILE(AT("rhomboid") DRIVE(300.0) "\n" KNEADING(300.0)),
	  "4 steps[0].duration_s on_time 300.0\n", NULL },
	{ PROFILE(AT("deltoid") NEWTONS(20.0) "\nhold_s = 30.0;"),
	  "4 steps[0].hold_s on_time 5.0\n", short_pump },
	{ PROFILE(AT("deltoid") NEWTONS(20.0) "\nhold_s = 30.0;"),
	  "4 steps[0].hold_s share 15.0\n", pump_that_rests },
	{ PROFILE(AT("rhomboid.left", "low.left", "upper.left") NEWTONS(20.0) "repeats = 1;"),
	  "3 steps[0].hold_s share 30.0\n", carriage_that_rests },
	// together
	{ PROFILE("\n" STROKE AT("upper.left", "mid.left") NEWTONS(20.0)),
	  "4 steps[0].technique current 1600.0\n", small_supply },
	{ PROFILE(AT("deltoid") NEWTONS(20.0)), "3 steps[0].technique current 1400.0\n",
	  small_supply_for_the_pump },
	{ PROFILE("\n" STROKE AT("upper.left", "mid.left") NEWTONS(20.0)),
	  "4 steps[0].technique exclusive 0.0\n", roller_that_stands },
	{ PROFILE(AT("deltoid") NEWTONS(20.0)), "3 steps[0].technique exclusive 0.0\n",
	  cells_without_pump },
	// travel
	{ PROFILE(STROKE AT("upper.left", "low.left") NEWTONS(10.0) "\nspeed_mm_s = 10.0;"),
	  "4 steps[0].speed_mm_s on_time 114.0\n4 steps[0].speed_mm_s travel 42.0\n", NULL },
	{ PROFILE("points = [\n\"low.left\" ]; " NEWTONS(20.0)),
	  "1 minutes_max travel 42.0\n4 steps[0].points travel 42.0\n", slow_carriage },
	{ PROFILE(STROKE AT("upper.left", "rhomboid.left") NEWTONS(10.0) "\nspeed_mm_s = 10.0;"),
	  "4 steps[0].speed_mm_s pulses 3.0\n", coarse_pulses },
	// advice
	{ PROFILE(AT("rhomboid") NEWTONS(20.0) "\nhold_s = 20.0;"),
	  "(4 steps[0].hold_s hold_short 30.0)\n", NULL },
	{ PROFILE("pathway = \"back\"; " NEWTONS(20.0) "\nhold_s = 70.0; repeats = 1;"),
	  "(4 steps[0].hold_s hold_long 60.0)\n", NULL },
	{ PROFILE(AT("rhomboid.left", "rhomboid.low.left") NEWTONS(20.0) "\nrepeats = 2;"),
	  "(4 steps[0].repeats muscle_long 180.0)\n", NULL },
	// five faults
	{ PROFILE(AT("neck.left") "\n" NEWTONS(20.0) NEXT AT("mid.left") NEWTONS(40.0) "\n" HOLD_90
	  NEXT AT("upper") "\n" DRIVE(700.0) NEXT KNEADING(30.0) AT("rhomboid") "\n" DRIVE(650.0)
	  NEXT STROKE AT("upper.left", "low.left") NEWTONS(10.0) "\nspeed_mm_s = 13.0;"),
	  "4 steps[0].target force_region 8.0\n6 steps[1].hold_s on_time 114.0\n"
	  "8 steps[2].target drive_region 666.7\n10 steps[3].target drive 600.0\n"
	  "12 steps[4].speed_mm_s travel 42.0\n(6 steps[1].hold_s hold_long 60.0)\n", weak_neck },
};
// clang-format on

static void prove(const char *text, void (*change)(struct chair *), char *found, size_t size)
{
	struct problems problems = { 0 };
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	struct profile profile;
	struct chair chair;
	size_t n = 0;
	int r;

	fixture_recliner(&chair);
	if (change)
		change(&chair);
	if (profile_parse("p", text, &atlas, &problems, &profile) < 0)
		fail_msg("%s: %s", text, problems.list[0].text);
	r = profile_prove(&profile, &atlas, &chair, &problems, plan, &proof);
	assert_int_equal(r < 0, problems_errors(&problems) > 0);
	found[0] = '\0';
	for (size_t i = 0; i < problems.n; i++) {
		const struct problem *problem = &problems.list[i];

		n += (size_t)snprintf(found + n, size - n, "%s%d %s %s %.1f%s\n",
			problem->advice ? "(" : "", problem->line, problem->path, problem->code,
			problem->bound, problem->advice ? ")" : "");
		assert_string_equal(problem->file, "p");
		assert_true(strlen(problem->text) > 10);
	}
	profile_clear(&profile);
	problems_clear(&problems);
	free(plan);
}

static void every_rule_is_found_on_its_line(void **state)
{
	char found[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		prove(cases[i].text, cases[i].change, found, sizeof(found));
		if (strcmp(found, cases[i].expected))
			fail_msg("%s\n-> %s\n!= %s", cases[i].text, found, cases[i].expected);
	}
}

static void texts_have_the_remedy(void **state)
{
	struct problems problems = { 0 };
	struct plan_proof proof;
	struct profile profile;
	struct chair chair;
	struct plan plan;
	char line[400];

	(void)state;
	fixture_recliner(&chair);
	assert_int_equal(profile_parse("my.cfg", PROFILE(AT("rhomboid") NEWTONS(40.0) HOLD_90),
				 &atlas, &problems, &profile),
		0);
	assert_int_equal(profile_prove(&profile, &atlas, &chair, &problems, &plan, &proof),
		-EINVAL);
	problem_format(&problems.list[0], line, sizeof(line));
	assert_string_equal(line,
		"my.cfg:3: steps[0].hold_s: depth may press for up to 117.3 s without a break, at "
		"most 114 s: contact 9 s, ramp 9.2 s, settling 3 s, hold 90 s, release 6.1 s "
		"(hold_s = 86 at most, or a faster ramp)");
	problem_format(&problems.list[1], line, sizeof(line));
	assert_string_equal(line,
		"my.cfg:3: warning: steps[0].hold_s: 90 s are long: holds of 30 ... 60 s are "
		"advised");
	profile_clear(&profile);
	problems_clear(&problems);
}

// A profile of 128 steps with 6 repeats makes more segments than a plan has.
static void too_many_presses_are_found_once(void **state)
{
	static const char step[] = "{ " AT("rhomboid") NEWTONS(20.0) "repeats = 6; }";
	char text[16384] = "title = \"t\"; minutes_max = 30;\nsteps = (\n", found[2000];

	(void)state;
	for (int i = 0; i < 128; i++) {
		strcat(text, i ? ",\n" : "");
		strcat(text, step);
	}
	strcat(text, ");\n");
	prove(text, NULL, found, sizeof(found));
	assert_non_null(strstr(found, "88 steps[85] too_many 0.0\n"));
	assert_null(strstr(strstr(found, "too_many") + 1, "too_many"));
}

static void no_finding_is_lost_beyond_the_longest_list(void **state)
{
	struct plan_findings findings = { 0 };

	(void)state;
	for (int i = 0; i < PLAN_FINDINGS_MAX + 10; i++)
		plan_findings_add(&findings,
			(struct plan_finding){ .kind = FINDING_ON_TIME, .step = i, .value = 1 });
	plan_findings_add(&findings,
		(struct plan_finding){ .kind = FINDING_ON_TIME, .step = 3, .value = 2 });
	assert_int_equal(findings.n, PLAN_FINDINGS_MAX);
	assert_int_equal(findings.dropped, 10);
	assert_int_equal(findings.errors, PLAN_FINDINGS_MAX + 10);
	assert_true(findings.list[3].value == 2); // the worst of the same
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_have_the_remedy),
		cmocka_unit_test(too_many_presses_are_found_once),
		cmocka_unit_test(no_finding_is_lost_beyond_the_longest_list),
		cmocka_unit_test(every_rule_is_found_on_its_line),
	};

	return cmocka_run_group_tests_name("profile_proof", tests, NULL, NULL);
}
