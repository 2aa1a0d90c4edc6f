// SPDX-License-Identifier: MIT
//
// The width of rollers: from a point's distance from the spine to a contact of the kneading motor.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/plan_proof.h"
#include "core/reach.h"

enum { KNEAD = 2 };

// Points of both sides at these distances from the spine, all at the same height.
enum { AT_5, AT_25, AT_36, AT_50, AT_75, AT_80, POINTS };

static struct point points[POINTS] = {
	[AT_5] = { "a.left", "a", SIDE_LEFT, REGION_UPPER_BACK, 0.1, 5, .refers_to = "" },
	[AT_25] = { "b.left", "b", SIDE_LEFT, REGION_UPPER_BACK, 0.2, 25, .refers_to = "" },
	[AT_36] = { "c.left", "c", SIDE_LEFT, REGION_UPPER_BACK, 0.25, 36, .refers_to = "" },
	[AT_50] = { "d.left", "d", SIDE_LEFT, REGION_UPPER_BACK, 0.3, 50, .refers_to = "" },
	[AT_75] = { "e.left", "e", SIDE_LEFT, REGION_UPPER_BACK, 0.15, 75, .refers_to = "" },
	[AT_80] = { "f.left", "f", SIDE_LEFT, REGION_UPPER_BACK, 0.15, 80, .refers_to = "" },
};
static const struct atlas atlas = { .points = points, .n_points = POINTS };

// The recliner, with contacts at its knead, and its upper back by width.
static void fixture_widths(struct chair *chair)
{
	static const enum line_role roles[] = { ROLE_NARROW, ROLE_MEDIUM, ROLE_WIDE };
	struct reach *reach = &chair->reaches[2];

	fixture_recliner(chair);
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		chair->lines[chair->n_lines] = (struct line){ .role = roles[i], .actuator = KNEAD };
		chair->actuators[KNEAD].line[roles[i]] = (int8_t)chair->n_lines++;
	}
	chair->actuators[KNEAD].travel_max_ms = 2000;
	assert_int_equal(reach->region, REGION_UPPER_BACK);
	reach->by_width = true;
	reach->setter = chair_width_setter(chair, reach->actuator);
	reach->width_mm[WIDTH_NARROW] = 20;
	reach->width_mm[WIDTH_MEDIUM] = 40;
	reach->width_mm[WIDTH_WIDE] = 60;
}

static void the_knead_on_the_same_carriage_sets_the_width(void **state)
{
	struct chair chair;

	(void)state;
	fixture_widths(&chair);
	assert_int_equal(chair_width_setter(&chair, chair_find_actuator(&chair, "depth")), KNEAD);
	assert_int_equal(chair_width_setter(&chair, chair_find_actuator(&chair, "pump")), -1);
	fixture_recliner(&chair);
	assert_int_equal(chair_width_setter(&chair, chair_find_actuator(&chair, "depth")), -1);
}

static void the_nearest_width_is_chosen_within_half_a_roller(void **state)
{
	static const enum width expected[POINTS] = { [AT_5] = WIDTH_NARROW,
		[AT_25] = WIDTH_NARROW,
		[AT_36] = WIDTH_MEDIUM,
		[AT_50] = WIDTH_MEDIUM,
		[AT_75] = WIDTH_WIDE };
	struct chair chair;

	(void)state;
	fixture_widths(&chair);
	for (int i = 0; i < AT_80; i++) {
		struct reach_hit hit;

		assert_true(reach_find_hold(&chair, &points[i], &hit));
		assert_int_equal(hit.width, expected[i]);
		assert_int_equal(hit.setter, KNEAD);
	}
	struct reach_hit hit;

	assert_false(reach_find_hold(&chair, &points[AT_80], &hit));
	chair.reaches[2].width_mm[WIDTH_MEDIUM] = NAN; // without that contact
	assert_false(reach_find_hold(&chair, &points[AT_36], &hit));
	assert_true(reach_find_hold(&chair, &points[AT_50], &hit));
	assert_int_equal(hit.width, WIDTH_WIDE);
}

static void plan_step(struct plan *plan, enum technique technique, enum target_unit unit)
{
	static uint16_t list[] = { AT_25, AT_36, AT_50, AT_75 };
	struct profile_step step = {
		.technique = technique,
		.points = list,
		.n_points = 4,
		.target = { unit, 10, 20 },
		.ramp_per_s = 8,
		.hold_s = 30,
		.rest_s = 30,
		.repeats = 1,
		.speed_mm_s = 20,
		.duration_s = 5,
	};
	const struct profile profile = fixture_profile(&step, 1);
	struct plan_proof *proof = calloc(1, sizeof(*proof));
	struct chair chair;

	fixture_widths(&chair);
	assert_int_equal(plan_prove(&profile, &atlas, &chair, plan, proof), 0);
	free(proof);
}

static void each_hold_has_its_width(void **state)
{
	static const enum width expected[] = { WIDTH_NARROW, WIDTH_MEDIUM, WIDTH_MEDIUM,
		WIDTH_WIDE };
	struct plan *plan = *state;

	plan_step(plan, TECHNIQUE_HOLD, TARGET_NEWTON);
	assert_int_equal(plan->n_segments, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(plan->segments[i].width, expected[i]);
		assert_int_equal(plan->segments[i].setter, KNEAD);
	}
}

// The rollers are released before they change their width: a chain of legs ends there.
static void a_stroke_never_changes_its_width_under_pressure(void **state)
{
	struct plan *plan = *state;
	size_t pushes = 0;

	plan_step(plan, TECHNIQUE_STROKE, TARGET_NEWTON);
	assert_int_equal(plan->n_segments, 3);
	for (size_t i = 0; i < plan->n_segments; i++) {
		pushes += plan->segments[i].press_s > 0;
		if (plan_stroke_goes_on(plan, i))
			assert_int_equal(plan->segments[i].width, plan->segments[i + 1].width);
	}
	assert_int_equal(pushes, 2); // medium, medium; wide
}

static void kneading_needs_no_width(void **state)
{
	struct plan *plan = *state;

	plan_step(plan, TECHNIQUE_KNEAD, TARGET_PERMILLE);
	for (size_t i = 0; i < plan->n_segments; i++)
		assert_int_equal(plan->segments[i].width, WIDTH_ANY);
}

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct plan));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_knead_on_the_same_carriage_sets_the_width),
		cmocka_unit_test(the_nearest_width_is_chosen_within_half_a_roller),
		TEST(each_hold_has_its_width),
		TEST(a_stroke_never_changes_its_width_under_pressure),
		TEST(kneading_needs_no_width),
	};

	return cmocka_run_group_tests_name("plan_width", tests, NULL, NULL);
}
