// SPDX-License-Identifier: MIT
//
// A thousand sessions in virtual time with random commands, faults, deaths and lies. Every pin
// trace and every transition of the session is checked, and at the end the person is released.
//
//   CHAIRD_SEED=N       the first session's seed; the next ones count up
//   CHAIRD_SESSIONS=N   how many (1000)
//   CHAIRD_CHAIR=FILE   all of them on this one of the chairs
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "chaos.h"
#include "config/library.h"
#include "checker/person_check.h"
#include "checker/position_check.h"
#include "checker/trace_check.h"
#include "transitions.h"

#define WORKERS      2
#define AFTERMATH_US (30 * US_PER_S) // until everything must be released
#define STUCK_S      60              // of computing for one session: its time stands still
#define PLANS_MAX    32

static const char *const short_profiles[] = { "tests/scenario/profiles/short.cfg",
	"tests/scenario/profiles/cells.cfg", "tests/scenario/profiles/timed.cfg",
	"tests/scenario/profiles/mechanism.cfg" };

// A chair with every profile that can be played on it.
struct stage {
	const char *chair_file;
	struct trace_chair pins;
	struct library *library;
	struct plan *plans[PLANS_MAX];
	size_t n_short, n_plans; // the short ones come first
};

// The recliner twice: it has the most to go wrong.
static const char *const chair_files[] = { "profiles/chairs/recliner.cfg",
	"profiles/chairs/recliner.cfg", "profiles/chairs/bench.cfg", "profiles/chairs/lounger.cfg",
	"profiles/chairs/retrofit-relay.cfg", "profiles/chairs/mechanism-3d.cfg",
	"tests/scenario/chairs/small.cfg", "tests/scenario/chairs/relays.cfg",
	"tests/scenario/chairs/bridges.cfg", "tests/scenario/chairs/comfort.cfg",
	"tests/scenario/chairs/timed.cfg", "tests/scenario/chairs/mechanism.cfg",
	"tests/scenario/chairs/buttons.cfg", "tests/scenario/chairs/kernel_pwm.cfg" };
#define STAGES (sizeof(chair_files) / sizeof(chair_files[0]))

struct stages {
	struct stage stage[STAGES];
	const struct stage *only; // NULL: on all of them
	uint64_t seed;
	int sessions;
};

struct totals {
	int sessions, completed, aborted, tripped, failed;
	int worn_out; // ended by the guard for a share of five minutes
	double virtual_s;
	size_t changes;
	struct transitions transitions;
};

// --- one session ------------------------------------------------------------------------------

// The checks of one session.
struct watcher {
	struct totals *totals;
	const struct stage *stage;
	struct simulator *simulator;
	const struct chaos *chaos;
	struct person_check person;
	struct position_check positions;
	int64_t claim_us; // of the last report
	double left_n;    // force of actuators that are reported as released
	double misplaced; // the largest error of a reported posture, per mille
};

// An interval of 250 per mille is still a position, and a report may be 100 ms old.
#define MISPLACED_PERMILLE 140.0

static void see_postures(struct watcher *watcher, const struct wire_report *report)
{
	const struct chair *chair = watcher->chaos->chair;
	struct hal *hal = simulator_hal(watcher->simulator);

	for (size_t i = 0; i < chair->n_actuators; i++) {
		const struct wire_actuator_state *state = &report->actuator[i];

		if (actuator_is_posture(chair->actuators[i].kind) &&
			state->flags & ACTUATOR_POSITION_VALID &&
			!(watcher->chaos->unseen_posture >> i & 1))
			watcher->misplaced = fmax(watcher->misplaced,
				fabs(state->position_um / 1000.0 -
					sim_truth(hal, (int)i).position_mm));
	}
}

static void see_person(struct watcher *watcher, int64_t now_us)
{
	const struct trace_chair *chair = &watcher->stage->pins;
	const struct wire_report *report = simulator_report(watcher->simulator);
	struct hal *hal = simulator_hal(watcher->simulator);

	person_check_time(&watcher->person, now_us);
	watcher->person.wrong_sensors = watcher->chaos->lying_sensors;
	watcher->left_n = 0;
	if (report)
		see_postures(watcher, report);
	for (size_t i = 0; i < chair->n_actuators; i++) {
		int carriage = chair->actuators[i].carriage;
		bool reported = (report && !(report->actuator[i].flags & ACTUATOR_RELEASED)) ||
			watcher->chaos->blind >> i & 1;
		double force_n;

		if (chair->actuators[i].cutoff_c > 0 && !(watcher->chaos->unseen_heat >> i & 1))
			person_check_heat(&watcher->person, i, sim_truth(hal, (int)i).position_mm);
		if (chair->actuators[i].sets_width && !(watcher->chaos->lying_widths >> i & 1))
			person_check_width(&watcher->person, i, sim_truth(hal, (int)i).position_mm,
				report && report->actuator[i].flags & ACTUATOR_AT_TARGET);
		if (!chair->actuators[i].presses)
			continue;
		force_n = sim_truth(hal, (int)i).force_n;
		// Nothing vents a cell whose vent sticks; but it must be reported.
		if (!(watcher->chaos->stuck_vents >> i & 1))
			person_check_force(&watcher->person, i, force_n,
				carriage < 0 ? NAN : sim_truth(hal, carriage).position_mm,
				reported);
		watcher->left_n += force_n > PERSON_UNREPORTED_N && !reported ? force_n : 0;
	}
}

