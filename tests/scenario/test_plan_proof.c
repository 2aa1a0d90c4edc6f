// SPDX-License-Identifier: MIT
//
// The proof against the chair: random profiles on the shipped chairs, and on chairs whose limits
// are lowered at random, each played in the simulator whether it is proved or not.
//
// A proved profile completes, without a trip, and its pin trace keeps every rule of the independent
// checker. What the guard or the session ends, the proof had found. The reverse need not hold, as
// the proof judges the worst case; how often it does is printed.
//
//   CHAIRD_SEED=N       the first seed; the next ones count up (1)
//   CHAIRD_SESSIONS=N   how many profiles (400)
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "checker/trace_check.h"
#include "config/library.h"
#include "ctl/simulator.h"
#include "rng.h"

#define STEPS_MAX  4
#define POINTS_MAX 4

static const char *const chair_files[] = {
	"profiles/chairs/recliner.cfg",
	"profiles/chairs/bench.cfg",
	"tests/scenario/chairs/layers.cfg",
	"tests/scenario/chairs/mechanism.cfg",
	"tests/scenario/chairs/timed.cfg",
	"tests/scenario/chairs/comfort.cfg",
	"tests/scenario/chairs/posture.cfg",
};

#define CHAIRS (sizeof(chair_files) / sizeof(chair_files[0]))

struct stage {
	struct library *library;
	struct trace_chair pins;
};

struct trial {
	struct chair chair;
	bool changed; // its limits are not those of the file
	struct profile profile;
	struct profile_step steps[STEPS_MAX];
	struct step_layer layers[STEPS_MAX][STEP_LAYERS_MAX];
	uint16_t points[STEPS_MAX][POINTS_MAX];
	struct plan plan;
	struct plan_proof proof;
};

struct outcome {
	bool completed, tripped, aborted;
	enum session_cause cause;
	enum guard_reason reason;
	size_t violations;
};

struct totals {
	int proved, refused, ended; // ended: refused, and it did end early when it was played
	int of_kind[FINDING_KIND_COUNT], ended_of_kind[FINDING_KIND_COUNT];
};

// --- random profiles -------------------------------------------------------------------------

// Points that the chair reaches, and now and then another.
static uint16_t random_point(struct rng *rng, const struct stage *stage, const struct chair *chair)
{
	size_t n = stage->library->atlas.n_points;
	uint16_t point = (uint16_t)rng_below(rng, (int)n);

	for (size_t i = 0; i < n; i++, point = (uint16_t)((point + 1) % n)) {
		const struct point *candidate = &stage->library->atlas.points[point];

		for (size_t r = 0; r < chair->n_reaches; r++) {
			if (chair->reaches[r].region == candidate->region)
				return point;
		}
	}
	return point;
}

static struct target random_target(struct rng *rng, enum technique technique)
{
	struct target target = { TARGET_NEWTON, 0, round(rng_between(rng, 3, 50)) };

	if (technique == TECHNIQUE_KNEAD || technique == TECHNIQUE_TAP || rng_chance(rng, 0.25))
		target = (struct target){ TARGET_PERMILLE, 0, round(rng_between(rng, 150, 800)) };
	target.floor = target.value * rng_unit(rng);
	return target;
}

// Layers by kind, and now and then by name; some that the chair has not.
static void random_layers(struct rng *rng, const struct chair *chair, struct profile_step *step)
{
	static const enum actuator_kind kinds[] = { ACTUATOR_KNEAD, ACTUATOR_KNEAD, ACTUATOR_CELL,
		ACTUATOR_VIBRATE, ACTUATOR_TAP, ACTUATOR_HEAT, ACTUATOR_ROLLER };

	step->n_layers = rng_chance(rng, 0.6) ? 0 : 1 + (size_t)rng_below(rng, 2);
	for (size_t i = 0; i < step->n_layers; i++) {
		struct step_layer *layer = &step->layers[i];

		*layer = (struct step_layer){
			.kind = kinds[rng_below(rng, 7)],
			.permille = rng_chance(rng, 0.3) ? PERMILLE_FULL
							 : round(rng_between(rng, 50, 700)),
			.on_s = rng_chance(rng, 0.5) ? 0 : rng_between(rng, 1, LAYER_ON_MAX_S),
			.optional = rng_chance(rng, 0.7),
		};
		layer->floor_permille = layer->permille == PERMILLE_FULL
			? PERMILLE_FULL
			: round(layer->permille * rng_unit(rng));
		layer->off_s = rng_chance(rng, 0.5) ? 0 : rng_between(rng, 1, 30);
		if (rng_chance(rng, 0.3))
			snprintf(layer->actuator, sizeof(layer->actuator), "%s",
				chair->actuators[rng_below(rng, (int)chair->n_actuators)].name);
	}
}

