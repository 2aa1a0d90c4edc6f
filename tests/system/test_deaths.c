// SPDX-License-Identifier: MIT
//
// Whatever dies during a hold, the chair lets go, and nothing resumes by itself. In real time; the
// bounds are taken from the pins.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "rig.h"

#define LEASE_MS        250
#define RELEASE_MS      8000 // of the bench: it retracts for at most 6 s
#define GRACE_MS        5000
#define AWAY_MS         1500
#define STEADY_MS       5500 // after which a connection counts as good
#define SCHEDULING_MS   60   // what a busy machine may add to a bound

// The press lets go within the time, and everything is safe when the release has ended.
static void assert_lets_go(struct rig *rig, int64_t since_us, int within_ms)
{
	int64_t off_us =
		follower_wait(rig->pins, "press.forward", false, since_us, within_ms + 2000);

	if (off_us < 0 || off_us - since_us > within_ms * INT64_C(1000))
		fail_msg("the press let go after %lld ms, %d allowed",
			off_us < 0 ? -1LL : (long long)(off_us - since_us) / 1000, within_ms);
	assert_true(follower_wait(rig->pins, "press.reverse", true, off_us, 1000) > 0);
	rig_expect_safe(rig, off_us, RELEASE_MS);
}

// The chair answers, is idle, and nothing has come on since it was let go.
static void assert_nothing_resumes(struct rig *rig, int64_t since_us)
{
	size_t mark = client_mark(rig->client);

	rig_say(rig, "request/status", "{\"id\":\"then\"}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"idle\"", SOON_MS);
	assert_int_equal(follower_wait(rig->pins, "press.forward", true, since_us, 0), -1);
	assert_false(follower_anything_on(rig->pins));
}

static void controller_killed(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t killed_us = monotonic_us();

	process_signal(rig->chaird, SIGKILL);
	assert_lets_go(rig, killed_us, LEASE_MS + SCHEDULING_MS);
	rig_expect(rig, 0, "availability", "offline", SOON_MS);
	size_t mark = client_mark(rig->client);

	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
	assert_nothing_resumes(rig, killed_us);
}

static void controller_stopped(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t stopped_us = monotonic_us();

	process_signal(rig->chaird, SIGSTOP);
	assert_lets_go(rig, stopped_us, LEASE_MS + SCHEDULING_MS);
	size_t mark = client_mark(rig->client);

	process_signal(rig->chaird, SIGCONT);
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_nothing_resumes(rig, stopped_us);
}

static void controller_ended(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t ended_us = monotonic_us();

	process_signal(rig->chaird, SIGTERM);
	assert_lets_go(rig, ended_us, LEASE_MS + SCHEDULING_MS);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	rig_expect(rig, 0, "availability", "offline", SOON_MS);
}

static void guard_killed(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	size_t mark = client_mark(rig->client);
	int64_t killed_us = monotonic_us();

	process_signal(rig->guard, SIGKILL);
	assert_int_not_equal(process_wait(rig->guard, SOON_MS), -1);
	const struct received *said = rig_expect(rig, mark, "state", "\"guard\":false", SOON_MS);

	assert_in_range(said->at_us - killed_us, 0, 1000000);
	rig_expect(rig, mark, "event", "\"cause\":\"guard_lost\"", SOON_MS);
	rig_expect(rig, mark, "alert/guard", "\"code\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_say(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"no_guard\"", SOON_MS);

	int64_t restarted_us = monotonic_us();

	rig_start_guard(rig, NULL);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
	rig_expect(rig, mark, "alert/guard", "", SOON_MS);
	assert_nothing_resumes(rig, restarted_us);
}

static void guard_ended(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	size_t mark = client_mark(rig->client);
	int64_t ended_us = monotonic_us();

	process_signal(rig->guard, SIGTERM);
	assert_lets_go(rig, ended_us, SCHEDULING_MS);
	assert_int_equal(process_wait(rig->guard, SOON_MS), 0);
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
}

static void broker_killed(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t killed_us = monotonic_us();

	rig->client = client_free(rig->client);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
	assert_int_equal(
		follower_wait(rig->pins, "press.forward", false, killed_us, GRACE_MS - 500), -1);
	assert_lets_go(rig, killed_us, GRACE_MS + 500);
	rig_start_broker(rig);
	rig_listen(rig);
	assert_nothing_resumes(rig, killed_us);
}

static void broker_stopped(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t stopped_us = monotonic_us();

	process_signal(rig->broker, SIGSTOP);
	// It is noticed when the first message since remains unanswered: at most 1 s after.
	assert_lets_go(rig, stopped_us, GRACE_MS + 1000 + 500);
	size_t mark = client_mark(rig->client);

	process_signal(rig->broker, SIGCONT);
	rig_expect(rig, mark, "availability", "online", 3 * SOON_MS);
	assert_nothing_resumes(rig, stopped_us);
}

// Away for a moment, and soon again: neither ends what it has not ended in the grace.
static void a_broker_that_comes_back_ends_nothing(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press");
	int64_t begun_us = monotonic_us();

	for (int i = 0; i < 2; i++) {
		int64_t killed_us = monotonic_us();

		rig->client = client_free(rig->client);
		process_signal(rig->broker, SIGKILL);
		assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
		assert_int_equal(follower_wait(rig->pins, "press.forward", false, killed_us, AWAY_MS), -1);
		rig_start_broker(rig);
		rig_listen(rig);
		assert_int_equal(follower_wait(rig->pins, "press.forward", false, begun_us, STEADY_MS), -1);
	}
	size_t mark = client_mark(rig->client);

	rig_say(rig, "request/status", "{\"id\":\"then\"}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"hold\"", SOON_MS);
}

static void a_leased_session_outlives_the_broker(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_say(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\",\"lease_s\":15}}");
	rig_expect(rig, mark, "state", "\"phase\":\"hold\"", SOON_MS);
	int64_t killed_us = monotonic_us();

	rig->client = client_free(rig->client);
	process_signal(rig->broker, SIGKILL);
	assert_int_equal(
		follower_wait(rig->pins, "press.forward", false, killed_us, GRACE_MS + 1000), -1);
	assert_lets_go(rig, killed_us, 15000 + 500);
}

static void safe_off_needs_the_real_lines(void **state)
{
	struct rig *rig = *state;
	char path[400], chair[200];
	const char *build = getenv("CHAIRD_BUILD");
	const char *const argv[] = { path, "--safe-off", chair, NULL };

	snprintf(path, sizeof(path), "%s/chairguard", build ? build : "build/default");
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	struct process *process = process_start(argv, NULL);
	int status = process_wait(process, SOON_MS);
	bool said = process_says(process, "GPIO", SOON_MS);

	process_free(process);
	// No chip here has these lines; it must say so and not claim that they are safe.
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	assert_true(said);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(controller_killed),
		ON_BENCH(controller_stopped),
		ON_BENCH(controller_ended),
		ON_BENCH(guard_killed),
		ON_BENCH(guard_ended),
		ON_BENCH(broker_killed),
		ON_BENCH(broker_stopped),
		ON_BENCH(a_broker_that_comes_back_ends_nothing),
		ON_BENCH(a_leased_session_outlives_the_broker),
		cmocka_unit_test_setup_teardown(
			safe_off_needs_the_real_lines, rig_setup_bare, rig_teardown),
	};

	return cmocka_run_group_tests_name("deaths", tests, NULL, NULL);
}
