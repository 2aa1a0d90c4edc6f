// SPDX-License-Identifier: MIT
//
// Recordings: places and doses, the table, the picture; and the samples of a simulated session.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config/library.h"
#include "core/reach.h"
#include "ctl/chart.h"
#include "ctl/recording_csv.h"
#include "ctl/simulation_recorder.h"
#include "ctl/svg.h"

#define RECLINER  "profiles/chairs/recliner.cfg"
#define MECHANISM "profiles/chairs/mechanism-3d.cfg"

static struct library *load_with(const char *chair)
{
	struct problems problems = { 0 };
	struct library *library;

	assert_int_equal(library_load("profiles", chair, &problems, &library), 0);
	problems_clear(&problems);
	return library;
}

static struct library *load(void)
{
	return load_with(RECLINER);
}

static struct recording begin(const struct library *library)
{
	return (struct recording){ .chair = &library->chair,
		.atlas = &library->atlas,
		.title = "A <title> & more",
		.notes = { "first", "second", "third" },
		.has_felt = true };
}

// One sample at a time, in seconds, of the depth motor on one point.
static void add(struct recording *recording, double t_s, enum session_phase phase, uint16_t segment,
	int point, double force_n)
{
	int depth = chair_find_actuator(recording->chair, "depth");
	struct sample sample = { .t_us = (int64_t)(t_s * US_PER_S),
		.phase = phase,
		.points = { (int16_t)point, -1 },
		.actuator = (int8_t)depth,
		.segment = segment,
		.unit = TARGET_NEWTON,
		.target = phase == SESSION_HOLD ? 20 : 0,
		.lung = NAN,
		.peak_n = 105,
		.sustained_n = 50 };

	for (size_t i = 0; i < recording->chair->n_actuators; i++)
		sample.by[i] = (struct recorded_actuator){ 0, NAN, NAN, NAN };
	sample.by[depth].delivered_n = (float)force_n;
	sample.by[depth].felt_n = (float)force_n + 1;
	assert_int_equal(recording_add(recording, &sample), 0);
}

// Two presses on one point, and one on another.
static void fill(struct recording *recording)
{
	int left = atlas_find_point(recording->atlas, "rhomboid.left");
	int right = atlas_find_point(recording->atlas, "rhomboid.right");

	add(recording, 0, SESSION_APPROACH, 0, left, 0);
	add(recording, 1, SESSION_PRESS, 0, left, 10);
	add(recording, 2, SESSION_HOLD, 0, left, 20);
	add(recording, 4, SESSION_RELEASE, 0, left, 2);
	add(recording, 5, SESSION_REST, 0, left, 0);
	add(recording, 6, SESSION_HOLD, 1, left, 20);
	add(recording, 7, SESSION_REST, 1, left, 0);
	add(recording, 8, SESSION_HOLD, 2, right, 30);
	add(recording, 9, SESSION_REST, 2, right, 0);
}

static char *written(const struct recording *recording,
	int (*write)(const struct recording *recording, FILE *stream))
{
	char *text;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	assert_non_null(stream);
	assert_int_equal(write(recording, stream), 0);
	assert_int_equal(fclose(stream), 0);
	return text;
}

static void places_and_what_they_received(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	struct site *sites = calloc(RECORDING_SITES_MAX, sizeof(*sites));

	(void)state;
	assert_non_null(sites);
	assert_int_equal(recording_sites(&recording, sites), 0);
	fill(&recording);
	assert_int_equal(recording_sites(&recording, sites), 2);
	assert_string_equal(library->atlas.points[sites[0].points[0]].name, "rhomboid.left");
	assert_int_equal(sites[0].n_presses, 2);
	// 10 N for 1 s and 20 N for 3 s; 2 N count as released.
	assert_float_equal(sites[0].delivered.seconds, 4, 1e-6);
	assert_float_equal(sites[0].delivered.newton_s, 70, 1e-6);
	assert_float_equal(sites[0].delivered.peak_n, 20, 1e-6);
	assert_float_equal(sites[0].felt_peak_n, 21, 1e-6);
	assert_float_equal(sites[0].sustained_ceiling_n, 50, 1e-6);
	assert_string_equal(library->atlas.points[sites[1].points[0]].name, "rhomboid.right");
	assert_float_equal(sites[1].delivered.newton_s, 30, 1e-6);
	free(sites);
	recording_clear(&recording);
	library_free(library);
}

// Its carriage works alone: the way of a roll is no place.
static void a_roll_presses_nothing(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	struct site *sites = calloc(RECORDING_SITES_MAX, sizeof(*sites));
	size_t n;

	(void)state;
	assert_non_null(sites);
	fill(&recording);
	n = recording.n;
	add(&recording, 10, SESSION_STROKE, 3,
		atlas_find_point(&library->atlas, "trapezius.middle.left"), 0);
	add(&recording, 12, SESSION_IDLE, 3, -1, 0);
	assert_int_equal(recording_sites(&recording, sites), 3);
	recording.samples[n].actuator = (int8_t)chair_find_actuator(&library->chair, "carriage");
	assert_int_equal(recording_sites(&recording, sites), 2);
	free(sites);
	recording_clear(&recording);
	library_free(library);
}