static void random_posture(struct rng *rng, struct profile_step *step)
{
	for (int part = 0; part < POSTURE_PARTS; part++) {
		if (rng_chance(rng, 0.4))
			step->posture[part] = POSTURE_STAYS;
		else if (rng_chance(rng, 0.5))
			step->posture[part] = PERMILLE_FULL * rng_below(rng, 2);
		else
			step->posture[part] = rng_below(rng, PERMILLE_FULL + 1);
	}
	step->restore = rng_chance(rng, 0.5);
	step->optional = rng_chance(rng, 0.8);
}

static void random_step(struct rng *rng, const struct stage *stage, struct trial *trial, size_t i)
{
	static const enum technique techniques[] = { TECHNIQUE_HOLD, TECHNIQUE_HOLD, TECHNIQUE_HOLD,
		TECHNIQUE_STROKE, TECHNIQUE_STROKE, TECHNIQUE_KNEAD, TECHNIQUE_PAUSE,
		TECHNIQUE_ROLL, TECHNIQUE_TAP, TECHNIQUE_POSTURE };
	struct profile_step *step = &trial->steps[i];

	step->technique = techniques[rng_below(rng, sizeof(techniques) / sizeof(techniques[0]))];
	step->target = random_target(rng, step->technique);
	step->ramp_per_s = step->target.unit == TARGET_NEWTON ? rng_between(rng, 0.5, 10)
							      : rng_between(rng, 20, 250);
	step->hold_s = rng_between(rng, 5, rng_chance(rng, 0.3) ? HOLD_HARD_MAX_S : 40);
	step->ease_min_s = 5;
	step->rest_s = rng_chance(rng, 0.5) ? 0 : rng_between(rng, 0, 20);
	step->repeats = 1 + rng_below(rng, 3);
	step->speed_mm_s = rng_between(rng, 2, 60);
	step->duration_s = rng_chance(rng, 0.2) ? 300 : rng_between(rng, 1, 40);
	step->points = trial->points[i];
	random_posture(rng, step);
	if (step->technique == TECHNIQUE_PAUSE || step->technique == TECHNIQUE_POSTURE)
		return;
	step->layers = trial->layers[i];
	random_layers(rng, &trial->chair, step);
	step->n_points = 1 + (size_t)rng_below(rng, POINTS_MAX);
	for (size_t k = 0; k < step->n_points; k++)
		step->points[k] = random_point(rng, stage, &trial->chair);
}

static void random_profile(struct rng *rng, const struct stage *stage, struct trial *trial)
{
	trial->profile = (struct profile){
		.name = "random",
		.title = "Random",
		.inhale_s = rng_between(rng, 1, 6),
		.exhale_s = rng_between(rng, 2, 8),
		.minutes_max = rng_chance(rng, 0.1) ? 3 : 30,
		.steps = trial->steps,
		.n_steps = 1 + (size_t)rng_below(rng, STEPS_MAX),
	};
	for (size_t i = 0; i < trial->profile.n_steps; i++)
		random_step(rng, stage, trial, i);
}

// --- random chairs ---------------------------------------------------------------------------

static void change_actuator(struct rng *rng, struct actuator *actuator)
{
	switch (rng_below(rng, 4)) {
	case 0:
		actuator->on_max_ms = (int)rng_between(rng, 5000, 120000);
		break;
	case 1:
		actuator->duty_max_permille = (int)rng_between(rng, 50, 500);
		break;
	case 2:
		if (actuator->kind == ACTUATOR_TRAVEL)
			actuator->travel_max_ms = (int)rng_between(rng, 12000, 42000);
		break;
	default:
		if (actuator_presses(actuator->kind))
			actuator->drive_max_permille = (int)rng_between(rng, 300, 900);
		break;
	}
}

