// SPDX-License-Identifier: MIT
//
// The shipped data: it loads without a problem and follows the massage protocol; data of the
// largest size loads fast. Run from the top of the source tree.
#include "bulk.h"
#include "sandbox.h"

#include <malloc.h>
#include <math.h>
#include <time.h>

#include "config/settings.h"
#include "config/text.h"
#include "core/fingerprint.h"
#include "core/plan.h"
#include "core/wire.h"

static const char *const chairs[] = { "profiles/chairs/recliner.cfg", "profiles/chairs/bench.cfg",
	"profiles/chairs/lounger.cfg", "profiles/chairs/retrofit-relay.cfg",
	"profiles/chairs/mechanism-3d.cfg" };

static void no_problems(struct problems *problems)
{
	char *lines = sandbox_lines(problems);

	assert_string_equal(lines, "");
	free(lines);
}

// The last digit of a number, outside of comments and the text for people, that can be one greater.
static bool is_last_digit(const char *text, size_t at)
{
	const char *line = text + at;

	if (text[at] < '0' || text[at] > '8' || strchr("0123456789.", text[at + 1]))
		return false;
	while (line > text && line[-1] != '\n')
		line--;
	return !memchr(line, '#', (size_t)(text + at - line)) &&
		strncmp(line, "model", strlen("model")) != 0;
}

// Each number of a chair file, raised by one if the file stays valid, changes the fingerprint: a
// new key in a shipped file cannot be missing in core/fingerprint.c.
static void every_number_of_a_chair_is_in_its_fingerprint(void **state)
{
	for (size_t i = 0; i < sizeof(chairs) / sizeof(chairs[0]); i++) {
		struct problems problems = { 0 };
		struct chair is, was;
		int n_chairs = 0;
		size_t size;
		char *text;

		assert_int_equal(chair_load(chairs[i], &problems, &was), 0);
		assert_int_equal(text_read(chairs[i], &problems, &text, &size), 0);
		for (size_t at = 0; at < size; at++) {
			const char *file;

			if (!is_last_digit(text, at))
				continue;
			text[at]++;
			file = sandbox_bytes(*state, "chair.cfg", text, size);
			if (chair_load(file, &problems, &is) == 0) {
				n_chairs++;
				if (chair_fingerprint(&is) == chair_fingerprint(&was))
					fail_msg("%s: not seen: ...%.30s", chairs[i],
						text + at - 20);
			}
			text[at]--;
		}
		problems_clear(&problems);
		assert_true(n_chairs > 30);
		free(text);
	}
}

static struct library *load_shipped(const char *chair)
{
	struct problems problems = { 0 };
	struct library *library = NULL;

	library_load("profiles", chair, &problems, &library);
	no_problems(&problems);
	assert_non_null(library);
	assert_int_equal(library->n_unusable, 0);
	return library;
}

static void everything_shipped_loads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(chairs) / sizeof(chairs[0]); i++)
		library_free(load_shipped(chairs[i]));
}

static void the_recliner_has_the_values_of_its_file(void **state)
{
	struct library *library = load_shipped(chairs[0]);
	const struct chair *chair = &library->chair;
	int carriage = chair_find_actuator(chair, "carriage");
	int depth = chair_find_actuator(chair, "depth");
	int cells = chair_find_actuator(chair, "shoulder_cells");
	const struct actuator *press = &chair->actuators[depth];
	const struct line *vent = &chair->lines[chair->actuators[cells].line[ROLE_VENT]];

	(void)state;
	assert_string_equal(chair->id, "recliner");
	assert_int_equal(press->carriage, carriage);
	assert_int_equal(press->on_max_ms, 120000);
	assert_int_equal(press->release, RELEASE_RETRACT);
	assert_int_equal(press->release_max_ms, 6000);
	assert_int_equal(press->calibration.n, 5);
	assert_true(press->calibration.at[4].force_n == 62);
	assert_string_equal(press->sensor.device, "ads1015");
	assert_int_equal(press->line[ROLE_FILL], -1);
	assert_string_equal(chair->lines[press->line[ROLE_PWM]].name, "GPIO21");
	assert_int_equal(chair->actuators[cells].source, chair_find_actuator(chair, "pump"));
	assert_int_equal(chair->actuators[cells].fill_ms, 4000);
	assert_true(vent->active_low && vent->safe_level);
	assert_int_equal(vent->actuator, cells);
	assert_int_equal(chair->lines[chair->estop].role, ROLE_ESTOP);
	assert_int_equal(chair->lines[chair->estop].bias, BIAS_PULL_UP);
	assert_int_equal(chair->enable_hz, 50);
	assert_int_equal(chair->n_groups, 1);
	assert_true(chair->reaches[0].peak_n == 40 && chair->reaches[0].sustained_n == 20);
	assert_true(chair->reaches[1].peak_n == 105 && chair->reaches[1].sustained_n == 50);
	library_free(library);
}

