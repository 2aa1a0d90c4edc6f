// SPDX-License-Identifier: MIT
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/pacing.h"
#include "core/plan_proof.h"

// Points by index; the atlas is sorted by name.
enum {
	CALF_L,
	CALF_R,
	DELTOID_L,
	DELTOID_R,
	HAMSTRING_L,
	NECK_L,
	RHOMBOID_L,
	RHOMBOID_R,
	TRICEPS_L,
	TRICEPS_R,
	UPPER_L,
	UPPER_R,
	POINTS,
};

static struct point points[POINTS] = {
	[CALF_L] = { "calf.left", "calf", SIDE_LEFT, REGION_CALF, 0.5, 20, .refers_to = "" },
	[CALF_R] = { "calf.right", "calf", SIDE_RIGHT, REGION_CALF, 0.5, 20, .refers_to = "" },
	[DELTOID_L] = { "deltoid.left", "deltoid", SIDE_LEFT, REGION_UPPER_ARM, 0.1, 10,
		.refers_to = "" },
	[DELTOID_R] = { "deltoid.right", "deltoid", SIDE_RIGHT, REGION_UPPER_ARM, 0.1, 10,
		.refers_to = "" },
	[HAMSTRING_L] = { "hamstring.left", "hamstring", SIDE_LEFT, REGION_THIGH, 0.5, 20,
		.refers_to = "" },
	[NECK_L] = { "neck.left", "neck", SIDE_LEFT, REGION_NECK, -0.1, 20, .refers_to = "" },
	[RHOMBOID_L] = { "rhomboid.left", "rhomboid", SIDE_LEFT, REGION_UPPER_BACK, 0.2, 45,
		.refers_to = "" },
	[RHOMBOID_R] = { "rhomboid.right", "rhomboid", SIDE_RIGHT, REGION_UPPER_BACK, 0.2, 45,
		.refers_to = "" },
	[TRICEPS_L] = { "triceps.left", "triceps", SIDE_LEFT, REGION_UPPER_ARM, 0.6, 10,
		.refers_to = "" },
	[TRICEPS_R] = { "triceps.right", "triceps", SIDE_RIGHT, REGION_UPPER_ARM, 0.6, 10,
		.refers_to = "" },
	[UPPER_L] = { "upper.left", "upper", SIDE_LEFT, REGION_UPPER_BACK, 0.05, 40,
		.refers_to = "" },
	[UPPER_R] = { "upper.right", "upper", SIDE_RIGHT, REGION_UPPER_BACK, 0.05, 40,
		.refers_to = "" },
};

static const struct atlas atlas = { .points = points, .n_points = POINTS };

struct fixture {
	struct chair chair;
	struct profile_step steps[4];
	struct profile profile;
	struct plan plan;
	struct plan_proof proof;
	uint16_t list[4][16];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_recliner(&f->chair);
	f->profile = fixture_profile(f->steps, 0);
	f->profile.hash = 77;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static struct profile_step *add_step(struct fixture *f, enum technique technique, double newtons,
	int n, ...)
{
	struct profile_step *step = &f->steps[f->profile.n_steps];
	va_list points_of;

	*step = (struct profile_step){
		.technique = technique,
		.points = f->list[f->profile.n_steps],
		.n_points = (size_t)n,
		.target = { TARGET_NEWTON, newtons / 2, newtons },
		.ramp_per_s = 8,
		.hold_s = 30,
		.rest_s = 20,
		.repeats = 1,
		.speed_mm_s = 20,
		.duration_s = 15,
	};
	va_start(points_of, n);
	for (int i = 0; i < n; i++)
		step->points[i] = (uint16_t)va_arg(points_of, int);
	va_end(points_of);
	f->profile.n_steps++;
	return step;
}

static int build(struct fixture *f)
{
	return plan_prove(&f->profile, &atlas, &f->chair, &f->plan, &f->proof);
}

static void left_and_right_are_pressed_at_once(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 40, 4, RHOMBOID_L, UPPER_R, RHOMBOID_R, UPPER_L);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 2);
	assert_int_equal(f->plan.segments[0].points[0], RHOMBOID_L); // the order of the profile
	assert_int_equal(f->plan.segments[0].points[1], RHOMBOID_R);
	assert_int_equal(f->plan.segments[1].points[0], UPPER_R);
	assert_int_equal(f->plan.segments[1].points[1], UPPER_L);
	assert_true(fabs(f->plan.segments[0].position_mm - (110 + 160 * 0.2 / 0.35)) < 1e-6);
	assert_int_equal(f->plan.segments[0].actuator, chair_find_actuator(&f->chair, "depth"));
	assert_int_equal(f->plan.segments[0].carriage, 0);
	assert_int_equal(f->plan.profile_hash, 77);
}

