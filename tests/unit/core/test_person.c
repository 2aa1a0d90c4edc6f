// SPDX-License-Identifier: MIT
//
// The atlas of a person's body on a chair, and the plan that is limited to it.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/person.h"
#include "core/reach.h"

#define HOLD_KINDS (1u << ACTUATOR_PRESS | 1u << ACTUATOR_CELL)

enum { NECK, SHOULDER, UPPER, EDGE, LOW, CALF, POINTS };

static struct point points[POINTS] = {
	[NECK] = { .name = "neck",
		.side = SIDE_LEFT,
		.region = REGION_NECK,
		.along = -0.1,
		.lateral_mm = 20 },
	[SHOULDER] = { .name = "shoulder",
		.side = SIDE_LEFT,
		.region = REGION_SHOULDER,
		.along = 0.02,
		.lateral_mm = 50 },
	[UPPER] = { .name = "upper",
		.side = SIDE_LEFT,
		.region = REGION_UPPER_BACK,
		.along = 0.2,
		.lateral_mm = 50 },
	[EDGE] = { .name = "edge",
		.side = SIDE_LEFT,
		.region = REGION_MID_BACK,
		.along = 0.37,
		.lateral_mm = 50 },
	[LOW] = { .name = "low",
		.side = SIDE_LEFT,
		.region = REGION_LOWER_BACK,
		.along = 0.9,
		.lateral_mm = 50 },
	[CALF] = { .name = "calf",
		.side = SIDE_LEFT,
		.region = REGION_CALF,
		.along = 0.5,
		.lateral_mm = 20 },
};
static const struct atlas atlas = { .points = points, .n_points = POINTS };

struct fixture {
	struct chair chair;
	struct point points[POINTS];
	struct plan plan;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_recliner(&f->chair);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

// Carriage position of a point on the person's body; NAN: out of reach.
static double place(struct fixture *f, const struct person *person, int point)
{
	struct atlas own = person_atlas(person, &atlas, &f->chair, f->points);
	struct reach_hit hit;

	assert_int_equal(own.n_points, POINTS);
	assert_string_equal(own.points[point].name, points[point].name);
	return reach_find(&f->chair, &own.points[point], HOLD_KINDS, &hit) ? hit.position_mm : NAN;
}

static double usual(struct fixture *f, int point)
{
	struct reach_hit hit;

	assert_true(reach_find(&f->chair, &points[point], HOLD_KINDS, &hit));
	return hit.position_mm;
}

static void the_usual_body_is_the_atlas(void **state)
{
	struct fixture *f = *state;
	const struct person person = { .height_cm = BODY_HEIGHT_CM };

	for (int i = 0; i < POINTS; i++)
		assert_true(fabs(place(f, &person, i) - usual(f, i)) < 1e-9);
}

// 0 mm is at the top of the recliner's way, 550 mm at the sacrum.
static void a_tall_body_has_its_points_higher(void **state)
{
	struct fixture *f = *state;
	const struct person tall = { .height_cm = 182 }; // 1.04
	const struct person small = { .height_cm = 168 };

	assert_true(place(f, &tall, UPPER) < usual(f, UPPER));
	assert_true(place(f, &small, UPPER) > usual(f, UPPER));
	// 0.2 becomes 1 - 0.8 * 1.04 = 0.168; 110 ... 270 mm for 0 ... 0.35
	assert_true(fabs(place(f, &tall, UPPER) - (110 + 160 * 0.168 / 0.35)) < 1e-9);
	// Near the seat hardly anything changes.
	assert_true(fabs(place(f, &tall, LOW) - usual(f, LOW)) < 2);
	assert_true(place(f, &tall, CALF) == usual(f, CALF));
}

static void shoulders_may_be_higher_than_usual(void **state)
{
	struct fixture *f = *state;
	// 20.16 mm of 504 mm: as 4 % of the height
	const struct person person = { .height_cm = BODY_HEIGHT_CM, .shoulder_offset_mm = 20.16 };
	const struct person tall = { .height_cm = 182 };

	assert_true(fabs(place(f, &person, UPPER) - place(f, &tall, UPPER)) < 1e-9);
}

// From the mid back to the upper back, which bear the same.
static void a_point_moves_between_regions_of_the_same_ceilings(void **state)
{
	struct fixture *f = *state;
	const struct person tall = { .height_cm = 189 };

	assert_true(place(f, &tall, EDGE) < 270); // 0.32
	assert_int_equal(f->points[EDGE].region, REGION_UPPER_BACK);
	assert_int_equal(points[EDGE].region, REGION_MID_BACK);
}

// The guard would allow more at this place than a neck bears.
static void a_neck_is_never_pressed_as_a_shoulder(void **state)
{
	struct fixture *f = *state;
	const struct person small = { .height_cm = 150 }; // the neck is at 0.06

	assert_true(isnan(place(f, &small, NECK)));
	assert_int_equal(f->points[NECK].region, REGION_NECK);
}

static void nor_a_shoulder_where_the_chair_has_the_neck(void **state)
{
	struct fixture *f = *state;
	const struct person tall = { .height_cm = 200 }; // the shoulder is at -0.12

	assert_true(isnan(place(f, &tall, SHOULDER)));
}

static void what_is_closed_cannot_be_reached(void **state)
{
	struct fixture *f = *state;
	uint16_t closed[] = { CALF };
	struct person_closing closings[] = {
		{ .regions = 1u << REGION_LOWER_BACK, .reason = "disc" },
		{ .points = closed, .n_points = 1, .reason = "wound" },
	};
	const struct person person = {
		.height_cm = BODY_HEIGHT_CM, .closings = closings, .n_closings = 2
	};

	assert_true(isnan(place(f, &person, LOW)));
	assert_true(isnan(place(f, &person, CALF)));
	assert_true(fabs(place(f, &person, UPPER) - usual(f, UPPER)) < 1e-9);
	assert_string_equal(person_closed(&person, &atlas, LOW), "disc");
	assert_string_equal(person_closed(&person, &atlas, CALF), "wound");
	assert_null(person_closed(&person, &atlas, UPPER));
}

// Whatever the intensity, and more and more: the target is never above the person's ceiling.
static void the_plan_has_the_persons_ceiling(void **state)
{
	struct fixture *f = *state;
	const struct person person = { .height_cm = BODY_HEIGHT_CM, .ceiling_percent = 60 };

	f->plan.n_segments = 2;
	f->plan.segments[0].target = (struct target){ TARGET_NEWTON, 10, 40 };
	f->plan.segments[1].target = (struct target){ TARGET_PERMILLE, 100, 300 };
	person_limit_plan(&person, &f->plan);
	assert_true(fabs(f->plan.segments[0].target.value - 28) < 1e-9);
	assert_true(f->plan.segments[0].target.floor == 10);
	assert_true(fabs(f->plan.segments[1].target.value - 220) < 1e-9);
	assert_true(target_at(&f->plan.segments[0].target, 100) < 28.001);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_usual_body_is_the_atlas),
		TEST(a_tall_body_has_its_points_higher),
		TEST(shoulders_may_be_higher_than_usual),
		TEST(a_point_moves_between_regions_of_the_same_ceilings),
		TEST(a_neck_is_never_pressed_as_a_shoulder),
		TEST(nor_a_shoulder_where_the_chair_has_the_neck),
		TEST(what_is_closed_cannot_be_reached),
		TEST(the_plan_has_the_persons_ceiling),
	};

	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