// A Raspberry Pi pulls BCM 9-27 down at reset and 0-8 up: a motor on 0-8 would start with it.
// 14 and 15 carry the serial console.
static void no_shipped_output_is_live_at_reset(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(chairs) / sizeof(chairs[0]); i++) {
		struct library *library = load_shipped(chairs[i]);

		for (size_t j = 0; j < library->chair.n_lines; j++) {
			const struct line *line = &library->chair.lines[j];
			int pin = -1;

			if (line->chip[0])
				continue; // of an expander: inputs at reset
			assert_int_equal(sscanf(line->name, "GPIO%d", &pin), 1);
			assert_true(pin != 14 && pin != 15);
			if (line_role_is_output(line->role))
				assert_in_range(pin, 9, 27);
		}
		library_free(library);
	}
}

static void every_massaged_region_has_points_on_both_sides(void **state)
{
	static const enum region regions[] = { REGION_NECK, REGION_SHOULDER, REGION_UPPER_BACK,
		REGION_MID_BACK, REGION_LOWER_BACK, REGION_BUTTOCK, REGION_THIGH, REGION_CALF,
		REGION_UPPER_ARM, REGION_FOREARM };
	struct library *library = load_shipped(chairs[0]);
	const struct atlas *atlas = &library->atlas;

	(void)state;
	for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
		size_t left = 0, right = 0;

		for (size_t j = 0; j < atlas->n_points; j++) {
			left += atlas->points[j].region == regions[i] &&
				atlas->points[j].side == SIDE_LEFT;
			right += atlas->points[j].region == regions[i] &&
				atlas->points[j].side == SIDE_RIGHT;
		}
		assert_true(left >= 1 && left == right);
	}
	library_free(library);
}

// Every hold on a zone that was held before comes after a rest at least as long.
static void zones_rest(const struct library *library, const struct profile *profile)
{
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;

	assert_non_null(plan);
	assert_int_equal(plan_prove(profile, &library->atlas, &library->chair, plan, &proof), 0);
	for (size_t i = 0; i < plan->n_segments; i++) {
		const struct segment *held = &plan->segments[i];
		double rested_s = held->rest_s;

		if (held->technique != TECHNIQUE_HOLD)
			continue;
		for (size_t j = i + 1; j < plan->n_segments; j++) {
			const struct segment *next = &plan->segments[j];

			if (next->actuator == held->actuator && next->technique == TECHNIQUE_HOLD &&
				zone_near(next->zone, held->zone, ZONE_APART_MM))
				assert_true(rested_s >= held->hold_s - 1e-6);
			rested_s += next->hold_s + next->rest_s;
		}
	}
	free(plan);
}

static void keeps_the_protocol(const struct profile *profile)
{
	bool tour = !strcmp(profile->name, "whole-body");

	assert_true(profile->hash != 0 && profile->minutes_max <= (tour ? 30 : 15));
	assert_true(profile->exhale_s >= profile->inhale_s);
	for (size_t i = 0; i < profile->n_steps; i++) {
		const struct profile_step *step = &profile->steps[i];

		if (step->technique != TECHNIQUE_HOLD)
			continue;
		assert_true(step->hold_s >= 30 && step->hold_s <= 60);
		assert_true(step->hold_s * step->repeats <= 120);
	}
}

// Half a minute to a minute on a point, about two minutes on a muscle, and breathing.
static void shipped_profiles_keep_the_protocol(void **state)
{
	struct library *library = load_shipped("profiles/chairs/lounger.cfg");

	(void)state;
	assert_true(library->n_profiles >= 12);
	for (size_t i = 0; i < library->n_profiles; i++) {
		const struct profile *profile = &library->profiles[i];

		assert_ptr_equal(library_profile(library, profile->name), profile);
		keeps_the_protocol(profile);
		zones_rest(library, profile);
	}
	assert_null(library_profile(library, "no-such-profile"));
	library_free(library);
}

