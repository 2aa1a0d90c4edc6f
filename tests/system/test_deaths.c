// SPDX-License-Identifier: MIT
//
// Whatever dies during a hold, the chair releases, and nothing resumes by itself. The chair's time
// stands still during a kill; the bounds are taken from the pins, in that time.
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

#include "core/session.h"
#include "rig.h"

#define LEASE_US   250000
#define RENEW_US   50000
#define RELEASE_MS 6000 // release.max_s of the bench
#define SHORT_S    1    // grace of the broker in tests that let it end

// A hold, with the time standing still.
static int64_t hold(struct rig *rig)
{
	int64_t now_us;

	rig_hold(rig, "press", &now_us);
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", false, now_us), -1);
	return now_us;
}

// Assert that the press begins its release between the two times, retracts, and then every output
// is safe.
static void assert_releases(struct rig *rig, int64_t from_us, int64_t first_us, int64_t last_us)
{
	int64_t off_us, back_us;

	rig_expect_safe(rig, last_us, RELEASE_MS);
	off_us = pins_first(rig->pins, "press.forward", false, from_us);
	back_us = pins_first(rig->pins, "press.reverse", true, from_us);
	if (off_us < first_us || off_us > last_us)
		fail_msg("the press released after %lld us, not %lld ... %lld",
			(long long)(off_us - from_us), (long long)(first_us - from_us),
			(long long)(last_us - from_us));
	assert_true(back_us > off_us);
}

// In the same step of the guard in which it noticed.
static void assert_releases_at_once(struct rig *rig, int64_t now_us)
{
	assert_releases(rig, now_us, now_us, now_us);
}

// Assert that the chair answers, is idle, and switches nothing on, however much time passes.
static void assert_nothing_resumes(struct rig *rig, int64_t since_us)
{
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/status", "{\"id\":\"then\"}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"idle\"", SOON_MS);
	rig_pass(rig, "halt+60");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, since_us), -1);
	assert_true(pins_safe_since(rig->pins, since_us) >= 0);
	rig_go(rig);
}

static void controller_killed(void **state)
{
	struct rig *rig = *state;
	int64_t killed_us = hold(rig);

	process_signal(rig->chaird, SIGKILL);
	assert_true(process_logged(rig->guard, "the controller has gone", SOON_MS));
	assert_releases_at_once(rig, killed_us);
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
	int64_t stopped_us = hold(rig);

	process_signal(rig->chaird, SIGSTOP);
	assert_releases(rig, stopped_us, stopped_us + LEASE_US - RENEW_US, stopped_us + LEASE_US);
	assert_true(process_logged(rig->guard, "the controller does not answer", SOON_MS));
	size_t mark = client_mark(rig->client);

	process_signal(rig->chaird, SIGCONT);
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_nothing_resumes(rig, stopped_us);
}

static void controller_ended(void **state)
{
	struct rig *rig = *state;
	int64_t ended_us = hold(rig);
	size_t mark = client_mark(rig->client);

	process_signal(rig->chaird, SIGTERM);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	assert_releases_at_once(rig, ended_us);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	rig_expect(rig, 0, "availability", "offline", SOON_MS);
}

static void guard_killed(void **state)
{
	struct rig *rig = *state;

	hold(rig);
	size_t mark = client_mark(rig->client);

	process_signal(rig->guard, SIGKILL);
	assert_int_not_equal(process_wait(rig->guard, SOON_MS), -1);
	rig_expect(rig, mark, "state", "\"guard\":false", SOON_MS);
	rig_expect(rig, mark, "event", "\"cause\":\"guard_lost\"", SOON_MS);
	rig_expect(rig, mark, "alert/guard", "\"code\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_publish(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"no_guard\"", SOON_MS);

	rig_start_guard(rig, NULL); // its time begins at zero
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
	rig_expect(rig, mark, "alert/guard", "", SOON_MS);
	assert_nothing_resumes(rig, 0);
	hold(rig); // and the next session runs
}

