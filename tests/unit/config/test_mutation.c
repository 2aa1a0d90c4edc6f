// SPDX-License-Identifier: MIT
//
// The shipped files, damaged at random: each is refused with a problem, or gives a valid model.
// CHAIRD_SEED repeats a run.
#include "sandbox.h"

#include <inttypes.h>
#include <math.h>
#include <time.h>

#include "config/text.h"

#define ROUNDS 3000

struct random {
	uint64_t state;
};

static uint32_t draw(struct random *random, uint32_t below)
{
	random->state = random->state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return below ? (uint32_t)(random->state >> 33) % below : 0;
}

static const char *const pieces[] = {
	"(",
	")",
	"{",
	"}",
	"[",
	"]",
	";",
	"=",
	",",
	"\"",
	"#",
	"/*",
	"*/",
	"\\",
	"\n",
	"\xff",
	"\xc3",
	"0",
	"-1",
	"1e999",
	"-1e308",
	"0.0",
	"99999999999999999999",
	"0x7fffffff",
	"4294967296L",
	"true",
	"\"\"",
	"\"left\"",
	"\"abdomen\"",
	"\"carriage\"",
	"\"depth\"",
	"\"pump\"",
	"\"GPIO5\"",
	"()",
	"peak_n = 500;",
	"sustained_n = 0;",
	"safe = \"active\";",
	"hold_s = 90;",
	"mm = [1, 2];",
	"nan",
	"points = [ \"rhomboid\" ];",
	"kind = \"cell\";",
	"@include \"profiles/chairs/bench.cfg\"\n",
};

// One change: bytes out, a piece in, a stretch twice, or one byte turned.
static size_t mutate(struct random *random, char *text, size_t size, size_t capacity)
{
	size_t at = draw(random, (uint32_t)size + 1), length = draw(random, 40);
	const char *piece = pieces[draw(random, sizeof(pieces) / sizeof(pieces[0]))];

	if (length > size - at)
		length = size - at;
	switch (draw(random, 4)) {
	case 0:
		memmove(text + at, text + at + length, size - at - length + 1);
		return size - length;
	case 1:
		length = strlen(piece);
		if (size + length >= capacity)
			return size;
		memmove(text + at + length, text + at, size - at + 1);
		memcpy(text + at, piece, length);
		return size + length;
	case 2:
		if (size + length >= capacity)
			return size;
		memmove(text + at + length, text + at, size - at + 1);
		return size + length;
	default:
		if (at < size)
			text[at] = (char)(1 + draw(random, 255));
		return size;
	}
}

// Without its plug a contact reads as the safe state; without the computer's power an output is
// off; or the file acknowledges the risk.
static void line_fails_safe(const struct chair *chair, const struct line *line)
{
	if (line_role_is_output(line->role)) {
		assert_true(line->role == ROLE_ENABLE || line->safe_level == line->active_low ||
			(chair->enable >= 0 &&
				chair->actuators[line->actuator].acknowledged &
					RISK_BIT(RISK_UNSAFE_WHEN_LOW)));
		return;
	}
	assert_true(line->bias == BIAS_PULL_UP || line->bias == BIAS_PULL_DOWN);
	if (line->role != ROLE_END && line->role != ROLE_PULSE)
		assert_int_equal(line->active_low, line->bias == BIAS_PULL_UP);
}

