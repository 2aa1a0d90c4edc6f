// SPDX-License-Identifier: MIT
//
// The layers of a step on a chair: which actuators play them, and what the proof finds.
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
#include "core/person.h"
#include "core/plan_proof.h"

enum { CALF, DELTOID, RHOMBOID, POINTS };

struct fixture {
	struct chair chair;
	struct point points[POINTS];
	struct atlas atlas;
	struct profile_step step;
	struct step_layer layers[STEP_LAYERS_MAX];
	struct profile profile;
	uint16_t list[1];
	struct plan plan;
	struct plan_proof proof;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	fixture_recliner(&f->chair);
	f->points[CALF] = (struct point){ "calf.left", "calf", SIDE_LEFT, REGION_CALF, 0.5, 20,
		.refers_to = "" };
	f->points[DELTOID] = (struct point){ "deltoid.left", "deltoid", SIDE_LEFT, REGION_UPPER_ARM,
		0.1, 10, .refers_to = "" };
	f->points[RHOMBOID] = (struct point){ "rhomboid.left", "rhomboid", SIDE_LEFT,
		REGION_UPPER_BACK, 0.2, 45, .refers_to = "" };
	f->atlas = (struct atlas){ .points = f->points, .n_points = POINTS };
	f->list[0] = RHOMBOID;
	f->step = (struct profile_step){
		.technique = TECHNIQUE_HOLD,
		.points = f->list,
		.n_points = 1,
		.target = { TARGET_NEWTON, 10, 20 },
		.ramp_per_s = 8,
		.hold_s = 40,
		.rest_s = 20,
		.repeats = 2,
		.layers = f->layers,
	};
	f->profile = fixture_profile(&f->step, 1);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static struct step_layer *add(struct fixture *f, enum actuator_kind kind, const char *name)
{
	struct step_layer *layer = &f->step.layers[f->step.n_layers++];

	*layer = (struct step_layer){ .kind = kind, .permille = 300, .floor_permille = 100 };
	snprintf(layer->actuator, sizeof(layer->actuator), "%s", name);
	return layer;
}

static int prove(struct fixture *f)
{
	return plan_prove(&f->profile, &f->atlas, &f->chair, &f->plan, &f->proof);
}

static bool found(const struct fixture *f, enum finding_kind kind, int layer)
{
	for (size_t i = 0; i < f->proof.findings.n; i++) {
		if (f->proof.findings.list[i].kind == kind &&
			f->proof.findings.list[i].layer == layer)
			return true;
	}
	return false;
}

static void each_layer_has_an_actuator_of_its_own(void **state)
{
	struct fixture *f = *state;

	add(f, ACTUATOR_CELL, "");
	add(f, ACTUATOR_CELL, "");
	add(f, ACTUATOR_KNEAD, "");
	prove(f);
	assert_int_equal(f->plan.n_segments, 2);
	assert_int_equal(f->plan.n_layers, 3); // both holds share them
	for (int i = 0; i < 2; i++) {
		assert_int_equal(f->plan.segments[i].first_layer, 0);
		assert_int_equal(f->plan.segments[i].n_layers, 3);
	}
	assert_int_not_equal(f->plan.layers[0].actuator, f->plan.layers[1].actuator);
	assert_string_equal(f->chair.actuators[f->plan.layers[2].actuator].name, "knead");
}

static void what_presses_rests_as_long_as_it_has_pressed(void **state)
{
	struct fixture *f = *state;

	add(f, ACTUATOR_CELL, "");
	add(f, ACTUATOR_KNEAD, "")->on_s = 10;
	f->step.layers[0].on_s = 10;
	f->step.layers[0].off_s = f->step.layers[1].off_s = 3;
	prove(f);
	assert_true(f->plan.layers[0].off_s == 10);
	assert_true(f->plan.layers[1].off_s == 3);
}

static void a_chair_without_it_plays_an_optional_one_without(void **state)
{
	struct fixture *f = *state;
	struct step_layer *layer = add(f, ACTUATOR_VIBRATE, "");

	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_LAYER_MISSING, 1));
	layer->optional = true;
	assert_int_equal(prove(f), 0);
	assert_int_equal(f->plan.segments[0].n_layers, 0);
}

static void none_runs_twice_and_a_pump_is_none(void **state)
{
	struct fixture *f = *state;

	add(f, 0, "depth");
	add(f, 0, "knead");
	add(f, 0, "knead");
	add(f, 0, "pump");
	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_LAYER_KIND, 1));
	assert_false(found(f, FINDING_LAYER_TWICE, 2));
	assert_true(found(f, FINDING_LAYER_TWICE, 3));
	assert_true(found(f, FINDING_LAYER_KIND, 4));
}

