// SPDX-License-Identifier: MIT
//
// The shipped chairs and profiles, played by the daemons' own code in virtual time.
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
#include "ctl/simulator.h"

#define RECLINER "profiles/chairs/recliner.cfg"
#define BENCH    "profiles/chairs/bench.cfg"

struct stage {
	struct library *library;
	struct plan plan;
	struct simulator *simulator;
	int depth;
	// observed
	enum session_phase phase;
	int completed, aborted, tripped, holds;
	enum session_cause cause;
	int64_t ended_us, release_us;    // the last event that ended it; the guard began to release
	double worst_in_band, overshoot; // of all holds
	double force_n;                  // highest force on the person by `depth`
};

static void on_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct stage *stage = data;

	switch (event->type) {
	case SESSION_EVENT_COMPLETED:
		stage->completed++;
		stage->ended_us = now_us;
		break;
	case SESSION_EVENT_ABORTED:
		stage->aborted++;
		stage->cause = event->cause;
		stage->ended_us = now_us;
		break;
	case SESSION_EVENT_TRIPPED:
		stage->tripped++;
		break;
	case SESSION_EVENT_HOLD_DONE:
		stage->holds++;
		stage->worst_in_band = fmin(stage->worst_in_band, event->hold.in_band);
		break;
	default:
		break;
	}
}

static void on_step(void *data, int64_t now_us)
{
	struct stage *stage = data;
	const struct wire_report *report = session_report(simulator_session(stage->simulator));
	struct session_status status;
	double force_n;

	session_status(simulator_session(stage->simulator), now_us, &status);
	stage->phase = status.phase;
	if (report && report->mode == GUARD_RELEASING && stage->release_us == TIME_NEVER)
		stage->release_us = now_us;
	if (stage->depth < 0)
		return;
	force_n = sim_truth(simulator_hal(stage->simulator), stage->depth).force_n;
	stage->force_n = fmax(stage->force_n, force_n);
	if (status.phase == SESSION_PRESS || status.phase == SESSION_HOLD)
		stage->overshoot = fmax(stage->overshoot, force_n / status.target);
}

static void run(struct stage *stage, double seconds)
{
	const struct simulator_watch watch = { .event = on_event, .step = on_step, .data = stage };
	int64_t now_us = simulator_now_us(stage->simulator);

	simulator_run(stage->simulator, now_us + (int64_t)(seconds * US_PER_S), &watch);
}

static bool run_until(struct stage *stage, enum session_phase phase)
{
	for (int i = 0; i < 1800 * 20 && stage->phase != phase; i++)
		run(stage, 0.05);
	return stage->phase == phase;
}

static void open_stage(struct stage *stage, const char *chair, const char *profile,
	const struct simulator_options *options)
{
	struct problems problems = { 0 };
	struct plan_proof proof;

	*stage = (struct stage){ .worst_in_band = 1, .release_us = TIME_NEVER };
	assert_int_equal(library_load("profiles", chair, &problems, &stage->library), 0);
	problems_clear(&problems);
	assert_int_equal(plan_prove(library_profile(stage->library, profile),
				 &stage->library->atlas, &stage->library->chair, &stage->plan,
				 &proof),
		0);
	assert_int_equal(simulator_new(&stage->library->chair, options, &stage->simulator), 0);
	stage->depth = chair_find_actuator(&stage->library->chair, "depth");
	run(stage, 0.1);
}

static void close_stage(struct stage *stage)
{
	stage->simulator = simulator_free(stage->simulator);
	library_free(stage->library);
}

static void start(struct stage *stage)
{
	const struct command command = { .verb = COMMAND_START, .intensity_percent = NAN };

	assert_int_equal(simulator_command(stage->simulator, &command, &stage->plan), REFUSAL_NONE);
	run(stage, 0.1);
}

static void play(struct stage *stage, const char *chair, const char *profile,
	const struct simulator_options *options)
{
	open_stage(stage, chair, profile, options);
	start(stage);
	run(stage, stage->plan.max_s);
	assert_int_equal(stage->completed, 1);
	assert_int_equal(stage->aborted + stage->tripped, 0);
	assert_int_equal(stage->phase, SESSION_IDLE);
	assert_true(stage->holds > 0);
	assert_true(stage->worst_in_band >= 0.95);
}

