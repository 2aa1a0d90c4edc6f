// SPDX-License-Identifier: MIT
//
// The whole system on lines of a real kernel: broker, chaird, chairguard with the shipped bench,
// and a press that hangs on its pins. Runs inside: tests/kernel/run build/.../test_chair
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "line_sampler.h"
#include "pass.h"
#include "whole.h"

#define LEASE_US      250000
#define DEAD_TIME_US  100000  // dead_time_ms of the bench
#define RELEASE_US    6000000 // its release.max_s
#define SEAT_US       300000  // its debounce time
#define PUMP_US       10000   // half a period of its charge pump: a tick of the guard
#define PWM_US        5000    // a period of its PWM
#define EDGE_US       10      // an edge is this late at most: some looks at the clock
#define SAFE_OFF_US   1000    // to start a program: 1 us for each file that it looks for in vain
#define ESTOP_REPEATS 20
#define ESTOP_STEP_US 1050   // with that many: every phase of the PWM and of the charge pump
#define HOLD_EDGE_US  100000 // at both ends of a hold, nothing is measured

// The time after t0_us in ms; fails the test if that is out of bounds or -1.
static double after_ms(const char *what, int64_t t0_us, int64_t t_us, int64_t within_us)
{
	double ms = (double)(t_us - t0_us) / 1e3;

	if (t_us < 0)
		fail_msg("%s: never", what);
	if (t_us - t0_us > within_us + PASS_AT_ONCE_US)
		fail_msg("%s: %.3f ms, not within %.1f", what, ms, (double)within_us / 1e3);
	return ms;
}

// From t0_us on: no push within within_us, then the pull, then home and everything off.
static void expect_release(struct whole *whole, const char *why, int64_t t0_us, int64_t within_us)
{
	int64_t release_us = line_recorder_wait(whole->recorder, PRESS_FORWARD, false, t0_us,
		SOON_MS);
	int64_t pull_us = line_recorder_wait(whole->recorder, PRESS_REVERSE, true, t0_us, SOON_MS);
	int64_t safe_us = line_recorder_wait_safe(whole->recorder, t0_us, SOON_MS);
	double release_ms = after_ms("forward off", t0_us, release_us, within_us);
	double pull_ms = after_ms("reverse on", release_us, pull_us, DEAD_TIME_US + PUMP_US);
	double safe_ms = after_ms("all safe", t0_us, safe_us, within_us + RELEASE_US);

	assert_true(bench_hardware_at_home(whole->hardware));
	print_message("%s: released after %.3f ms, pulls back %.3f ms later, safe after %.3f ms\n",
		why, release_ms, pull_ms, safe_ms);
}

// --- a hold -----------------------------------------------------------------------------------

static size_t hold(struct whole *whole)
{
	size_t mark = whole_play(whole, "press");

	rig_expect(whole->rig, mark, "state", "\"phase\":\"hold\"", SOON_MS);
	return mark;
}

// Every pulse on a line is as long as it should be, and none is missing.
static void expect_pulses(struct whole *whole, enum bench_hardware_line line, int64_t from_us,
	int64_t to_us, int64_t width_us, int64_t period_us)
{
	struct line_recorder_pulses pulses = line_recorder_pulses(whole->recorder, line, from_us,
		to_us);

	print_message("%zu pulses of %ld ... %ld us (%ld), every %ld ... %ld us (%ld)\n", pulses.n,
		pulses.width_min_us, pulses.width_max_us, width_us, pulses.period_min_us,
		pulses.period_max_us, period_us);
	assert_in_range(pulses.n, (to_us - from_us) / period_us - 2, (to_us - from_us) / period_us);
	assert_in_range(pulses.width_min_us, width_us - EDGE_US, width_us + EDGE_US);
	assert_in_range(pulses.width_max_us, width_us - EDGE_US, width_us + EDGE_US);
	assert_in_range(pulses.period_min_us, period_us - EDGE_US, period_us + EDGE_US);
	assert_in_range(pulses.period_max_us, period_us - EDGE_US, period_us + EDGE_US);
}

