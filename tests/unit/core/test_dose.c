// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../fixture.h"
#include "core/dose.h"

enum { LOW_LEFT, LOW_RIGHT, UP_LEFT, POINTS };

static struct point points[POINTS] = {
	[LOW_LEFT] = { .name = "a.low.left", .muscle = "a", .side = SIDE_LEFT },
	[LOW_RIGHT] = { .name = "a.low.right", .muscle = "a", .side = SIDE_RIGHT },
	[UP_LEFT] = { .name = "a.up.left", .muscle = "a", .side = SIDE_LEFT },
};
static const struct atlas atlas = { .points = points, .n_points = POINTS };

struct fixture {
	struct chair chair;
	struct plan plan; // without a rhythm: a ramp is not lengthened
	struct dose doses[POINTS];
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

static struct segment *add(struct fixture *f, enum technique technique, int a, int b)
{
	struct segment *segment = &f->plan.segments[f->plan.n_segments++];

	*segment = (struct segment){
		.technique = technique,
		.points = { (int16_t)a, (int16_t)b },
		.actuator = 1,
		.target = { TARGET_NEWTON, 10, 40 },
		.ramp_per_s = 10,
		.hold_s = 30,
		.press_s = 60,
	};
	return segment;
}

static void assert_dose(const struct dose *dose, double pressed_s, double impulse_n_s, int presses)
{
	assert_true(fabs(dose->pressed_s - pressed_s) < 1e-9);
	assert_true(fabs(dose->impulse_n_s - impulse_n_s) < 1e-9);
	assert_int_equal(dose->presses, presses);
}

// 4 s ramp and 2.5 s release at half the force, 1 s and 30 s at all of it.
static void a_hold_counts_its_ramp_and_its_release(void **state)
{
	struct fixture *f = *state;

	add(f, TECHNIQUE_HOLD, LOW_LEFT, LOW_RIGHT);
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_dose(&f->doses[LOW_LEFT], 37.5, 40 * (2 + 1 + 30 + 1.25), 1);
	assert_memory_equal(&f->doses[LOW_LEFT], &f->doses[LOW_RIGHT], sizeof(f->doses[0]));
	assert_true(f->doses[LOW_LEFT].peak_n == 40);
	assert_dose(&f->doses[UP_LEFT], 0, 0, 0);
}

static void intensity_lowers_force_and_ramp(void **state)
{
	struct fixture *f = *state;

	add(f, TECHNIQUE_HOLD, LOW_LEFT, -1);
	dose_of_plan(&f->plan, &f->chair, 0, f->doses, POINTS);
	assert_dose(&f->doses[LOW_LEFT], 1 + 1 + 30 + 2.5, 10 * (0.5 + 1 + 30 + 1.25), 1);
}

// 40 mm at 20 mm/s and 1.5 s; the first has the ramp, the last the release.
static void strokes_count_for_the_point_that_they_reach(void **state)
{
	struct fixture *f = *state;
	struct segment *first = add(f, TECHNIQUE_STROKE, UP_LEFT, -1);
	struct segment *last = add(f, TECHNIQUE_STROKE, LOW_LEFT, -1);

	first->position_mm = last->from_mm = 40;
	first->speed_mm_s = last->speed_mm_s = 20;
	last->press_s = 0; // goes on without a release
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_dose(&f->doses[UP_LEFT], 3.5 + 5, 40 * (3.5 + 2 + 1), 1);
	assert_dose(&f->doses[LOW_LEFT], 3.5 + 2.5, 40 * (3.5 + 1.25), 1);
}

static void kneading_and_pauses_do_not_press(void **state)
{
	struct fixture *f = *state;

	add(f, TECHNIQUE_KNEAD, LOW_LEFT, LOW_RIGHT);
	add(f, TECHNIQUE_PAUSE, -1, -1)->actuator = -1;
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_dose(&f->doses[LOW_LEFT], 0, 0, 0);
}

static void a_drive_counts_by_the_table_or_is_not_known(void **state)
{
	struct fixture *f = *state;
	struct segment *segment = add(f, TECHNIQUE_HOLD, LOW_LEFT, -1);

	segment->target = (struct target){ TARGET_PERMILLE, 200, 400 };
	segment->ramp_per_s = 100;
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_dose(&f->doses[LOW_LEFT], 37.5, 26 * (2 + 1 + 30 + 1.25), 1);

	f->chair.actuators[1].calibration.n = 0;
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_true(f->doses[LOW_LEFT].pressed_s == 37.5);
	assert_true(isnan(f->doses[LOW_LEFT].impulse_n_s) && isnan(f->doses[LOW_LEFT].peak_n));
}

static void an_unknown_force_stays_unknown_in_a_sum(void **state)
{
	const struct dose known = { 1, 2, 3, 1 }, unknown = { 1, NAN, NAN, 1 };
	struct dose a = known, b = unknown, c = known;

	(void)state;
	dose_add(&a, &unknown);
	dose_add(&b, &known);
	dose_add(&c, &(struct dose){ 0 });
	assert_true(isnan(a.impulse_n_s) && isnan(a.peak_n) && a.pressed_s == 2);
	assert_true(isnan(b.impulse_n_s) && isnan(b.peak_n) && b.presses == 2);
	assert_true(c.impulse_n_s == 2 && c.peak_n == 3 && c.presses == 1);
}

static void the_sides_of_a_muscle_are_two_muscles(void **state)
{
	struct fixture *f = *state;
	struct muscle_dose muscles[MUSCLE_DOSES_MAX];

	add(f, TECHNIQUE_HOLD, LOW_LEFT, LOW_RIGHT);
	add(f, TECHNIQUE_HOLD, UP_LEFT, -1);
	dose_of_plan(&f->plan, &f->chair, 100, f->doses, POINTS);
	assert_int_equal(dose_by_muscle(f->doses, &atlas, muscles, MUSCLE_DOSES_MAX), 2);
	assert_string_equal(muscles[0].muscle, "a");
	assert_int_equal(muscles[0].side, SIDE_LEFT);
	assert_dose(&muscles[0].dose, 75, 2 * 40 * (2 + 1 + 30 + 1.25), 2);
	assert_int_equal(muscles[1].side, SIDE_RIGHT);
	assert_dose(&muscles[1].dose, 37.5, 40 * (2 + 1 + 30 + 1.25), 1);
	assert_int_equal(dose_by_muscle(f->doses, &atlas, muscles, 1), 1);
}

int main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		test(a_hold_counts_its_ramp_and_its_release),
		test(intensity_lowers_force_and_ramp),
		test(strokes_count_for_the_point_that_they_reach),
		test(kneading_and_pauses_do_not_press),
		test(a_drive_counts_by_the_table_or_is_not_known),
		test(an_unknown_force_stays_unknown_in_a_sum),
		test(the_sides_of_a_muscle_are_two_muscles),
	};

	return cmocka_run_group_tests_name("dose", tests, NULL, NULL);
}