static void change_chair(struct rng *rng, struct chair *chair)
{
	struct reach *reach = &chair->reaches[rng_below(rng, (int)chair->n_reaches)];

	switch (rng_below(rng, 4)) {
	case 0:
		chair->current_max_ma = (int)rng_between(rng, 1500, 3000);
		break;
	case 1:
		if (chair->n_groups < CHAIR_GROUPS_MAX)
			chair->groups[chair->n_groups++] = (uint32_t)rng_next(rng) &
				((1u << chair->n_actuators) - 1);
		break;
	case 2:
		reach->peak_n = rng_between(rng, 10, reach->peak_n);
		reach->sustained_n = fmin(reach->sustained_n, reach->peak_n);
		break;
	default:
		change_actuator(rng, &chair->actuators[rng_below(rng, (int)chair->n_actuators)]);
		break;
	}
}

// --- playing ---------------------------------------------------------------------------------

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct outcome *outcome = data;

	(void)now_us;
	outcome->completed |= event->type == SESSION_EVENT_COMPLETED;
	outcome->tripped |= event->type == SESSION_EVENT_TRIPPED;
	if (event->type != SESSION_EVENT_ABORTED && event->type != SESSION_EVENT_TRIPPED)
		return;
	outcome->aborted = true;
	if (event->cause != CAUSE_NONE)
		outcome->cause = event->cause;
	if (event->reason != REASON_NONE)
		outcome->reason = event->reason;
}

static struct outcome play(const struct stage *stage, const struct trial *trial, uint64_t seed,
	double intensity)
{
	const struct command start = { .verb = COMMAND_START, .intensity_percent = intensity };
	struct outcome outcome = { 0 };
	const struct simulator_watch watch = { .event = on_event, .data = &outcome };
	struct trace_report report;
	struct simulator *simulator;
	char *trace = NULL;
	size_t size = 0;
	FILE *pins = open_memstream(&trace, &size);
	const struct simulator_options options = { .sim = { .seed = seed, .trace = pins } };

	assert_non_null(pins);
	assert_int_equal(simulator_new(&trial->chair, &options, &simulator), 0);
	simulator_run(simulator, 100 * US_PER_MS, &watch);
	assert_int_equal(simulator_command(simulator, &start, &trial->plan), REFUSAL_NONE);
	simulator_run(simulator, (trial->plan.max_s + 120) * US_PER_S, &watch);
	fflush(pins);
	if (!trial->changed) {
		rewind(pins);
		FILE *read = fmemopen(trace, size, "r");

		assert_int_equal(trace_check(&stage->pins, read, 0, simulator_now_us(simulator),
					 &report),
			0);
		outcome.violations = report.n;
		fclose(read);
	}
	simulator_free(simulator);
	fclose(pins);
	free(trace);
	return outcome;
}

// --- judging ---------------------------------------------------------------------------------

static void print_trial(const struct trial *trial, const struct atlas *atlas)
{
	char text[PLAN_FINDING_TEXT_SIZE], posture[POSTURE_TEXT_SIZE];

	for (size_t i = 0; i < trial->profile.n_steps; i++) {
		const struct profile_step *step = &trial->steps[i];

		print_error("  step %zu: %s, %g%s, ramp %g, hold %g s, rest %g s, %d times, %g "
			    "mm/s, %g s:",
			i + 1, technique_name(step->technique), step->target.value,
			step->target.unit == TARGET_NEWTON ? " N" : " per mille", step->ramp_per_s,
			step->hold_s, step->rest_s, step->repeats, step->speed_mm_s,
			step->duration_s);
		if (step->technique == TECHNIQUE_POSTURE)
			print_error(" %s%s", posture_text(step->posture, posture),
				step->restore ? ", and home" : "");
		for (size_t k = 0; k < step->n_points; k++)
			print_error(" %s", atlas->points[step->points[k]].name);
		for (size_t k = 0; k < step->n_layers; k++)
			print_error("; with %s%s %g/%g, %g s on, %g s off",
				actuator_kind_name(step->layers[k].kind), step->layers[k].actuator,
				step->layers[k].floor_permille, step->layers[k].permille,
				step->layers[k].on_s, step->layers[k].off_s);
		print_error("\n");
	}
	for (size_t i = 0; i < trial->proof.findings.n; i++) {
		plan_finding_text(&trial->proof.findings.list[i], &trial->profile, atlas,
			&trial->chair, trial->proof.step_s, text, sizeof(text));
		print_error("  %s: %s\n", finding_code(trial->proof.findings.list[i].kind), text);
	}
}