// The drive in the controller's first telemetry from from_us on.
static int reported_permille(struct whole *whole, size_t mark, int64_t from_us)
{
	const struct received *telemetry = rig_expect(whole->rig, mark, "telemetry", NULL, 0);
	const char *drive;

	while (telemetry->at_us < from_us)
		telemetry = rig_expect(whole->rig, ++mark, "telemetry", NULL, 0);
	drive = strstr(telemetry->payload, "drive_permille\":");
	assert_non_null(drive);
	return atoi(strchr(drive, ':') + 1);
}

static void test_whole_hold(void **state)
{
	struct whole *whole = *state;
	size_t mark = whole_play(whole, "calf");
	const struct received *reached = rig_expect(whole->rig, mark, "event", "\"hold_reached\"",
		SOON_MS);
	const struct received *done = rig_expect(whole->rig, mark, "event", "\"hold_done\"",
		SOON_MS);
	int64_t from_us = reached->at_us + HOLD_EDGE_US, to_us = done->at_us - HOLD_EDGE_US;
	int drive_permille = reported_permille(whole, mark, from_us);

	assert_true(drive_permille > 100);
	expect_pulses(whole, PRESS_PWM, from_us, to_us, drive_permille * PWM_US / 1000, PWM_US);
	expect_pulses(whole, PRESS_ENABLE, from_us, to_us, PUMP_US, 2 * PUMP_US);
	assert_int_equal(line_recorder_changes(whole->recorder, PRESS_FORWARD, from_us, to_us), 0);

	rig_expect(whole->rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_true(line_recorder_wait_safe(whole->recorder, to_us, SOON_MS) >= 0);
	assert_true(bench_hardware_at_home(whole->hardware));
	rig_refute(whole->rig, mark, "event", "\"aborted\"");
	rig_refute(whole->rig, mark, "event", "\"tripped\"");
}

// --- emergency stop ---------------------------------------------------------------------------

static void expect_refused(struct whole *whole)
{
	size_t mark = whole_play(whole, "calf");

	rig_expect(whole->rig, mark, "response/start", "\"code\":\"fault\"", SOON_MS);
}

static void test_estop_in_a_hold(void **state)
{
	struct whole *whole = *state;
	size_t mark = hold(whole);
	int64_t t0_us = bench_hardware_estop(whole->hardware, true);
	int64_t safe_us = line_recorder_wait_safe(whole->recorder, t0_us, SOON_MS);

	print_message("E-stop in a hold: every output safe after %.3f ms\n",
		after_ms("safe", t0_us, safe_us, 0));
	rig_expect(whole->rig, mark, "event", "\"tripped\"", SOON_MS);
	rig_expect(whole->rig, mark, "alert/fault", NULL, SOON_MS);
	expect_refused(whole);
	bench_hardware_estop(whole->hardware, false);
	expect_refused(whole); // latched
	assert_false(bench_hardware_at_home(whole->hardware));
	whole_expect_rest(whole, safe_us);
	whole_reset(whole); // it releases, and starts nothing
	assert_true(line_recorder_wait(whole->recorder, PRESS_REVERSE, true, safe_us, SOON_MS) >=
		0);
	assert_true(line_recorder_wait_safe(whole->recorder, monotonic_us(), SOON_MS) >= 0);
	assert_true(bench_hardware_at_home(whole->hardware));
	assert_false(line_recorder_was_on(whole->recorder, PRESS_FORWARD, safe_us + 1));
}

// In motion, in every phase of the pulses.
static void test_estop_is_fast(void **state)
{
	struct whole *whole = *state;
	double longest_ms = 0;

	for (int i = 0; i < ESTOP_REPEATS; i++) {
		int64_t from_us = monotonic_us(), t0_us;
		size_t mark = whole_play(whole, "press");
		double ms;

		from_us = line_recorder_wait(whole->recorder, PRESS_PWM, true, from_us, SOON_MS);
		assert_true(from_us >= 0);
		pass_until_us(from_us + i * ESTOP_STEP_US);
		t0_us = bench_hardware_estop(whole->hardware, true);
		ms = after_ms("safe", t0_us,
			line_recorder_wait_safe(whole->recorder, t0_us, SOON_MS), 0);
		longest_ms = ms > longest_ms ? ms : longest_ms;
		rig_expect(whole->rig, mark, "event", "\"tripped\"", SOON_MS);
		bench_hardware_estop(whole->hardware, false);
		whole_reset(whole);
	}
	print_message("E-stop edge to every output safe, %d times: %.3f ms at most\n",
		ESTOP_REPEATS, longest_ms);
}

// --- processes that die -----------------------------------------------------------------------

static void test_controller_killed(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us;

	hold(whole);
	t0_us = monotonic_us();
	// Its socket closes: the guard does not wait for the end of the lease.
	process_signal(whole->rig->chaird, SIGKILL);
	expect_release(whole, "kill -9 of chaird", t0_us, 0);
	rig_expect(whole->rig, 0, "availability", "offline", SOON_MS);
}

static void test_controller_stopped(void **state)
{
	struct whole *whole = *state;
	size_t mark = hold(whole);
	int64_t t0_us = monotonic_us();

	process_signal(whole->rig->chaird, SIGSTOP);
	expect_release(whole, "kill -STOP of chaird", t0_us, LEASE_US);
	t0_us = monotonic_us();
	process_signal(whole->rig->chaird, SIGCONT); // and nothing resumes
	rig_expect(whole->rig, mark, "event", "\"aborted\"", SOON_MS);
	whole_expect_rest(whole, t0_us);
}

static bool is_on(const struct whole *whole, enum bench_hardware_line line)
{
	return simchip_level(bench_hardware_chip(whole->hardware), line) == 1;
}

// The pull-ups stand in for a vendor's kernel, which keeps the pins of the dead as they were.
static void test_guard_killed_and_safe_off(void **state)
{
	struct whole *whole = *state;
	struct simchip *chip = bench_hardware_chip(whole->hardware);
	size_t mark = hold(whole);
	uint64_t levels = UINT64_MAX;
	struct process *safe_off;
	struct line_sampler *sampler;
	int64_t t0_us, safe_us;

	assert_int_equal(simchip_pull(chip, PRESS_FORWARD, true), 0);
	assert_int_equal(simchip_pull(chip, PRESS_PWM, true), 0);
	process_signal(whole->rig->guard, SIGKILL);
	assert_true(WIFSIGNALED(process_wait(whole->rig->guard, SOON_MS)));
	assert_true(is_on(whole, PRESS_FORWARD) && is_on(whole, PRESS_PWM));

	sampler = line_sampler_new(chip, PRESS_FORWARD);
	t0_us = monotonic_us();
	safe_off = whole_guard(whole, "--safe-off");
	assert_int_equal(line_sampler_wait(sampler, PRESS_OUTPUTS, SOON_MS, &levels), 0);
	safe_us = monotonic_us();
	line_sampler_free(sampler);
	print_message("kill -9 of chairguard: --safe-off has every line safe after %.3f ms\n",
		after_ms("safe", t0_us, safe_us, SAFE_OFF_US));
	assert_int_equal(levels, 0);
	assert_int_equal(process_wait(safe_off, SOON_MS), 0);
	process_free(safe_off);
	rig_expect(whole->rig, mark, "event", "\"guard_lost\"", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"guard\":false", SOON_MS);
}

static void test_guard_asked_to_end(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us;

	hold(whole);
	t0_us = monotonic_us();
	process_signal(whole->rig->guard, SIGTERM);
	expect_release(whole, "SIGTERM of chairguard", t0_us, 0);
	assert_int_equal(process_wait(whole->rig->guard, SOON_MS), 0);
	whole_expect_rest(whole, monotonic_us());
}

static void test_seat_lost(void **state)
{
	struct whole *whole = *state;
	size_t mark = hold(whole);

	expect_release(whole, "seat lost", bench_hardware_seat(whole->hardware, false), SEAT_US);
	rig_expect(whole->rig, mark, "event", "\"seat\"", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"occupied\":false", SOON_MS);
}

#define test(name) cmocka_unit_test_setup_teardown(name, whole_setup, whole_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_whole_hold),
		test(test_estop_in_a_hold),
		test(test_estop_is_fast),
		test(test_controller_killed),
		test(test_controller_stopped),
		test(test_guard_killed_and_safe_off),
		test(test_guard_asked_to_end),
		test(test_seat_lost),
	};

	return cmocka_run_group_tests_name("chair", tests, NULL, NULL);
}