static void one_side_alone_stays_alone(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < f->chair.n_reaches; i++)
		f->chair.reaches[i].sides = SIDE_LEFT;
	add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, RHOMBOID_R);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 1);
	assert_int_equal(f->plan.segments[0].points[1], -1);
	assert_int_equal(f->plan.n_unreachable, 1);
	assert_int_equal(f->plan.unreachable[0], RHOMBOID_R);
}

static void cells_pair_the_points_of_one_muscle(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 20, 4, DELTOID_L, DELTOID_R, TRICEPS_L, TRICEPS_R);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 2);
	assert_int_equal(f->plan.segments[0].points[1], DELTOID_R);
	assert_int_equal(f->plan.segments[1].points[0], TRICEPS_L);
	assert_int_equal(f->plan.segments[1].carriage, -1);
}

static void an_unreachable_point_is_listed_once(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 20, 3, HAMSTRING_L, RHOMBOID_L, HAMSTRING_L);
	add_step(f, TECHNIQUE_HOLD, 20, 1, HAMSTRING_L);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_unreachable, 1);
	assert_int_equal(f->plan.unreachable[0], HAMSTRING_L);
	assert_int_equal(f->plan.n_segments, 1);

	f->profile.n_steps = 0;
	add_step(f, TECHNIQUE_HOLD, 20, 1, HAMSTRING_L);
	add_step(f, TECHNIQUE_PAUSE, 0, 0);
	assert_int_equal(build(f), -EINVAL);
	assert_true(plan_reaches_nothing(&f->plan));
}

static void repeats_follow_each_other_on_the_same_point(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, UPPER_L)->repeats = 3;
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 6);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(f->plan.segments[i].points[0], i < 3 ? RHOMBOID_L : UPPER_L);
		assert_int_equal(f->plan.segments[i].repeat, i % 3);
		assert_int_equal(f->plan.segments[i].repeats, 3);
	}
	assert_true(f->plan.segments[5].rest_s == 0); // nothing follows it
}

// With the longest presses and the shortest rests.
static void no_plan_presses_beyond_its_shares(void **state)
{
	struct fixture *f = *state;
	const struct actuator *depth = &f->chair.actuators[1];
	struct profile_step *step;

	step = add_step(f, TECHNIQUE_HOLD, 20, 2, RHOMBOID_L, UPPER_L);
	step->repeats = 3;
	step->rest_s = 1;
	step->hold_s = 60;
	step = add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, UPPER_L);
	step->repeats = 3;
	step->rest_s = 0;
	step->hold_s = 10;
	for (int duty_max = 500; duty_max <= 1000; duty_max += 100) {
		struct pacing pacing = { 0 };
		int64_t now = 0;

		f->chair.actuators[1].duty_max_permille = duty_max;
		assert_int_equal(build(f), 0);
		assert_int_equal(f->plan.n_segments, 12);
		for (size_t i = 0; i < f->plan.n_segments; i++) {
			const struct segment *segment = &f->plan.segments[i];
			int64_t need = (int64_t)(segment->press_s * US_PER_S);

			assert_true(segment->press_s > segment->hold_s);
			assert_true(zone_near(segment->zone, zone_at(segment->position_mm), 0));
			assert_true(pacing_earliest_us(&pacing, depth, now, need, segment->zone) -
					now <
				US_PER_S);
			pacing_note(&pacing, now, now + need, segment->zone);
			now += need + (int64_t)(segment->rest_s * US_PER_S);
		}
	}
}