// Where carriages without pulses claim to be, at each report, and where they are.
static void see_positions(struct watcher *watcher, int64_t now_us)
{
	const struct wire_report *report = simulator_report(watcher->simulator);

	if (!report || report->now_us == watcher->claim_us || report->now_us != now_us)
		return;
	watcher->claim_us = now_us;
	for (size_t i = 0; i < report->n; i++) {
		const struct wire_actuator_state *state = &report->actuator[i];
		bool claims = state->flags & ACTUATOR_POSITION_VALID &&
			!watcher->chaos->carriage_lies;

		if (watcher->stage->pins.actuators[i].way_mm > 0)
			position_check_claim(&watcher->positions, now_us, i,
				sim_truth(simulator_hal(watcher->simulator), (int)i).position_mm,
				claims ? state->position_um / 1e3 : NAN, state->error_um / 1e3);
	}
}

static void see(void *data, int64_t now_us)
{
	see_person(data, now_us);
	see_positions(data, now_us);
}

static void count_event(void *data, int64_t now_us, const struct session_event *event)
{
	struct totals *totals = ((struct watcher *)data)->totals;

	(void)now_us;
	totals->completed += event->type == SESSION_EVENT_COMPLETED;
	totals->aborted += event->type == SESSION_EVENT_ABORTED;
	totals->tripped += event->type == SESSION_EVENT_TRIPPED;
	totals->worn_out += event->type == SESSION_EVENT_ABORTED && event->reason == REASON_DUTY;
}

static void on_transition(void *data, struct session_transition transition)
{
	transitions_add(&((struct watcher *)data)->totals->transitions, transition);
}

static void run(struct chaos *chaos, int64_t until_us, const struct simulator_watch *watch)
{
	struct command start = { .verb = COMMAND_START, .intensity_percent = NAN };
	int64_t strike_us = chaos->level == CHAOS_NONE ? TIME_NEVER : US_PER_S;

	chaos_begin(chaos);
	simulator_run(chaos->simulator, 100 * US_PER_MS, watch);
	simulator_command(chaos->simulator, &start, chaos->plan);
	while (simulator_now_us(chaos->simulator) < until_us) {
		simulator_run(chaos->simulator, min_i64(strike_us, until_us), watch);
		if (simulator_now_us(chaos->simulator) < strike_us)
			continue;
		int64_t wait_us = chaos_strike(chaos);

		strike_us = wait_us == TIME_NEVER ? TIME_NEVER
						  : simulator_now_us(chaos->simulator) + wait_us;
	}
	timeline_add(&chaos->log, simulator_now_us(chaos->simulator), "controller dies for passed");
	simulator_kill_controller(chaos->simulator, false);
	simulator_run(chaos->simulator, until_us + AFTERMATH_US, watch);
}

static double force_on_person_n(const struct chaos *chaos)
{
	double force_n = 0;

	for (size_t i = 0; i < chaos->chair->n_actuators; i++) {
		if (actuator_presses(chaos->chair->actuators[i].kind))
			force_n += sim_truth(simulator_hal(chaos->simulator), (int)i).force_n;
	}
	return force_n;
}

static void keep_evidence(uint64_t seed, const struct chaos *chaos, const char *trace, size_t size)
{
	const char *only = getenv("CHAIRD_CHAIR");
	char path[200];

	snprintf(path, sizeof(path), "/tmp/chaird-random-%" PRIu64 ".trace", seed);
	FILE *file = fopen(path, "we");

	if (file) {
		fwrite(trace, 1, size, file);
		fclose(file);
	}
	fprintf(stderr, "its events:\n");
	timeline_print(&chaos->log, stderr);
	fprintf(stderr,
		"its pin trace: %s\nrepeat it: %s%s CHAIRD_SEED=%" PRIu64 " CHAIRD_SESSIONS=1\n",
		path, only ? "CHAIRD_CHAIR=" : "", only ? only : "", seed);
}