// 8 N of cells for the first second of the first hold, and again while nothing works, which is not
// a layer.
static void a_layer_counts_beside_what_works(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	int cells = chair_find_actuator(&library->chair, "shoulder_cells");
	int depth = chair_find_actuator(&library->chair, "depth");
	struct delivered beside[CHAIR_ACTUATORS_MAX];
	char *picture;

	(void)state;
	fill(&recording);
	picture = written(&recording, chart_draw);
	assert_null(strstr(picture, "shoulder_cells"));
	free(picture);
	recording.samples[1].by[cells].delivered_n = 8;
	recording.samples[4].by[cells].delivered_n = 8;
	recording_beside(&recording, beside);
	assert_float_equal(beside[cells].seconds, 1, 1e-6);
	assert_float_equal(beside[cells].newton_s, 8, 1e-6);
	assert_float_equal(beside[cells].peak_n, 8, 1e-6);
	assert_float_equal(beside[depth].newton_s, 0, 1e-6);
	picture = written(&recording, chart_draw);
	assert_non_null(strstr(picture, "1 s, 8 N s, peak 8.0 N, on each of its points"));
	assert_non_null(strstr(picture, "<title>deltoid.left: 8 N s</title>"));
	assert_non_null(strstr(picture, "<title>rhomboid.left: 70 N s</title>"));
	free(picture);
	recording_clear(&recording);
	library_free(library);
}

// A sensitive point bears three quarters of what its region does.
static void the_ceilings_of_a_sensitive_point(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	int sensitive = atlas_find_point(&library->atlas, "multifidus.cervical.left");
	int usual = atlas_find_point(&library->atlas, "levator.scapulae.left");
	struct reach_hit hit;

	(void)state;
	for (int i = 0; i < 2; i++) {
		int point = i ? usual : sensitive;
		struct sample sample = { .points = { (int16_t)point, -1 } };

		assert_true(point >= 0);
		assert_true(reach_find_hold(&library->chair, &library->atlas.points[point], &hit));
		sample.actuator = (int8_t)hit.actuator;
		sample.by[hit.carriage].position = (float)hit.position_mm;
		recording_set_ceilings(&recording, &sample);
		assert_float_equal(sample.peak_n, 40, 1e-6);
		assert_float_equal(sample.sustained_n, i ? 20 : 15, 1e-6);
	}
	library_free(library);
}

static void the_table(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	char *csv;

	(void)state;
	add(&recording, 0.5, SESSION_HOLD, 0, atlas_find_point(&library->atlas, "rhomboid.left"),
		20);
	recording.samples[0].lung = 0.25;
	add(&recording, 1, SESSION_IDLE, 0, -1, 0);
	recording.samples[1].actuator = -1;
	csv = written(&recording, recording_csv);
	assert_string_equal(csv,
		"t_s,phase,points,actuator,unit,target,delivered,felt_n,peak_n,sustained_n,lung,"
		"carriage.drive_permille,carriage.position_mm,depth.drive_permille,"
		"depth.delivered_n,depth.felt_n,knead.drive_permille,pump.drive_permille,"
		"shoulder_cells.drive_permille,shoulder_cells.delivered_n,shoulder_cells.felt_n,"
		"calf_cells.drive_permille,calf_cells.delivered_n,calf_cells.felt_n,"
		"thigh_cells.drive_permille,thigh_cells.delivered_n,thigh_cells.felt_n\n"
		"0.000,hold,rhomboid.left,depth,N,20.0,20.0,21.0,105.0,50.0,0.250,"
		"0,,0,20.0,21.0,0,0,0,,,0,,,0,,\n"
		"0.500,idle,,,,,,,,,,0,,0,0.0,1.0,0,0,0,,,0,,,0,,\n");
	free(csv);
	recording_clear(&recording);
	library_free(library);
}

static size_t count(const char *text, const char *words)
{
	size_t n = 0;

	for (; (text = strstr(text, words)); text += strlen(words))
		n++;
	return n;
}

// How it looks is for a browser to judge: tests/panel/test_pictures.mjs.
static void the_picture_stands_alone(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	uint16_t left_out = (uint16_t)atlas_find_point(&library->atlas, "teres.minor.left");
	char *svg;

	(void)state;
	fill(&recording);
	recording.left_out = &left_out;
	recording.left_out_why = "out of reach";
	recording.n_left_out = 1;
	svg = written(&recording, chart_draw);
	assert_int_equal(count(svg, "http"), 1); // the name space
	assert_int_equal(count(svg, "<script"), 0);
	assert_int_equal(count(svg, "<title>A &lt;title&gt; &amp; more</title>"), 1);
	assert_int_equal(count(svg, "<symbol id=\"site"), 4);     // two places: curves, breath
	assert_int_equal(count(svg, "rhomboid.left: 70 N s"), 2); // narrow and wide
	assert_int_equal(count(svg, "teres.minor.left: out of reach"), 2);
	free(svg);
	recording_clear(&recording);
	library_free(library);
}