static void chair_is_sound(const struct chair *chair)
{
	assert_in_range(chair->estop, 0, chair->n_lines - 1);
	assert_in_range(chair->seat, 0, chair->n_lines - 1);
	assert_in_range(chair->n_actuators, 1, CHAIR_ACTUATORS_MAX);
	assert_in_range(chair->session_max_s, 60, SESSION_HARD_MAX_S);
	for (size_t i = 0; i < chair->n_lines; i++) {
		assert_int_equal(chair_find_line(chair, chair->lines[i].name), i);
		assert_true(!chair->lines[i].safe_level || chair->lines[i].role == ROLE_VENT);
		line_fails_safe(chair, &chair->lines[i]);
	}
	assert_true(chair->enable >= 0 || chair->acknowledged & RISK_BIT(RISK_NO_CHARGE_PUMP));
	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct actuator *actuator = &chair->actuators[i];

		assert_in_range(actuator->kind, 0, ACTUATOR_KIND_COUNT - 1);
		assert_int_equal(chair_find_actuator(chair, actuator->name), i);
		assert_in_range(actuator->on_max_ms, 1000, 600000);
		assert_true(actuator->carriage == -1 ||
			chair->actuators[actuator->carriage].kind == ACTUATOR_TRAVEL);
		if (actuator_presses(actuator->kind)) {
			assert_in_range(actuator->duty_max_permille, 1,
				actuator_rides(actuator) ? 1000 : PRESS_DUTY_HARD_MAX_PERMILLE);
			assert_in_range(actuator->release_max_ms, 500, 30000);
			assert_true(actuator->release != RELEASE_COAST);
			assert_true(actuator->calibration.n > 0 ||
				(!actuator->sensor.present &&
					actuator->acknowledged & RISK_BIT(RISK_UNCALIBRATED)));
		}
		if (actuator->kind == ACTUATOR_CELL)
			assert_int_equal(chair->actuators[actuator->source].kind, ACTUATOR_SOURCE);
	}
	for (size_t i = 0; i < chair->n_reaches; i++) {
		const struct reach *reach = &chair->reaches[i];
		struct region_ceiling ceiling = region_ceiling(reach->region);

		assert_in_range(reach->actuator, 0, chair->n_actuators - 1);
		assert_true(reach->peak_n > 0 && reach->peak_n <= ceiling.peak_n);
		assert_true(reach->sustained_n >= 0 && reach->sustained_n <= ceiling.sustained_n);
	}
}

static void atlas_is_sound(const struct atlas *atlas)
{
	for (size_t i = 0; i < atlas->n_points; i++) {
		assert_int_equal(atlas_find_point(atlas, atlas->points[i].name), i);
		assert_true(region_ceiling(atlas->points[i].region).peak_n > 0);
		assert_true(fabs(atlas->points[i].along) <= 1);
		assert_true(strlen(atlas->points[i].source) > 0);
	}
	for (size_t i = 0; i < atlas->n_pathways; i++) {
		for (size_t j = 0; j < atlas->pathways[i].n_points; j++)
			assert_true(atlas->pathways[i].points[j] < atlas->n_points);
	}
}

static void profile_is_sound(const struct profile *profile, const struct atlas *atlas)
{
	assert_in_range(profile->n_steps, 1, PROFILE_STEPS_MAX);
	assert_in_range(profile->minutes_max, 1, 30);
	for (size_t i = 0; i < profile->n_steps; i++) {
		const struct profile_step *step = &profile->steps[i];

		if (step->technique == TECHNIQUE_PAUSE)
			continue;
		assert_in_range(step->n_points, 1, PATHWAY_POINTS_MAX);
		assert_true(step->hold_s >= 5 && step->hold_s <= HOLD_HARD_MAX_S);
		assert_true(step->target.floor >= 0 && step->target.floor <= step->target.value);
		assert_true(step->ramp_per_s > 0);
		assert_true(step->ramp_per_s <= (step->target.unit == TARGET_NEWTON
								? RAMP_HARD_MAX_N_S
								: RAMP_HARD_MAX_PERMILLE_S));
		for (size_t j = 0; j < step->n_points; j++) {
			assert_true(step->points[j] < atlas->n_points);
			if (step->target.unit == TARGET_NEWTON)
				assert_true(step->target.value <=
					region_ceiling(atlas->points[step->points[j]].region)
						.sustained_n);
		}
	}
}

