// SPDX-License-Identifier: MIT
//
// Every shipped profile on every shipped chair that reaches something of it, healthy, with bodies,
// motors and noise by seed: no trip, no abort, nothing for the checker of pin traces, and with a
// force sensor every hold within 10 % of its target for 95 % of its time, by the sensor and on the
// simulated person. What the person feels without a sensor, by drive and table alone, is printed;
// it may be less than the target, not more.
//
//   CHAIRD_SEED=N       the first seed; the next ones count up (1)
//   CHAIRD_SESSIONS=N   how many seeds (2; 1000 is the figure that counts)
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "checker/trace_check.h"
#include "config/library.h"
#include "core/plan_proof.h"
#include "ctl/simulator.h"
#include "ctl/table.h"

#define BAND 0.1 // of the target, to either side

// The force on the person in the present hold.
struct felt {
	double target_n; // 0: nothing is held
	int actuator;
	int64_t since_us;
	double force_n; // since then
	double in_band_us, total_us, sum_n_us;
};

struct tally {
	const struct trace_chair *pins;
	struct simulator *simulator;
	struct felt felt;
	int completed, aborted, tripped, holds;
	double least_measured, least_felt; // shares of a hold in the band
	double most_force;                 // mean of a hold, relative to its target
	double sum_felt, sum_force;        // of these shares; of mean forces relative to the target
};

static void feel(struct tally *tally, int64_t now_us)
{
	struct felt *felt = &tally->felt;
	double passed_us = (double)(now_us - felt->since_us);

	felt->total_us += passed_us;
	felt->sum_n_us += felt->force_n * passed_us;
	if (fabs(felt->force_n - felt->target_n) <= BAND * felt->target_n)
		felt->in_band_us += passed_us;
	felt->since_us = now_us;
	felt->force_n = sim_truth(simulator_hal(tally->simulator), felt->actuator).force_n;
}

static void on_step(void *data, int64_t now_us)
{
	struct tally *tally = data;

	if (tally->felt.target_n > 0)
		feel(tally, now_us);
}

static void on_changed(void *data, int64_t now_us)
{
	struct tally *tally = data;
	const struct session *session = simulator_session(tally->simulator);
	struct session_status status;

	session_status(session, now_us, &status);
	if (status.phase != SESSION_HOLD) {
		tally->felt.target_n = 0;
	} else if (tally->felt.target_n == 0) {
		tally->felt = (struct felt){
			.target_n = status.target,
			.actuator = session_plan(session)->segments[status.segment].actuator,
			.since_us = now_us,
		};
		feel(tally, now_us);
	}
}

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct tally *tally = data;
	const struct felt *felt = &tally->felt;
	double share, force;

	(void)now_us;
	tally->completed += event->type == SESSION_EVENT_COMPLETED;
	tally->aborted += event->type == SESSION_EVENT_ABORTED;
	tally->tripped += event->type == SESSION_EVENT_TRIPPED;
	if (event->type != SESSION_EVENT_HOLD_DONE)
		return;
	assert_int_equal(event->hold.unit, TARGET_NEWTON);
	share = felt->in_band_us / felt->total_us;
	force = felt->sum_n_us / felt->total_us / event->hold.target;
	tally->holds++;
	tally->least_measured = fmin(tally->least_measured, event->hold.in_band);
	tally->least_felt = fmin(tally->least_felt, share);
	tally->sum_felt += share;
	tally->sum_force += force;
	tally->most_force = fmax(tally->most_force, force);
}

// The independent checker's verdict.
static void judge_trace(const struct trace_chair *pins, char *text, size_t size)
{
	FILE *file = fmemopen(text, size, "r");
	struct trace_report report;

	assert_non_null(file);
	assert_int_equal(trace_check(pins, file, TRACE_TOLERANCE_US, 0, &report), 0);
	trace_report_print(&report, stderr);
	assert_int_equal(report.n, 0);
	assert_true(report.n_changes > 0);
	fclose(file);
}

static void play(const struct chair *chair, const struct plan *plan, uint64_t seed,
	struct tally *tally)
{
	char *trace = NULL;
	size_t size;
	const struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	const struct simulator_options options = {
		.sim = { .seed = seed, .trace = open_memstream(&trace, &size) },
	};
	const struct simulator_watch watch = {
		.event = on_event, .step = on_step, .changed = on_changed, .data = tally
	};
	int completed = tally->completed;
	struct simulator *simulator;