static void a_point_rests_for_as_long_as_it_was_held(void **state)
{
	struct fixture *f = *state;
	const struct segment *segment = f->plan.segments;

	f->chair.actuators[1].duty_max_permille = 1000;
	add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, UPPER_L)->repeats = 2;
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 4);
	assert_true(segment[0].rest_s == 30); // before it is held again
	assert_true(segment[1].rest_s == 20); // the profile's rest: another zone comes next
	assert_true(segment[2].rest_s == 30);
}

// With another step and hold in between, the first point still needs its rest.
static void a_point_rests_while_others_are_held(void **state)
{
	struct fixture *f = *state;
	const struct segment *segment = f->plan.segments;

	f->chair.actuators[1].duty_max_permille = 1000;
	for (int i = 0; i < 3; i++) {
		struct profile_step *step = add_step(f, TECHNIQUE_HOLD, 20, 1,
			i == 1 ? UPPER_L : RHOMBOID_L);

		step->hold_s = i == 1 ? 10 : 40;
		step->rest_s = 5;
	}
	assert_int_equal(build(f), 0);
	assert_true(segment[0].rest_s == 5);
	assert_true(segment[1].rest_s == 25); // 5 + 10 + 25 s: as long as the hold
}

// A cell presses one zone at any of its points; other cells press meanwhile.
static void cells_take_turns_with_others(void **state)
{
	struct fixture *f = *state;
	const struct segment *segment = f->plan.segments;

	add_step(f, TECHNIQUE_HOLD, 20, 2, DELTOID_L, TRICEPS_L)->rest_s = 0;
	add_step(f, TECHNIQUE_HOLD, 20, 1, CALF_L)->rest_s = 0;
	add_step(f, TECHNIQUE_HOLD, 20, 1, DELTOID_L)->rest_s = 0;
	assert_int_equal(build(f), 0);
	assert_true(segment[0].rest_s == 30);
	assert_true(segment[1].rest_s == 0);
	assert_true(segment[2].rest_s == 0);
}

static void a_longer_rest_of_the_profile_is_kept(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, UPPER_L)->rest_s = 200;
	assert_int_equal(build(f), 0);
	assert_true(f->plan.segments[0].rest_s == 200);
}

static void a_sensitive_point_bears_less(void **state)
{
	struct fixture *f = *state;

	points[RHOMBOID_R].sensitivity = SENSITIVITY_HIGH;
	add_step(f, TECHNIQUE_HOLD, 38, 2, RHOMBOID_L, RHOMBOID_R);
	assert_int_equal(build(f), -EINVAL);
	assert_int_equal(f->proof.findings.errors, 1);
	assert_int_equal(f->proof.findings.list[0].kind, FINDING_FORCE_REGION);
	assert_true(f->proof.findings.list[0].bound == 37.5);
	f->steps[0].target.value = 37.5;
	assert_int_equal(build(f), 0);
	points[RHOMBOID_R].sensitivity = SENSITIVITY_USUAL;
}

static void ramps_are_never_faster_than_allowed(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 40, 1, RHOMBOID_L)->ramp_per_s = 1000;
	assert_int_equal(build(f), 0);
	assert_true(f->plan.segments[0].ramp_per_s == RAMP_HARD_MAX_N_S);
}

static void the_shortest_of_all_limits_is_the_longest_time(void **state)
{
	struct fixture *f = *state;

	add_step(f, TECHNIQUE_HOLD, 40, 1, RHOMBOID_L);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.max_s, 1800);
	f->chair.session_max_s = 0;
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.max_s, SESSION_DEFAULT_S);
	f->profile.minutes_max = 7;
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.max_s, 420);
}