static void what_is_closed_to_a_person_is_not_pressed(void **state)
{
	struct fixture *f = *state;

	add(f, 0, "calf_cells");
	assert_int_equal(prove(f), 0);
	f->points[CALF].lateral_mm = NOWHERE_MM;
	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_LAYER_CLOSED, 1));
	f->step.layers[0].optional = true;
	assert_int_equal(prove(f), 0);
	assert_int_equal(f->plan.segments[0].n_layers, 0);
}

static void one_place_bears_one_press(void **state)
{
	struct fixture *f = *state;

	f->list[0] = CALF;
	add(f, 0, "shoulder_cells");
	assert_false(found(f, FINDING_LAYER_ZONE, 1));
	prove(f);
	assert_int_equal(f->proof.zones_step, 0);
	assert_true(f->proof.zones >= 4); // calves, and what the other cells reach
	for (size_t i = 0; i < f->chair.n_reaches; i++) {
		if (f->chair.reaches[i].region != REGION_UPPER_ARM)
			continue;
		f->chair.reaches[i].region = REGION_CALF;
		f->chair.reaches[i].along_from = 0.9; // beside the point
	}
	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_LAYER_ZONE, 1));
}

static void all_of_it_fits_the_supply(void **state)
{
	struct fixture *f = *state;

	add(f, ACTUATOR_CELL, "");
	assert_int_equal(prove(f), 0);
	f->chair.current_max_ma = (int)f->proof.peak_ma - 1;
	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_CURRENT, 1));
}

static void add_heater(struct fixture *f)
{
	struct actuator *heater = &f->chair.actuators[f->chair.n_actuators++];

	*heater = (struct actuator){ .name = "seat_heat", .kind = ACTUATOR_HEAT };
	memset(heater->line, -1, sizeof(heater->line));
	heater->carriage = heater->source = -1;
	heater->drive_max_permille = heater->duty_max_permille = PERMILLE_FULL;
	heater->on_max_ms = 600000;
	heater->current_ma = 1000;
}

// The longest that it may be on without a break.
static double longest_on_s(const struct fixture *f)
{
	for (size_t i = 0; i < f->proof.findings.n; i++) {
		if (f->proof.findings.list[i].kind == FINDING_ON_TIME)
			return f->proof.findings.list[i].value;
	}
	return 0;
}

static void heat_goes_on_through_the_rest(void **state)
{
	struct fixture *f = *state;
	struct step_layer *heat;

	add_heater(f);
	heat = add(f, ACTUATOR_HEAT, "");
	heat->permille = heat->floor_permille = PERMILLE_FULL;
	assert_int_equal(prove(f), 0);
	f->chair.actuators[f->chair.n_actuators - 1].on_max_ms = 50000;
	assert_true(prove(f) < 0);
	assert_true(longest_on_s(f) > f->step.hold_s + f->plan.segments[0].rest_s);
	heat->on_s = 30;
	assert_int_equal(prove(f), 0);
}

static void a_heater_is_on_or_off(void **state)
{
	struct fixture *f = *state;

	add_heater(f);
	add(f, ACTUATOR_HEAT, "");
	assert_true(prove(f) < 0);
	assert_true(found(f, FINDING_SWITCHED, 1));
}

static void a_layer_counts_in_the_dose_and_in_a_persons_limit(void **state)
{
	const struct person person = { .ceiling_percent = 50 };
	struct fixture *f = *state;
	struct dose doses[POINTS] = { 0 };

	add(f, 0, "calf_cells");
	assert_int_equal(prove(f), 0);
	dose_add_layers(&f->plan, &f->atlas, &f->chair, 100, doses);
	assert_true(doses[CALF].pressed_s > 10 && doses[CALF].presses >= 2);
	assert_int_equal(doses[RHOMBOID].presses, 0);
	person_limit_plan(&person, &f->plan);
	assert_int_equal(f->plan.layers[0].permille, 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_layer_has_an_actuator_of_its_own, setup,
			teardown),
		cmocka_unit_test_setup_teardown(what_presses_rests_as_long_as_it_has_pressed, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_chair_without_it_plays_an_optional_one_without,
			setup, teardown),
		cmocka_unit_test_setup_teardown(none_runs_twice_and_a_pump_is_none, setup,
			teardown),
		cmocka_unit_test_setup_teardown(what_is_closed_to_a_person_is_not_pressed, setup,
			teardown),
		cmocka_unit_test_setup_teardown(one_place_bears_one_press, setup, teardown),
		cmocka_unit_test_setup_teardown(all_of_it_fits_the_supply, setup, teardown),
		cmocka_unit_test_setup_teardown(heat_goes_on_through_the_rest, setup, teardown),
		cmocka_unit_test_setup_teardown(a_heater_is_on_or_off, setup, teardown),
		cmocka_unit_test_setup_teardown(a_layer_counts_in_the_dose_and_in_a_persons_limit,
			setup, teardown),
	};

	return cmocka_run_group_tests_name("plan_layers", tests, NULL, NULL);
}
