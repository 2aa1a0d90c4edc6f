// SPDX-License-Identifier: MIT
//
// The posture of a step on a chair: its parts one after the other, home again at the end, and what
// the proof finds.
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
#include "core/posture.h"

static const struct atlas atlas = { 0 };

struct fixture {
	struct chair chair;
	int back, legs;
	struct profile_step steps[2];
	struct profile profile;
	struct plan plan;
	struct plan_proof proof;
};

static int add_part(struct chair *chair, const char *name)
{
	int index = (int)chair->n_actuators++;
	struct actuator *part = &chair->actuators[index];

	*part = (struct actuator){ .kind = ACTUATOR_RECLINE };
	snprintf(part->name, sizeof(part->name), "%s", name);
	memset(part->line, -1, sizeof(part->line));
	part->carriage = part->source = -1;
	part->drive_max_permille = part->duty_max_permille = PERMILLE_FULL;
	part->on_max_ms = 60000;
	part->travel_max_ms = 30000;
	part->current_ma = 1500;
	return index;
}

// A back rest that knows its position by time, and a leg rest that knows its ends alone.
static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_recliner(&f->chair);
	f->legs = add_part(&f->chair, "leg_rest");
	f->back = add_part(&f->chair, "back");
	f->chair.actuators[f->back].up_ms = 15000;
	f->chair.actuators[f->back].down_ms = 12000;
	for (int i = 0; i < 2; i++) {
		f->steps[i].technique = TECHNIQUE_POSTURE;
		for (int part = 0; part < POSTURE_PARTS; part++)
			f->steps[i].posture[part] = POSTURE_STAYS;
	}
	f->profile = fixture_profile(f->steps, 2);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static int prove(struct fixture *f)
{
	return plan_prove(&f->profile, &atlas, &f->chair, &f->plan, &f->proof);
}

static const struct plan_finding *found(const struct fixture *f, enum finding_kind kind)
{
	for (size_t i = 0; i < f->proof.findings.n; i++) {
		if (f->proof.findings.list[i].kind == kind)
			return &f->proof.findings.list[i];
	}
	return NULL;
}

static void one_part_moves_after_the_other_and_home_again(void **state)
{
	struct fixture *f = *state;
	const struct segment *segment = f->plan.segments;

	f->steps[0].posture[PART_BACK] = 400;
	f->steps[0].posture[PART_LEGS] = 1000;
	f->steps[1].posture[PART_LEGS] = 0;
	f->steps[0].restore = true;
	assert_int_equal(prove(f), 0);
	assert_int_equal(f->plan.n_segments, 4);
	assert_int_equal(segment[0].actuator, f->back);
	assert_int_equal(segment[0].permille, 400);
	assert_int_equal(segment[1].actuator, f->legs);
	assert_int_equal(segment[1].permille, 1000);
	assert_int_equal(segment[2].permille, 0);
	assert_int_equal(segment[3].actuator, f->back); // the legs are home
	assert_int_equal(segment[3].permille, 0);
	assert_int_equal(segment[3].step, 0);
	assert_false(plan_reaches_nothing(&f->plan));
}

static void it_takes_its_way_and_first_the_way_home(void **state)
{
	struct fixture *f = *state;

	f->steps[0].posture[PART_BACK] = 500;
	f->steps[1].posture[PART_BACK] = 1000;
	assert_int_equal(prove(f), 0);
	assert_true(f->plan.segments[0].estimate_s > 15 + 6);
	assert_true(f->plan.segments[0].estimate_s < 15 + 6 + 3);
	assert_true(f->plan.segments[1].estimate_s > 6 && f->plan.segments[1].estimate_s < 8);
	assert_true(f->proof.step_s[0] == f->plan.segments[0].estimate_s);
	assert_true(f->proof.peak_ma == 1500);
}

static void what_the_chair_lacks_is_an_error_unless_it_is_optional(void **state)
{
	struct fixture *f = *state;
	char text[PLAN_FINDING_TEXT_SIZE];
	const struct plan_finding *finding;

	f->steps[0].posture[PART_BACK] = f->steps[1].posture[PART_BACK] = 400;
	f->steps[0].posture[PART_EXTENSION] = 1000;
	assert_true(prove(f) < 0);
	finding = found(f, FINDING_PART_MISSING);
	assert_non_null(finding);
	assert_int_equal(finding_key(finding, &f->profile), STEP_PART + PART_EXTENSION);
	plan_finding_text(finding, &f->profile, &atlas, &f->chair, f->proof.step_s, text,
		sizeof(text));
	assert_non_null(strstr(text, "has no extension (it has: back, legs;"));
	f->steps[0].optional = true;
	assert_int_equal(prove(f), 0);
	assert_int_equal(f->plan.n_segments, 2);
}

static void between_its_ends_it_must_know_its_position(void **state)
{
	struct fixture *f = *state;

	f->steps[0].posture[PART_LEGS] = 1000;
	f->steps[1].posture[PART_LEGS] = 500;
	assert_true(prove(f) < 0);
	assert_int_equal(found(f, FINDING_PART_ENDS)->step, 1);
	f->chair.actuators[f->legs].measured[QUANTITY_POSITION].present = true;
	assert_int_equal(prove(f), 0);
}

static void a_way_fits_its_longest_drive_and_its_share(void **state)
{
	struct fixture *f = *state;

	f->steps[0].posture[PART_BACK] = f->steps[1].posture[PART_BACK] = 400;
	assert_int_equal(prove(f), 0);
	f->chair.actuators[f->back].on_max_ms = 18000; // it may take a quarter longer than 15 s
	assert_true(prove(f) < 0);
	assert_non_null(found(f, FINDING_ON_TIME));
	f->chair.actuators[f->back].on_max_ms = 60000;
	f->chair.actuators[f->back].duty_max_permille = 100; // 30 s of five minutes
	assert_true(prove(f) < 0);
	assert_non_null(found(f, FINDING_SHARE));
}

static void a_part_fits_the_supply(void **state)
{
	struct fixture *f = *state;

	f->steps[0].posture[PART_BACK] = f->steps[1].posture[PART_BACK] = 400;
	f->chair.current_max_ma = 1499;
	assert_true(prove(f) < 0);
	assert_non_null(found(f, FINDING_CURRENT));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

// A chair file may call a rest by what it is, whatever its name; then its name counts no more.
static void a_rest_is_what_the_chair_file_calls_it(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(posture_part_find(&f->chair, PART_BACK), f->back);
	assert_int_equal(posture_part_find(&f->chair, PART_LEGS), f->legs);
	f->chair.actuators[f->back].part = REST_LEGS;
	f->chair.actuators[f->legs].part = REST_BACK;
	assert_int_equal(posture_part_find(&f->chair, PART_BACK), f->legs);
	assert_int_equal(posture_part_find(&f->chair, PART_LEGS), f->back);
	f->chair.actuators[f->legs].part = REST_LEGS;
	assert_int_equal(posture_part_find(&f->chair, PART_BACK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_rest_is_what_the_chair_file_calls_it),
		TEST(one_part_moves_after_the_other_and_home_again),
		TEST(it_takes_its_way_and_first_the_way_home),
		TEST(what_the_chair_lacks_is_an_error_unless_it_is_optional),
		TEST(between_its_ends_it_must_know_its_position),
		TEST(a_way_fits_its_longest_drive_and_its_share),
		TEST(a_part_fits_the_supply),
	};

	return cmocka_run_group_tests_name("plan_posture", tests, NULL, NULL);
}