static void a_name_without_its_side_means_both(void **state)
{
	struct library *library = load_shipped(chairs[0]);
	const struct atlas *atlas = &library->atlas;
	int index = atlas_find_pathway(atlas, "scapular-border");
	const struct pathway *pathway = &atlas->pathways[index];

	(void)state;
	assert_int_equal(pathway->n_points, 6);
	assert_int_equal(pathway->points[2], atlas_find_point(atlas, "rhomboid.left"));
	assert_int_equal(pathway->points[3], atlas_find_point(atlas, "rhomboid.right"));
	assert_string_equal(atlas->points[pathway->points[2]].refers_to, "along the scapula");
	library_free(library);
}

static void the_guides_first_profile_is_proved(void **state)
{
	struct library *library = load_shipped(chairs[0]);
	struct problems problems = { 0 };
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	struct profile profile;
	char *guide, *from, *to;
	size_t size;

	(void)state;
	assert_int_equal(text_read("profiles/README.md", &problems, &guide, &size), 0);
	from = strstr(guide, "```\ntitle = ");
	assert_non_null(from);
	from += strlen("```\n");
	to = strstr(from, "```");
	assert_non_null(to);
	*to = '\0';
	assert_int_equal(profile_parse("guide", from, &library->atlas, &problems, &profile), 0);
	assert_int_equal(profile.n_steps, 3);
	profile_prove(&profile, &library->atlas, &library->chair, &problems, plan, &proof);
	no_problems(&problems); // nor warnings
	free(plan);
	profile_clear(&profile);
	free(guide);
	library_free(library);
}

static void settings_have_a_default_for_everything(void **state)
{
	struct settings settings;

	(void)state;
	settings_default(&settings);
	assert_string_equal(settings.guard_socket, WIRE_DEFAULT_SOCKET);
	assert_string_equal(settings.broker.host, "localhost");
	assert_string_equal(settings.broker.prefix, "chair");
	assert_string_equal(settings.broker.password_file, "");
	assert_int_equal(settings.broker.port, 1883);
	assert_int_equal(settings.broker.grace_ms, 5000);
	assert_false(settings.broker.tls);
	assert_int_equal(settings.telemetry_hz, 2);
	assert_int_equal(settings.dose.limiting, DOSE_LIMITED);
	assert_true(settings.dose.point_s == 300 && settings.dose.muscle_s == 600);
}

// --- in bulk ---------------------------------------------------------------------------------

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void hundreds_of_points_and_profiles_load_fast(void **state)
{
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct library *library = NULL;
	struct mallinfo2 before, after;
	double start_s, took_s;

	bulk_write(sandbox->dir);
	before = mallinfo2();
	start_s = seconds();
	library_load(sandbox->dir, chairs[0], &problems, &library);
	took_s = seconds() - start_s;
	after = mallinfo2();
	no_problems(&problems);
	assert_non_null(library);
	assert_int_equal(library->atlas.n_points, BULK_POINTS);
	assert_int_equal(library->n_profiles, BULK_PROFILES);
	assert_int_equal(library->profiles[0].n_steps, 8);
	assert_int_equal(library->profiles[0].steps[1].n_points, 6);
	print_message("%d points and %d profiles: %.1f ms, %.0f KiB\n", BULK_POINTS, BULK_PROFILES,
		took_s * 1e3, (double)(after.uordblks - before.uordblks) / 1024);
	// Generous: this takes some 10 ms; anything quadratic would take seconds.
	assert_true(took_s < 1.0);
	assert_true(after.uordblks - before.uordblks < 1024 * 1024);
	library_free(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_shipped_loads),
		cmocka_unit_test(the_recliner_has_the_values_of_its_file),
		cmocka_unit_test(no_shipped_output_is_live_at_reset),
		cmocka_unit_test(every_massaged_region_has_points_on_both_sides),
		cmocka_unit_test(shipped_profiles_keep_the_protocol),
		cmocka_unit_test(a_name_without_its_side_means_both),
		cmocka_unit_test(the_guides_first_profile_is_proved),
		cmocka_unit_test(settings_have_a_default_for_everything),
		cmocka_unit_test_setup_teardown(every_number_of_a_chair_is_in_its_fingerprint,
			sandbox_setup, sandbox_teardown),
		cmocka_unit_test_setup_teardown(hundreds_of_points_and_profiles_load_fast,
			sandbox_setup, sandbox_teardown),
	};

	return cmocka_run_group_tests_name("shipped", tests, NULL, NULL);
}
