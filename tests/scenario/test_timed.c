// SPDX-License-Identifier: MIT
//
// A thousand sessions of a carriage without pulses, left alone or with a restless person. Its true
// position is within its claimed one all the time, and nothing is pressed outside of that.
//
//   CHAIRD_SEED=N       the first session's seed; the next ones count up
//   CHAIRD_SESSIONS=N   how many (1000)
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <cmocka.h>

#include "chaos.h"
#include "checker/position_check.h"
#include "config/library.h"

#define CHAIR     "tests/scenario/chairs/timed.cfg"
#define PROFILE   "tests/scenario/profiles/timed.cfg"
#define BESIDE_MM 2.0 // how far from its position a carriage may stop
#define PRESS_N   1.0

struct stage {
	struct library *library;
	struct trace_chair pins;
	struct profile profile;
	struct plan plan;
	uint64_t seed;
	int sessions;
};

struct totals {
	int completed;
	size_t claims, presses; // reports with a claim, and of them with something that presses
	double worst_mm, widest_mm;
	double worst_share; // of the true error in the claimed one
};

struct watcher {
	const struct stage *stage;
	struct simulator *simulator;
	struct position_check check;
	struct totals *totals;
	int64_t seen_us;     // time of the last report
	double off_point_mm; // the farthest that a press was from its point
};

static bool works(const struct watcher *watcher, size_t i)
{
	const struct actuator *actuator = &watcher->stage->library->chair.actuators[i];

	if (actuator->kind == ACTUATOR_KNEAD)
		return simulator_report(watcher->simulator)->actuator[i].drive_permille > 0;
	return actuator->kind == ACTUATOR_PRESS &&
		sim_truth(simulator_hal(watcher->simulator), (int)i).force_n > PRESS_N;
}

static void see_press(struct watcher *watcher, int64_t now_us, size_t i, double true_mm)
{
	struct session_status status;

	session_status(simulator_session(watcher->simulator), now_us, &status);
	if (!status.has_plan) // moved by hand, not at a point
		return;
	position_check_press(&watcher->check, now_us, i);
	watcher->totals->presses++;
	if (status.phase == SESSION_HOLD || status.phase == SESSION_KNEAD)
		watcher->off_point_mm = fmax(watcher->off_point_mm,
			fabs(true_mm - watcher->stage->plan.segments[status.segment].position_mm));
}

static void see_claim(struct watcher *watcher, int64_t now_us, size_t carriage,
	const struct wire_actuator_state *state)
{
	double true_mm = sim_truth(simulator_hal(watcher->simulator), (int)carriage).position_mm;
	double claimed_mm = state->flags & ACTUATOR_POSITION_VALID ? state->position_um / 1e3 : NAN;
	double error_mm = state->error_um / 1e3;
	struct totals *totals = watcher->totals;

	position_check_claim(&watcher->check, now_us, carriage, true_mm, claimed_mm, error_mm);
	if (isnan(claimed_mm))
		return;
	totals->claims++;
	totals->worst_mm = fmax(totals->worst_mm, fabs(true_mm - claimed_mm));
	totals->widest_mm = fmax(totals->widest_mm, error_mm);
	totals->worst_share = fmax(totals->worst_share, fabs(true_mm - claimed_mm) / error_mm);
	for (size_t i = 0; i < watcher->stage->library->chair.n_actuators; i++) {
		if (watcher->stage->library->chair.actuators[i].carriage == (int)carriage &&
			works(watcher, i))
			see_press(watcher, now_us, i, true_mm);
	}
}

static void on_step(void *data, int64_t now_us)
{
	struct watcher *watcher = data;
	const struct wire_report *report = simulator_report(watcher->simulator);

	if (!report || report->now_us == watcher->seen_us || report->now_us != now_us)
		return;
	watcher->seen_us = report->now_us;
	for (size_t i = 0; i < report->n; i++) {
		if (watcher->stage->library->chair.actuators[i].kind == ACTUATOR_TRAVEL)
			see_claim(watcher, now_us, i, &report->actuator[i]);
	}
}

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct watcher *watcher = data;

	(void)now_us;
	watcher->totals->completed += event->type == SESSION_EVENT_COMPLETED;
}