static void try_chair(struct sandbox *sandbox, const char *text, struct problems *problems,
	const struct atlas *atlas)
{
	struct chair chair;

	(void)atlas;
	if (chair_load(sandbox_file(sandbox, "c.cfg", text), problems, &chair) == 0)
		chair_is_sound(&chair);
	else
		assert_true(problems_count(problems) > 0);
}

static void put_good_atlas(struct sandbox *sandbox)
{
	static const char *const files[] = { "atlas/back.cfg", "pathways/back.cfg" };

	for (size_t i = 0; i < 2; i++) {
		struct problems problems = { 0 };
		char path[64], *text;
		size_t size;

		snprintf(path, sizeof(path), "profiles/%s", files[i]);
		assert_int_equal(text_read(path, &problems, &text, &size), 0);
		sandbox_file(sandbox, files[i], text);
		free(text);
	}
}

static void try_atlas(struct sandbox *sandbox, const char *text, struct problems *problems,
	const struct atlas *whole)
{
	struct atlas atlas;

	(void)whole;
	put_good_atlas(sandbox);
	sandbox_file(sandbox,
		text_kind(text) == FILE_PATHWAYS ? "pathways/back.cfg" : "atlas/back.cfg", text);
	if (atlas_load(sandbox->dir, problems, &atlas) == 0) {
		atlas_is_sound(&atlas);
		atlas_clear(&atlas);
	} else {
		assert_true(problems_count(problems) > 0);
	}
}

static void try_profile(struct sandbox *sandbox, const char *text, struct problems *problems,
	const struct atlas *atlas)
{
	struct profile profile;

	(void)sandbox;
	if (profile_parse("p", text, atlas, problems, &profile) == 0) {
		profile_is_sound(&profile, atlas);
		profile_clear(&profile);
	} else {
		assert_true(problems_count(problems) > 0);
	}
}

static const struct {
	const char *file;
	void (*try)(struct sandbox *sandbox, const char *text, struct problems *problems,
		const struct atlas *atlas);
} targets[] = {
	{ "profiles/chairs/recliner.cfg", try_chair },
	{ "profiles/chairs/bench.cfg", try_chair },
	{ "profiles/atlas/back.cfg", try_atlas },
	{ "profiles/pathways/back.cfg", try_atlas },
	{ "profiles/sessions/deep-upper-back.cfg", try_profile },
	{ "profiles/sessions/gentle.cfg", try_profile },
};

static void damaged_files_are_refused_or_sound(void **state)
{
	static char text[32 * 1024];
	const char *seed = getenv("CHAIRD_SEED");
	struct random random = { seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL) };
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct atlas atlas;
	int passed = 0;

	print_message("CHAIRD_SEED=%" PRIu64 "\n", random.state);
	sandbox_folder(sandbox, "atlas");
	sandbox_folder(sandbox, "pathways");
	assert_int_equal(atlas_load("profiles", &problems, &atlas), 0);
	for (int round = 0; round < ROUNDS; round++) {
		size_t which = draw(&random, sizeof(targets) / sizeof(targets[0])), size;
		char *whole;

		assert_int_equal(text_read(targets[which].file, &problems, &whole, &size), 0);
		assert_true(size < sizeof(text));
		memcpy(text, whole, size + 1);
		free(whole);
		for (uint32_t i = draw(&random, 3) + 1; i > 0; i--)
			size = mutate(&random, text, size, sizeof(text));
		targets[which].try(sandbox, text, &problems, &atlas);
		passed += problems_count(&problems) == 0;
		problems_clear(&problems);
	}
	atlas_clear(&atlas);
	// Damage in a comment or a title goes unnoticed; damage elsewhere does not.
	print_message("%d of %d were still valid\n", passed, ROUNDS);
	assert_true(passed > 0 && passed < ROUNDS / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(damaged_files_are_refused_or_sound, sandbox_setup,
			sandbox_teardown),
	};

	return cmocka_run_group_tests_name("mutation", tests, NULL, NULL);
}