static void guard_ended(void **state)
{
	struct rig *rig = *state;
	int64_t ended_us = hold(rig);
	size_t mark = client_mark(rig->client);

	process_signal(rig->guard, SIGTERM);
	assert_int_equal(process_wait(rig->guard, SOON_MS), 0);
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", false, ended_us), ended_us);
	assert_true(pins_first(rig->pins, "press.reverse", true, ended_us) > ended_us);
	assert_in_range(pins_safe_since(rig->pins, ended_us), ended_us,
		ended_us + RELEASE_MS * INT64_C(1000));
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
}

// Start everything, with this grace for a lost broker.
static void with_grace(struct rig *rig, int grace_s)
{
	rig->grace_s = grace_s;
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static void kill_broker(struct rig *rig)
{
	rig->client = client_free(rig->client);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
}

static void broker_killed(void **state)
{
	struct rig *rig = *state;

	with_grace(rig, SHORT_S);
	int64_t killed_us = hold(rig);

	kill_broker(rig);
	assert_true(process_logged(rig->guard, "releasing", SOON_MS));
	assert_releases_at_once(rig, killed_us);
	assert_true(process_logged(rig->chaird, session_cause_text(CAUSE_BROKER), SOON_MS));
	rig_start_broker(rig);
	rig_listen(rig);
	assert_nothing_resumes(rig, killed_us);
}

// It is noticed when a message remains unanswered.
static void broker_stopped(void **state)
{
	struct rig *rig = *state;

	with_grace(rig, SHORT_S);
	int64_t stopped_us = hold(rig);

	process_signal(rig->broker, SIGSTOP);
	int64_t released_us = rig_pass(rig, "halt:release"); // messages about it get no answer

	assert_true(process_logged(rig->guard, "releasing", SOON_MS));
	assert_true(process_logged(rig->chaird, session_cause_text(CAUSE_BROKER), SOON_MS));
	rig_expect_safe(rig, released_us, RELEASE_MS);
	size_t mark = client_mark(rig->client);

	process_signal(rig->broker, SIGCONT);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	assert_nothing_resumes(rig, released_us);
	assert_true(released_us > stopped_us);
}

// A loss shorter than the grace ends no session, nor does a second one soon after.
static void a_broker_that_comes_back_ends_nothing(void **state)
{
	struct rig *rig = *state;
	int64_t now_us = hold(rig);

	for (int i = 0; i < 2; i++) {
		kill_broker(rig);
		rig_start_broker(rig);
		rig_listen(rig);
		rig_pass(rig, "halt+5");
		assert_int_equal(pins_first(rig_pins(rig), "press.forward", false, now_us), -1);
	}
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/status", "{\"id\":\"then\"}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"hold\"", SOON_MS);
}

static void a_leased_session_outlives_the_broker(void **state)
{
	struct rig *rig = *state;

	with_grace(rig, SHORT_S);
	int64_t now_us = rig_pass(rig, "halt+1");
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/start",
		"{\"id\":1,\"args\":{\"profile\":\"press\",\"lease_s\":5}}");
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	kill_broker(rig);
	// Four seconds after the grace, because the lease has ended.
	assert_true(process_logged(rig->chaird, session_cause_text(CAUSE_LEASE), SOON_MS));
	assert_false(process_logged(rig->chaird, session_cause_text(CAUSE_BROKER), 0));
	rig_expect_safe(rig, now_us, RELEASE_MS);
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
	bool found = process_logged(process, "GPIO", SOON_MS);

	process_free(process);
	// No chip here has these lines: it must report an error, not that they are safe.
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	assert_true(found);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
#define BARE(test)     cmocka_unit_test_setup_teardown(test, rig_setup_bare, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(controller_killed),
		ON_BENCH(controller_stopped),
		ON_BENCH(controller_ended),
		ON_BENCH(guard_killed),
		ON_BENCH(guard_ended),
		BARE(broker_killed),
		BARE(broker_stopped),
		ON_BENCH(a_broker_that_comes_back_ends_nothing),
		BARE(a_leased_session_outlives_the_broker),
		BARE(safe_off_needs_the_real_lines),
	};

	return cmocka_run_group_tests_name("deaths", tests, NULL, NULL);
}