	assert_int_equal(simulator_new(chair, &options, &simulator), 0);
	tally->simulator = simulator;
	simulator_run(simulator, 100 * US_PER_MS, &watch);
	assert_int_equal(simulator_command(simulator, &start, plan), REFUSAL_NONE);
	simulator_run(simulator, (int64_t)(plan->estimate_s * 1.6e6) + 120 * US_PER_S, &watch);
	if (tally->completed == completed)
		print_error("%s on %s, CHAIRD_SEED=%" PRIu64 ": guard %s\n", plan->profile,
			chair->id, seed, guard_reason_name(simulator_report(simulator)->reason));
	simulator_free(simulator);
	fclose(options.sim.trace);
	judge_trace(tally->pins, trace, size);
	free(trace);
}

static struct tally play_seeds(const struct chair *chair, const struct trace_chair *pins,
	const struct plan *plan)
{
	const char *seed = getenv("CHAIRD_SEED"), *sessions = getenv("CHAIRD_SESSIONS");
	struct tally tally = { .pins = pins, .least_measured = 1, .least_felt = 1 };
	int seeds = sessions ? atoi(sessions) : 2;

	for (int i = 0; i < seeds; i++)
		play(chair, plan, (seed ? strtoull(seed, NULL, 0) : 1) + (uint64_t)i, &tally);
	assert_int_equal(tally.completed, seeds);
	assert_int_equal(tally.tripped + tally.aborted, 0);
	return tally;
}

// False if the chair has no sensor, or if it is taken away.
static bool take_sensors_away(struct chair *chair)
{
	bool had = false;

	for (size_t i = 0; i < chair->n_actuators; i++) {
		had |= chair->actuators[i].sensor.present;
		chair->actuators[i].sensor = (struct force_sensor){ 0 };
	}
	return had;
}

static void play_profile(const struct library *library, const struct trace_chair *pins,
	const struct plan *plan)
{
	struct chair *bare = malloc(sizeof(*bare));
	struct tally with, without;

	assert_non_null(bare);
	*bare = library->chair;
	print_message("%-8s  %-18s", bare->id, plan->profile);
	if (take_sensors_away(bare)) {
		with = play_seeds(&library->chair, pins, plan);
		print_message("  %3d holds, in band by sensor %5.1f %%, felt %5.1f %% at least;",
			with.holds, 100 * with.least_measured, 100 * with.least_felt);
		assert_true(with.least_measured >= HOLD_IN_BAND_MIN);
		assert_true(with.least_felt >= HOLD_IN_BAND_MIN);
	}
	without = play_seeds(bare, pins, plan);
	print_message("  without sensor felt %5.1f %% at least, %5.1f %% on average, "
		      "force %3.0f %% of the target\n",
		100 * without.least_felt, 100 * without.sum_felt / without.holds,
		100 * without.sum_force / without.holds);
	assert_true(without.most_force <= 1 + BAND);
	free(bare);
}

// How many profiles it plays, a number that profiles/README.md has, too.
static int play_chair(const char *chair)
{
	struct problems problems = { 0 };
	struct library *library;
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;
	struct trace_chair pins;
	int played = 0;

	assert_non_null(plan);
	assert_int_equal(trace_chair_load(chair, &pins), 0);
	assert_int_equal(library_load("profiles", chair, &problems, &library), 0);
	problems_clear(&problems);
	assert_int_equal(library->n_unusable, 0);
	for (size_t i = 0; i < library->n_profiles; i++) {
		if (plan_prove(&library->profiles[i], &library->atlas, &library->chair, plan,
			    &proof) == 0) {
			play_profile(library, &pins, plan);
			played++;
		} else {
			assert_true(plan_reaches_nothing(plan));
		}
	}
	free(plan);
	library_free(library);
	return played;
}

static void every_profile_is_completed_on_the_bench(void **state)
{
	(void)state;
	assert_int_equal(play_chair("profiles/chairs/bench.cfg"), 5);
}

static void every_profile_is_held_on_the_recliner(void **state)
{
	(void)state;
	assert_int_equal(play_chair("profiles/chairs/recliner.cfg"), 16);
}

static void every_profile_is_held_on_the_lounger(void **state)
{
	(void)state;
	assert_int_equal(play_chair("profiles/chairs/lounger.cfg"), 17);
}

static void every_profile_is_completed_on_the_retrofit(void **state)
{
	(void)state;
	assert_int_equal(play_chair("profiles/chairs/retrofit-relay.cfg"), 14);
}

static void every_profile_is_completed_on_the_mechanism(void **state)
{
	(void)state;
	assert_int_equal(play_chair("profiles/chairs/mechanism-3d.cfg"), 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_profile_is_completed_on_the_bench),
		cmocka_unit_test(every_profile_is_held_on_the_recliner),
		cmocka_unit_test(every_profile_is_held_on_the_lounger),
		cmocka_unit_test(every_profile_is_completed_on_the_retrofit),
		cmocka_unit_test(every_profile_is_completed_on_the_mechanism),
	};

	return cmocka_run_group_tests_name("healthy", tests, NULL, NULL);
}