// Whether the session is without a violation.
static bool judge(struct chaos *chaos, const struct watcher *watcher, double force_n,
	const char *trace, size_t size, int64_t end_us)
{
	const struct stage *stage = watcher->stage;
	struct trace_report report;
	FILE *file = fmemopen((void *)trace, size, "r");
	bool passed = file &&
		trace_check(&stage->pins, file, TRACE_TOLERANCE_US + chaos->late_us,
			min_i64(chaos->writes_fail_us, end_us), &report) == 0 &&
		report.n == 0 && report.n_changes > 0;

	if (file) {
		fclose(file);
		trace_report_print(&report, stderr);
		watcher->totals->changes += report.n_changes;
	}
	if (!chaos->cannot_release && force_n > PERSON_FREE_N) {
		fprintf(stderr, "%.1f N are left on the person\n", force_n);
		passed = false;
	}
	if (watcher->left_n > 0) {
		fprintf(stderr, "%.1f N are left on the person, reported as released\n",
			watcher->left_n);
		passed = false;
	}
	if (watcher->misplaced > MISPLACED_PERMILLE) {
		fprintf(stderr, "a posture was %.0f per mille from where it is reported\n",
			watcher->misplaced);
		passed = false;
	}
	if (watcher->positions.n) {
		fprintf(stderr, "%s\n", watcher->positions.first);
		passed = false;
	}
	if (watcher->person.n) {
		fprintf(stderr, "%s\n", watcher->person.first);
		passed = false;
	}
	return passed;
}

static void play(const struct stages *stages, uint64_t seed, struct totals *totals)
{
	struct chaos chaos = { .rng = { seed }, .writes_fail_us = TIME_NEVER };
	const struct stage *any = &stages->stage[rng_below(&chaos.rng, STAGES)];
	const struct stage *stage = stages->only ? stages->only : any;
	bool full = stage->n_plans > stage->n_short &&
		(!stage->n_short || rng_chance(&chaos.rng, 0.06));
	size_t first = full ? stage->n_short : 0, last = full ? stage->n_plans : stage->n_short;
	char *trace = NULL;
	size_t size;
	struct simulator_options options = {
		.sim = { .seed = seed,
			.empty_seat = rng_chance(&chaos.rng, 0.02),
			.trace = open_memstream(&trace, &size) },
		.frame_delay_us = rng_below(&chaos.rng, 3) * US_PER_MS,
	};
	struct totals before = *totals;
	struct watcher watcher = { .totals = totals, .stage = stage, .claim_us = -1 };
	const struct simulator_watch watch = {
		.event = count_event, .step = see, .transition = on_transition, .data = &watcher
	};

	chaos.level = rng_below(&chaos.rng, CHAOS_LEVEL_COUNT);
	chaos.chair = &stage->library->chair;
	chaos.plan = stage->plans[first + (size_t)rng_below(&chaos.rng, (int)(last - first))];
	int64_t until_us = (int64_t)(chaos.plan->estimate_s * rng_between(&chaos.rng, 1.2, 1.6) *
				   1e6) +
		60 * US_PER_S;

	timeline_add(&chaos.log, 0, "%s, %s, level %d", stage->chair_file, chaos.plan->profile,
		chaos.level);
	if (simulator_new(chaos.chair, &options, &chaos.simulator) < 0)
		abort();
	watcher.simulator = chaos.simulator;
	watcher.chaos = &chaos;
	person_check_start(&watcher.person, &stage->pins);
	position_check_start(&watcher.positions, &stage->pins);
	run(&chaos, until_us, &watch);
	double force_n = force_on_person_n(&chaos);
	int64_t end_us = simulator_now_us(chaos.simulator);

	fflush(options.sim.trace);
	bool passed = judge(&chaos, &watcher, force_n, trace, size, end_us);

	if (chaos.level == CHAOS_NONE && !options.sim.empty_seat &&
		totals->completed == before.completed) {
		fprintf(stderr, "a session that was left alone did not complete\n");
		passed = false;
	}
	if (engine_impossible(simulator_engine(chaos.simulator))) {
		fprintf(stderr, "an impossible transition of the guard's mode\n");
		passed = false;
	}
	if (chaos.level < CHAOS_LIES && totals->worn_out > before.worn_out) {
		fprintf(stderr, "the guard had to end a session that presses for too long\n");
		passed = false;
	}
	if (totals->transitions.impossible > before.transitions.impossible)
		passed = false;
	if (!passed)
		keep_evidence(seed, &chaos, trace, size);
	totals->sessions++;
	totals->failed += !passed;
	totals->virtual_s += (double)end_us / 1e6;
	simulator_free(chaos.simulator);
	fclose(options.sim.trace);
	free(trace);
	timeline_clear(&chaos.log);
}

// --- all of them ------------------------------------------------------------------------------

static const char *stuck_text; // of the session that runs, for the signal handler alone

static void on_alarm(int signal)
{
	(void)signal;
	_exit(write(STDERR_FILENO, stuck_text, strlen(stuck_text)) < 0 ? 3 : 2);
}