static void count(struct totals *totals, const struct plan_findings *findings, bool ended)
{
	totals->refused++;
	totals->ended += ended;
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		bool found = false, alone = findings->errors == 1;

		for (size_t i = 0; i < findings->n; i++)
			found |= (int)findings->list[i].kind == kind;
		totals->of_kind[kind] += found;
		totals->ended_of_kind[kind] += found && alone && ended;
	}
}

// Whether the proof was right about it.
static bool try(const struct stage *stage, uint64_t seed, struct totals *totals)
{
	struct trial *trial = calloc(1, sizeof(*trial));
	struct rng rng = { seed };
	struct outcome outcome;
	bool proved, good;

	assert_non_null(trial);
	trial->chair = stage->library->chair;
	trial->changed = rng_chance(&rng, 0.5);
	for (int i = 0; trial->changed && i < 3; i++)
		change_chair(&rng, &trial->chair);
	random_profile(&rng, stage, trial);
	proved = plan_prove(&trial->profile, &stage->library->atlas, &trial->chair, &trial->plan,
			 &trial->proof) == 0;
	if (plan_reaches_nothing(&trial->plan)) { // nothing to play
		free(trial);
		return true;
	}
	outcome = play(stage, trial, seed, rng_chance(&rng, 0.5) ? 100 : 100 * rng_unit(&rng));
	good = outcome.violations == 0 && (!proved || (outcome.completed && !outcome.aborted));
	if (proved)
		totals->proved++;
	else
		count(totals, &trial->proof.findings, !outcome.completed);
	if (!good) {
		print_error("CHAIRD_SEED=%" PRIu64
			    " CHAIRD_SESSIONS=1: %s, but %s, %s; %zu rules of "
			    "the trace broken\n",
			seed, proved ? "proved" : "refused", session_cause_name(outcome.cause),
			guard_reason_name(outcome.reason), outcome.violations);
		print_trial(trial, &stage->library->atlas);
	}
	free(trial);
	return good;
}

static void print_totals(const struct totals *totals)
{
	print_message("%d proved and completed; %d refused, of which %d ended early when played\n",
		totals->proved, totals->refused, totals->ended);
	for (int kind = 0; kind < FINDING_KIND_COUNT; kind++) {
		if (totals->of_kind[kind] && !finding_is_advice(kind))
			print_message(
				"  %-16s found %d times; alone, it ended the session %d times\n",
				finding_code(kind), totals->of_kind[kind],
				totals->ended_of_kind[kind]);
	}
}

// Most on those with the most kinds.
static size_t stage_of(uint64_t seed)
{
	static const size_t stages[] = { 1, 2, 0, 4, 5, 3, 6, 2, 0, 5, 1, 6 }; // of chair_files

	return stages[seed % (sizeof(stages) / sizeof(stages[0]))];
}

static void a_proved_profile_completes_and_what_ends_was_found(void **state)
{
	const char *seed_text = getenv("CHAIRD_SEED"), *sessions_text = getenv("CHAIRD_SESSIONS");
	uint64_t seed = seed_text ? strtoull(seed_text, NULL, 0) : 1;
	int sessions = sessions_text ? atoi(sessions_text) : 400, wrong = 0;
	struct stage *stages = *state;
	struct totals totals = { 0 };

	for (int i = 0; i < sessions && wrong < 5; i++) {
		uint64_t this = seed + (uint64_t)i;

		wrong += !try(&stages[stage_of(this)], this, &totals);
	}
	print_totals(&totals);
	assert_int_equal(wrong, 0);
	if (sessions >= 400) // or it would prove nothing
		assert_true(totals.proved > 50 && totals.ended > 20);
}

static int setup(void **state)
{
	struct stage *stages = calloc(CHAIRS, sizeof(*stages));
	struct problems problems = { 0 };

	*state = stages;
	for (size_t i = 0; i < CHAIRS; i++) {
		if (library_load("profiles", chair_files[i], &problems, &stages[i].library) < 0 ||
			trace_chair_load(chair_files[i], &stages[i].pins) < 0)
			return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	struct stage *stages = *state;

	for (size_t i = 0; i < CHAIRS; i++)
		library_free(stages[i].library);
	free(stages);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proved_profile_completes_and_what_ends_was_found),
	};

	return cmocka_run_group_tests_name("plan_proof", tests, setup, teardown);
}