static void deep_upper_back_holds_at_every_seed(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 8; seed++) {
		struct stage stage;

		play(&stage, RECLINER, "deep-upper-back",
			&(struct simulator_options){ .sim.seed = seed });
		assert_true(stage.overshoot <= 1.05);
		close_stage(&stage);
	}
}

static void every_shipped_profile_completes(void **state)
{
	static const struct {
		const char *chair, *profile;
	} sessions[] = {
		{ RECLINER, "gentle" },
		{ RECLINER, "legs" },
		{ RECLINER, "shoulders-and-arms" },
		{ BENCH, "legs" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
		struct stage stage;

		play(&stage, sessions[i].chair, sessions[i].profile,
			&(struct simulator_options){ .sim.seed = 11 });
		close_stage(&stage);
	}
}

// The estimate is shown before a start.
static void the_estimate_is_about_right(void **state)
{
	struct stage stage;
	double seconds;

	(void)state;
	play(&stage, RECLINER, "deep-upper-back", &(struct simulator_options){ .sim.seed = 3 });
	seconds = (double)stage.ended_us / US_PER_S;
	assert_true(fabs(seconds - stage.plan.estimate_s) < 0.15 * stage.plan.estimate_s);
	close_stage(&stage);
}

static void two_sessions_in_a_row_keep_to_their_share(void **state)
{
	struct stage stage;

	(void)state;
	play(&stage, RECLINER, "deep-upper-back", &(struct simulator_options){ .sim.seed = 5 });
	start(&stage);
	run(&stage, stage.plan.max_s);
	assert_int_equal(stage.completed, 2);
	assert_int_equal(stage.aborted, 0);
	close_stage(&stage);
}

static void slow_frames_do_not_spoil_a_hold(void **state)
{
	struct stage stage;

	(void)state;
	play(&stage, RECLINER, "deep-upper-back",
		&(struct simulator_options){ .sim.seed = 2, .frame_delay_us = 20 * US_PER_MS });
	assert_true(stage.overshoot <= 1.10);
	close_stage(&stage);
}

static void the_same_seed_is_the_same_chair(void **state)
{
	char *trace[2];
	size_t size[2];

	(void)state;
	for (int i = 0; i < 2; i++) {
		FILE *file = open_memstream(&trace[i], &size[i]);
		struct stage stage;

		open_stage(&stage, RECLINER, "deep-upper-back",
			&(struct simulator_options){ .sim = { .seed = 9, .trace = file } });
		start(&stage);
		run(&stage, 60);
		close_stage(&stage);
		fclose(file);
	}
	assert_true(size[0] > 1000 && size[0] == size[1]);
	assert_memory_equal(trace[0], trace[1], size[0]);
	free(trace[0]);
	free(trace[1]);
}

// With the link open and with the link closed; nothing resumes when the controller returns.
static void a_controller_that_dies_is_survived(void **state)
{
	(void)state;
	for (int drop = 0; drop < 2; drop++) {
		struct stage stage;
		int64_t died_us;

		open_stage(&stage, RECLINER, "deep-upper-back",
			&(struct simulator_options){ .sim.seed = 4 });
		start(&stage);
		assert_true(run_until(&stage, SESSION_HOLD));
		run(&stage, 5);
		died_us = simulator_now_us(stage.simulator);
		simulator_kill_controller(stage.simulator, drop);
		run(&stage, 0.3);
		assert_true(sim_truth(simulator_hal(stage.simulator), stage.depth).speed_mm_s < 0);
		run(&stage, 5);
		assert_true(sim_truth(simulator_hal(stage.simulator), stage.depth).force_n < 1);
		run(&stage, 20);
		simulator_revive_controller(stage.simulator);
		run(&stage, 30);
		assert_int_equal(stage.phase, SESSION_IDLE);
		assert_int_equal(stage.aborted, 1);
		assert_int_equal(stage.completed, 0);
		assert_true(simulator_now_us(stage.simulator) > died_us);
		assert_true(sim_truth(simulator_hal(stage.simulator), stage.depth).force_n < 1);
		start(&stage); // but it may be started again
		assert_true(run_until(&stage, SESSION_HOLD));
		close_stage(&stage);
	}
}

static void nonsense_on_the_wire_changes_nothing(void **state)
{
	uint8_t nonsense[2000];
	struct stage stage;

	(void)state;
	memset(nonsense, 0xa5, sizeof(nonsense));
	open_stage(&stage, RECLINER, "deep-upper-back",
		&(struct simulator_options){ .sim.seed = 6 });
	start(&stage);
	assert_true(run_until(&stage, SESSION_HOLD));
	for (size_t size = 0; size <= sizeof(nonsense); size += 40) {
		simulator_send_raw(stage.simulator, nonsense, size);
		run(&stage, 0.02);
	}
	assert_int_equal(stage.phase, SESSION_HOLD);
	assert_true(session_report(simulator_session(stage.simulator))->frames_refused >= 40);
	close_stage(&stage);
}

static void inject(struct stage *stage, const char *text)
{
	struct sim_fault fault;
	char why[128];

	assert_int_equal(sim_fault_parse(&stage->library->chair, text, &fault, why, sizeof(why)),
		0);
	assert_int_equal(sim_inject(simulator_hal(stage->simulator), &fault), 0);
}

static void a_person_who_gets_up_is_released(void **state)
{
	struct stage stage;

	(void)state;
	open_stage(&stage, RECLINER, "deep-upper-back",
		&(struct simulator_options){ .sim.seed = 7 });
	start(&stage);
	assert_true(run_until(&stage, SESSION_HOLD));
	inject(&stage, "seat=0");
	run(&stage, 10);
	assert_int_equal(stage.cause, CAUSE_SEAT);
	assert_int_equal(stage.phase, SESSION_IDLE);
	close_stage(&stage);
}

static void an_emergency_stop_needs_its_button(void **state)
{
	const struct command reset = { .verb = COMMAND_RESET };
	struct stage stage;

	(void)state;
	open_stage(&stage, RECLINER, "deep-upper-back",
		&(struct simulator_options){ .sim.seed = 8 });
	start(&stage);
	assert_true(run_until(&stage, SESSION_HOLD));
	inject(&stage, "estop=1");
	run(&stage, 1);
	assert_int_equal(stage.phase, SESSION_FAULT);
	assert_int_equal(stage.tripped, 1);
	inject(&stage, "estop=0");
	run(&stage, 1);
	assert_int_equal(simulator_command(stage.simulator, &reset, NULL), REFUSAL_BUTTON);
	inject(&stage, "reset");
	run(&stage, 1);
	assert_int_equal(stage.phase, SESSION_IDLE);
	run(&stage, 30);
	assert_int_equal(stage.phase, SESSION_IDLE); // and nothing starts by itself
	close_stage(&stage);
}

static void a_chair_with_faults_never_presses_too_hard(void **state)
{
	static const char *const faults[] = { "dead:carriage@20", "dead:depth@25+3",
		"no-pulses:carriage@10", "sensor-fail:depth@30", "sensor-offset:depth=-8@30",
		"stuck:depth.home=0@5", "late=120@30", "write-fail=1@30" };

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct stage stage;

		open_stage(&stage, RECLINER, "deep-upper-back",
			&(struct simulator_options){ .sim.seed = 100 + i });
		inject(&stage, faults[i]);
		start(&stage);
		run(&stage, 200);
		assert_true(stage.force_n <= 105);
		close_stage(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deep_upper_back_holds_at_every_seed),
		cmocka_unit_test(every_shipped_profile_completes),
		cmocka_unit_test(the_estimate_is_about_right),
		cmocka_unit_test(two_sessions_in_a_row_keep_to_their_share),
		cmocka_unit_test(slow_frames_do_not_spoil_a_hold),
		cmocka_unit_test(the_same_seed_is_the_same_chair),
		cmocka_unit_test(a_controller_that_dies_is_survived),
		cmocka_unit_test(nonsense_on_the_wire_changes_nothing),
		cmocka_unit_test(a_person_who_gets_up_is_released),
		cmocka_unit_test(an_emergency_stop_needs_its_button),
		cmocka_unit_test(a_chair_with_faults_never_presses_too_hard),
	};

	return cmocka_run_group_tests_name("simulator", tests, NULL, NULL);
}