static void strokes_go_there_and_back_without_a_release(void **state)
{
	struct fixture *f = *state;
	const struct segment *segment = f->plan.segments;

	add_step(f, TECHNIQUE_STROKE, 10, 4, UPPER_L, UPPER_R, RHOMBOID_L, NECK_L)->repeats = 2;
	f->steps[0].target.value = 10;
	add_step(f, TECHNIQUE_PAUSE, 0, 0);
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 5);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(segment[i].technique, TECHNIQUE_STROKE);
		assert_int_equal(segment[i].repeat, i / 2);
		if (i)
			assert_true(segment[i].from_mm == segment[i - 1].position_mm);
		assert_true((segment[i].rest_s > 0) == (i == 3));
		assert_true((segment[i].press_s > 0) == (i == 0));
	}
	assert_true(segment[3].position_mm == segment[0].from_mm);
	assert_int_equal(segment[4].technique, TECHNIQUE_PAUSE);
	assert_int_equal(segment[4].actuator, -1);
}

static void long_strokes_rest_in_between(void **state)
{
	struct fixture *f = *state;
	int rests = 0;

	add_step(f, TECHNIQUE_STROKE, 10, 2, UPPER_L, RHOMBOID_L)->repeats = 12;
	f->steps[0].speed_mm_s = 5;
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 12);
	for (size_t i = 0; i < 12; i++) {
		assert_true(f->plan.segments[i].press_s <= 120);
		rests += f->plan.segments[i].rest_s > 0;
	}
	assert_true(rests >= 2);
}

static void kneading_goes_to_the_reach_of_the_knead_motor(void **state)
{
	struct fixture *f = *state;
	struct profile_step *step = add_step(f, TECHNIQUE_KNEAD, 0, 3, RHOMBOID_L, RHOMBOID_R,
		CALF_L);

	step->target = (struct target){ TARGET_PERMILLE, 100, 500 };
	assert_int_equal(build(f), 0);
	assert_int_equal(f->plan.n_segments, 1);
	assert_int_equal(f->plan.segments[0].actuator, chair_find_actuator(&f->chair, "knead"));
	assert_true(f->plan.segments[0].hold_s == 15);
	assert_int_equal(f->plan.n_unreachable, 1);
}

static void intensity_lies_between_floor_and_target(void **state)
{
	const struct target target = { TARGET_NEWTON, 10, 40 };

	(void)state;
	assert_true(target_at(&target, 0) == 10);
	assert_true(target_at(&target, 50) == 25);
	assert_true(target_at(&target, 100) == 40);
	assert_true(target_at(&target, 1000) == 40);
	assert_true(target_at(&target, -5) == 10);
}

// What lies beyond the segments of a plan is neither set nor copied.
static void a_copy_has_every_segment(void **state)
{
	struct fixture *f = *state;
	struct plan *copy = malloc(sizeof(*copy));

	assert_non_null(copy);
	memset(copy, 0xff, sizeof(*copy));
	add_step(f, TECHNIQUE_HOLD, 40, 2, RHOMBOID_L, UPPER_L);
	assert_int_equal(build(f), 0);
	plan_copy(copy, &f->plan);
	assert_int_equal(copy->n_segments, f->plan.n_segments);
	assert_memory_equal(copy, &f->plan,
		offsetof(struct plan, segments) + copy->n_segments * sizeof(copy->segments[0]));
	assert_int_equal(copy->segments[copy->n_segments].actuator, -1); // as before
	free(copy);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(left_and_right_are_pressed_at_once),
		TEST(one_side_alone_stays_alone),
		TEST(cells_pair_the_points_of_one_muscle),
		TEST(an_unreachable_point_is_listed_once),
		TEST(repeats_follow_each_other_on_the_same_point),
		TEST(no_plan_presses_beyond_its_shares),
		TEST(a_point_rests_for_as_long_as_it_was_held),
		TEST(a_point_rests_while_others_are_held),
		TEST(cells_take_turns_with_others),
		TEST(a_longer_rest_of_the_profile_is_kept),
		TEST(a_sensitive_point_bears_less),
		TEST(ramps_are_never_faster_than_allowed),
		TEST(the_shortest_of_all_limits_is_the_longest_time),
		TEST(strokes_go_there_and_back_without_a_release),
		TEST(long_strokes_rest_in_between),
		TEST(kneading_goes_to_the_reach_of_the_knead_motor),
		TEST(intensity_lies_between_floor_and_target),
		TEST(a_copy_has_every_segment),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