// One that stands where it was has no curve, whatever the noise of its sensor.
static void a_rest_that_moves_is_drawn(void **state)
{
	struct library *library = load_with(MECHANISM);
	struct recording recording = begin(library);
	int back = chair_find_actuator(&library->chair, "back_rest");
	int legs = chair_find_actuator(&library->chair, "leg_rest");
	char *svg, *csv;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct sample sample = { .t_us = i * US_PER_S,
			.phase = SESSION_POSTURE,
			.points = { -1, -1 },
			.actuator = -1,
			.lung = NAN };

		for (size_t k = 0; k < library->chair.n_actuators; k++)
			sample.by[k] = (struct recorded_actuator){ 0, NAN, NAN, NAN };
		sample.by[back].position = (float)(250 * i);
		sample.by[legs].position = (float)(120 + 3 * i);
		assert_int_equal(recording_add(&recording, &sample), 0);
	}
	svg = written(&recording, chart_draw);
	assert_int_equal(count(svg, "Position of "), 2); // narrow and wide
	assert_int_equal(count(svg, "Position of back_rest, per mille from home"), 2);
	csv = written(&recording, recording_csv);
	assert_int_equal(count(csv, "back_rest.position_permille,leg_rest.drive_permille"), 1);
	assert_int_equal(count(csv, ",500.0,"), 1);
	free(svg);
	free(csv);
	recording_clear(&recording);
	library_free(library);
}

static void text_is_escaped_and_broken(void **state)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	svg_text(out, "soft", "16", 20, "a<b>&\"\x01");
	assert_int_equal(svg_paragraph(out, "name", "50%", 0, 10, 9, "two words überlang"), 2);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text,
		"<text class=\"soft\" x=\"16\" y=\"20\">a&lt;b&gt;&amp;&quot;?</text>\n"
		"<text class=\"name\" x=\"50%\" y=\"0\">two words</text>\n"
		"<text class=\"name\" x=\"50%\" y=\"10\">überlang</text>\n");
	free(text);
	assert_int_equal(svg_paragraph(NULL, "", "", 0, 0, 4, "überlanges"), 3);
	assert_int_equal(svg_paragraph(NULL, "", "", 0, 0, 4, ""), 0);
}

// --- a simulated session ----------------------------------------------------------------------

struct stage {
	struct simulator *simulator;
	struct simulation_recorder recorder;
	double newton_s, at_s, force_n; // on the person, by every step
	int depth;
};

static void on_step(void *data, int64_t now_us)
{
	struct stage *stage = data;
	double t_s = (double)now_us / US_PER_S;

	stage->newton_s += stage->force_n * (t_s - stage->at_s);
	stage->at_s = t_s;
	stage->force_n = sim_truth(simulator_hal(stage->simulator), stage->depth).force_n;
	assert_int_equal(simulation_recorder_step(&stage->recorder, stage->simulator, now_us,
				 false),
		0);
}

static void a_simulated_session_is_recorded(void **state)
{
	struct library *library = load();
	struct recording recording = begin(library);
	struct stage stage = { .recorder.recording = &recording,
		.depth = chair_find_actuator(&library->chair, "depth") };
	const struct simulator_watch watch = { .step = on_step, .data = &stage };
	struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	struct site *sites = calloc(RECORDING_SITES_MAX, sizeof(*sites));
	struct plan_proof proof;
	struct plan *plan = malloc(sizeof(*plan));

	(void)state;
	assert_true(plan && sites);
	assert_int_equal(plan_prove(library_profile(library, "deep-upper-back"), &library->atlas,
				 &library->chair, plan, &proof),
		0);
	assert_int_equal(simulator_new(&library->chair, &(struct simulator_options){ 0 },
				 &stage.simulator),
		0);
	simulator_run(stage.simulator, 0, &watch);
	assert_int_equal(simulator_command(stage.simulator, &start, plan), REFUSAL_NONE);
	simulator_run(stage.simulator, 60 * US_PER_S, &watch);
	assert_in_range(recording.n, 590, 605);
	assert_int_equal(recording_sites(&recording, sites), 1);
	// What the controller believes is what the person felt, but for specimen, noise and ends.
	assert_true(stage.newton_s > 1000);
	assert_true(fabs(sites[0].delivered.newton_s - stage.newton_s) < 0.05 * stage.newton_s);
	free(plan);
	free(sites);
	simulator_free(stage.simulator);
	recording_clear(&recording);
	library_free(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_and_what_they_received),
		cmocka_unit_test(a_roll_presses_nothing),
		cmocka_unit_test(a_layer_counts_beside_what_works),
		cmocka_unit_test(the_ceilings_of_a_sensitive_point),
		cmocka_unit_test(the_table),
		cmocka_unit_test(the_picture_stands_alone),
		cmocka_unit_test(a_rest_that_moves_is_drawn),
		cmocka_unit_test(text_is_escaped_and_broken),
		cmocka_unit_test(a_simulated_session_is_recorded),
	};

	return cmocka_run_group_tests_name("recording", tests, NULL, NULL);
}
