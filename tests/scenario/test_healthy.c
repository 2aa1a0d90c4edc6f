// SPDX-License-Identifier: MIT
//
// Every shipped profile on a healthy chair, with bodies, motors and noise by seed: no trip, no
// abort, and every hold within 10 % of its target for 95 % of its time.
//
//   CHAIRD_SEED=N       the first seed; the next ones count up (1)
//   CHAIRD_SESSIONS=N   how many seeds (6; 1000 is the figure that counts)
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "config/library.h"
#include "ctl/simulator.h"

#define IN_BAND 0.95

struct tally {
	int completed, aborted, tripped, holds, bad_holds;
	double least_in_band;
};

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct tally *tally = data;

	(void)now_us;
	tally->completed += event->type == SESSION_EVENT_COMPLETED;
	tally->aborted += event->type == SESSION_EVENT_ABORTED;
	tally->tripped += event->type == SESSION_EVENT_TRIPPED;
	if (event->type != SESSION_EVENT_HOLD_DONE)
		return;
	tally->holds++;
	tally->bad_holds += event->hold.in_band < IN_BAND;
	tally->least_in_band = fmin(tally->least_in_band, event->hold.in_band);
}

static void play(const struct library *library, const struct plan *plan, uint64_t seed,
	struct tally *tally)
{
	const struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	const struct simulator_options options = { .sim = { .seed = seed } };
	const struct simulator_watch watch = { .event = on_event, .data = tally };
	struct tally before = *tally;
	struct simulator *simulator;

	assert_int_equal(simulator_new(&library->chair, &options, &simulator), 0);
	simulator_run(simulator, 100 * US_PER_MS, &watch);
	assert_int_equal(simulator_command(simulator, &start, plan), REFUSAL_NONE);
	simulator_run(simulator, (int64_t)(plan->estimate_s * 1.6e6) + 120 * US_PER_S, &watch);
	if (tally->completed == before.completed || tally->tripped ||
		tally->bad_holds > before.bad_holds)
		print_error("%s, CHAIRD_SEED=%" PRIu64 ": guard %s\n", plan->profile, seed,
			guard_reason_name(simulator_report(simulator)->reason));
	simulator_free(simulator);
}

static void play_all(const struct library *library, const struct profile *profile, uint64_t seed,
	int seeds)
{
	struct tally tally = { .least_in_band = 1 };
	struct plan *plan = malloc(sizeof(*plan));
	struct plan_proof proof;

	assert_non_null(plan);
	assert_int_equal(plan_prove(profile, &library->atlas, &library->chair, plan, &proof), 0);
	for (int i = 0; i < seeds; i++)
		play(library, plan, seed + (uint64_t)i, &tally);
	print_message(
		"%s: %d of %d completed, %d tripped, %d holds, in band for %.1f %% at least\n",
		profile->name, tally.completed, seeds, tally.tripped, tally.holds,
		100 * tally.least_in_band);
	free(plan);
	assert_int_equal(tally.completed, seeds);
	assert_int_equal(tally.tripped + tally.aborted + tally.bad_holds, 0);
}

static void every_shipped_profile_completes_in_band(void **state)
{
	const char *seed = getenv("CHAIRD_SEED"), *sessions = getenv("CHAIRD_SESSIONS");
	struct problems problems = { 0 };
	struct library *library;

	(void)state;
	assert_int_equal(library_load("profiles", "profiles/chairs/recliner.cfg", &problems,
				 &library),
		0);
	problems_clear(&problems);
	assert_true(library->n_profiles >= 4);
	for (size_t i = 0; i < library->n_profiles; i++)
		play_all(library, &library->profiles[i], seed ? strtoull(seed, NULL, 0) : 1,
			sessions ? atoi(sessions) : 6);
	library_free(library);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_shipped_profile_completes_in_band),
	};

	return cmocka_run_group_tests_name("healthy", tests, NULL, NULL);
}