static void work(const struct stages *stages, int worker, int out)
{
	struct totals totals = { 0 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGALRM, on_alarm);
	for (int i = worker; i < stages->sessions && totals.failed < 3; i += WORKERS) {
		char text[100];

		snprintf(text, sizeof(text),
			"time stands still in CHAIRD_SEED=%" PRIu64 " CHAIRD_SESSIONS=1\n",
			stages->seed + (uint64_t)i);
		stuck_text = text;
		alarm(STUCK_S);
		play(stages, stages->seed + (uint64_t)i, &totals);
	}
	_exit(write(out, &totals, sizeof(totals)) != sizeof(totals));
}

static void no_trace_is_bad_and_nobody_is_left_pressed(void **state)
{
	const struct stages *stages = *state;
	struct totals sum = { 0 };
	int pipe_fds[2];
	pid_t pids[WORKERS];

	assert_int_equal(pipe(pipe_fds), 0);
	print_message("CHAIRD_SEED=%" PRIu64 " CHAIRD_SESSIONS=%d\n", stages->seed,
		stages->sessions);
	fflush(NULL);
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			work(stages, i, pipe_fds[1]);
	}
	close(pipe_fds[1]);
	for (int i = 0; i < WORKERS; i++) {
		struct totals totals;
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
		assert_int_equal(read(pipe_fds[0], &totals, sizeof(totals)), sizeof(totals));
		sum.sessions += totals.sessions;
		sum.completed += totals.completed;
		sum.aborted += totals.aborted;
		sum.tripped += totals.tripped;
		sum.failed += totals.failed;
		sum.virtual_s += totals.virtual_s;
		sum.changes += totals.changes;
	}
	close(pipe_fds[0]);
	print_message(
		"%d sessions, %.1f hours, %zu pin changes: %d completed, %d aborted, %d tripped, "
		"%d bad\n",
		sum.sessions, sum.virtual_s / 3600, sum.changes, sum.completed, sum.aborted,
		sum.tripped, sum.failed);
	assert_int_equal(sum.failed, 0);
	assert_int_equal(sum.sessions, stages->sessions);
}

static void add_plan(struct stage *stage, const struct profile *profile)
{
	struct plan_proof proof;
	struct plan *plan = malloc(sizeof(*plan));

	if (plan && stage->n_plans < PLANS_MAX &&
		plan_prove(profile, &stage->library->atlas, &stage->library->chair, plan, &proof) ==
			0)
		stage->plans[stage->n_plans++] = plan;
	else
		free(plan);
}

static int open_stage(struct stage *stage, const char *chair_file)
{
	struct problems problems = { 0 };

	stage->chair_file = chair_file;
	if (library_load("profiles", chair_file, &problems, &stage->library) < 0 ||
		trace_chair_load(chair_file, &stage->pins) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(short_profiles) / sizeof(short_profiles[0]); i++) {
		struct profile profile;

		if (profile_load(short_profiles[i], &stage->library->atlas, &problems, &profile) <
			0)
			return -1;
		add_plan(stage, &profile);
		profile_clear(&profile);
	}
	stage->n_short = stage->n_plans;
	for (size_t i = 0; i < stage->library->n_profiles; i++)
		add_plan(stage, &stage->library->profiles[i]);
	return stage->n_plans ? 0 : -1;
}

static void close_stage(struct stage *stage)
{
	for (size_t i = 0; i < stage->n_plans; i++)
		free(stage->plans[i]);
	library_free(stage->library);
}

static int setup(void **state)
{
	struct stages *stages = calloc(1, sizeof(*stages));
	const char *seed = getenv("CHAIRD_SEED"), *sessions = getenv("CHAIRD_SESSIONS");
	const char *only = getenv("CHAIRD_CHAIR");
	struct timespec now;

	if (!stages)
		return -1;
	*state = stages;
	clock_gettime(CLOCK_REALTIME, &now);
	stages->seed = seed ? strtoull(seed, NULL, 0)
			    : (uint64_t)now.tv_sec * 1000003 + (uint64_t)now.tv_nsec;
	stages->sessions = sessions ? atoi(sessions) : 1000;
	for (size_t i = 0; i < STAGES; i++) {
		if (open_stage(&stages->stage[i], chair_files[i]) < 0)
			return -1;
		if (only && !strcmp(only, chair_files[i]))
			stages->only = &stages->stage[i];
	}
	return only && !stages->only ? -1 : 0;
}

static int teardown(void **state)
{
	struct stages *stages = *state;

	for (size_t i = 0; i < STAGES; i++)
		close_stage(&stages->stage[i]);
	free(stages);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_trace_is_bad_and_nobody_is_left_pressed),
	};

	return cmocka_run_group_tests_name("random", tests, setup, teardown);
}