static void play(const struct stage *stage, uint64_t seed, struct totals *totals)
{
	struct chaos chaos = { .rng = { seed },
		.writes_fail_us = TIME_NEVER,
		.chair = &stage->library->chair,
		.plan = &stage->plan };
	struct simulator_options options = { .sim = { .seed = seed } };
	struct watcher watcher = { .stage = stage, .totals = totals, .seen_us = -1 };
	const struct simulator_watch watch = {
		.step = on_step, .event = on_event, .data = &watcher
	};
	struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	int64_t strike_us, until_us = (int64_t)(stage->plan.estimate_s * 1.25e6);
	int completed = totals->completed;

	chaos.level = rng_below(&chaos.rng, CHAOS_COMMANDS + 1);
	strike_us = chaos.level == CHAOS_NONE ? TIME_NEVER : US_PER_S;
	assert_int_equal(simulator_new(chaos.chair, &options, &chaos.simulator), 0);
	watcher.simulator = chaos.simulator;
	position_check_start(&watcher.check, &stage->pins);
	simulator_run(chaos.simulator, 100 * US_PER_MS, &watch);
	simulator_command(chaos.simulator, &start, &stage->plan);
	while (simulator_now_us(chaos.simulator) < until_us) {
		int64_t next_us = min_i64(strike_us, until_us);

		simulator_run(chaos.simulator, next_us, &watch);
		if (next_us == strike_us)
			strike_us += chaos_strike(&chaos);
	}
	if (watcher.check.n ||
		watcher.off_point_mm >
			chaos.chair->actuators[0].timed.position_error_mm + BESIDE_MM)
		fail_msg("seed %" PRIu64 ": %zu violations, first %s; %.1f mm from a point", seed,
			watcher.check.n, watcher.check.first, watcher.off_point_mm);
	if (chaos.level == CHAOS_NONE && totals->completed == completed)
		fail_msg("seed %" PRIu64 ": a session that was left alone did not complete", seed);
	simulator_free(chaos.simulator);
	timeline_clear(&chaos.log);
}

static void the_truth_is_within_the_claim(void **state)
{
	const struct stage *stage = *state;
	struct totals totals = { 0 };

	print_message("CHAIRD_SEED=%" PRIu64 " CHAIRD_SESSIONS=%d\n", stage->seed, stage->sessions);
	for (int i = 0; i < stage->sessions; i++)
		play(stage, stage->seed + (uint64_t)i, &totals);
	print_message("%d completed, %zu claims, %zu of them while something presses; off by at "
		      "most %.1f mm, claimed at most %.1f mm; at most %.0f %% of the claim\n",
		totals.completed, totals.claims, totals.presses, totals.worst_mm, totals.widest_mm,
		totals.worst_share * 100);
	assert_true(totals.presses > (size_t)stage->sessions);
}

static int setup(void **state)
{
	struct stage *stage = calloc(1, sizeof(*stage));
	const char *seed = getenv("CHAIRD_SEED"), *sessions = getenv("CHAIRD_SESSIONS");
	struct problems problems = { 0 };
	struct plan_proof proof;
	struct timespec now;

	if (!stage)
		return -1;
	*state = stage;
	clock_gettime(CLOCK_REALTIME, &now);
	stage->seed = seed ? strtoull(seed, NULL, 0)
			   : (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
	stage->sessions = sessions ? atoi(sessions) : 1000;
	if (library_load("profiles", CHAIR, &problems, &stage->library) < 0 ||
		trace_chair_load(CHAIR, &stage->pins) < 0 ||
		profile_load(PROFILE, &stage->library->atlas, &problems, &stage->profile) < 0)
		return -1;
	return plan_prove(&stage->profile, &stage->library->atlas, &stage->library->chair,
		&stage->plan, &proof);
}

static int teardown(void **state)
{
	struct stage *stage = *state;

	profile_clear(&stage->profile);
	library_free(stage->library);
	free(stage);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_truth_is_within_the_claim),
	};

	return cmocka_run_group_tests_name("timed", tests, setup, teardown);
}
