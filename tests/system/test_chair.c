// SPDX-License-Identifier: MIT
//
// Contacts of the chair, and start of the programs: files, a second controller, no broker, no
// systemd.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "rig.h"

#define SEAT_US 300000 // time without a person before the contact counts

static void estop_cuts_and_latches(void **state)
{
	struct rig *rig = *state;
	int64_t pressed_us;
	size_t mark = rig_hold(rig, "press", &pressed_us);

	rig_happen(rig, "estop=1");
	rig_expect_safe(rig, pressed_us, 0);
	assert_int_equal(pins_first(rig->pins, "press.forward", false, pressed_us), pressed_us);
	rig_expect(rig, mark, "event", "\"reason\":\"estop\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"fault\":{\"code\":\"estop\"", SOON_MS);
	rig_expect(rig, mark, "alert/fault", "the emergency stop is open", SOON_MS);
	assert_true(process_logged(rig->chaird,
		"aborted: the guard released by itself: the emergency stop is open", SOON_MS));
	mark = client_mark(rig->client);
	rig_publish(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"code\":\"fault\"", SOON_MS);
	rig_happen(rig, "estop=0");
	// It is latched, but not open any more: neither the state nor the alert says so.
	rig_expect(rig, mark, "state",
		"\"text\":\"the emergency stop was opened; it is closed again and waits for a "
		"reset\"",
		SOON_MS);
	rig_expect(rig, mark, "state", "\"estop_good\":true", SOON_MS);
	rig_expect(rig, mark, "alert/fault", "it is closed again and waits for a reset", SOON_MS);
	rig_publish(rig, "request/reset", "{\"id\":2}");
	rig_expect(rig, mark, "response/reset", "\"ok\":false",
		SOON_MS); // a reset needs the button
	rig_happen(rig, "reset=200");
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	rig_expect(rig, mark, "alert/fault", "", SOON_MS);
	rig_pass(rig, "halt+60");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, pressed_us), -1);
}

static void getting_up_releases(void **state)
{
	struct rig *rig = *state;
	int64_t up_us, off_us;
	size_t mark = rig_hold(rig, "press", &up_us);

	rig_happen(rig, "seat=0");
	rig_expect_safe(rig, up_us + SEAT_US, 6000);
	off_us = pins_first(rig->pins, "press.forward", false, up_us);
	assert_in_range(off_us - up_us, SEAT_US, SEAT_US + 10000); // its contact bounces
	rig_expect(rig, mark, "event", "\"cause\":\"seat\"", SOON_MS);
	assert_true(process_logged(rig->chaird, "aborted: nobody sits in the chair any more",
		SOON_MS));
	rig_expect(rig, mark, "state", "\"occupied\":false", SOON_MS);
	mark = client_mark(rig->client);
	rig_happen(rig, "seat=1");
	rig_expect(rig, mark, "state", "\"occupied\":true", SOON_MS);
	rig_pass(rig, "halt+60");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, off_us), -1);
}

static void a_second_controller_is_refused(void **state)
{
	struct rig *rig = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int64_t begin_us;
	size_t mark = rig_hold(rig, "press", &begin_us);
	char byte;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/guard.sock", rig->dir);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct timeval bound = { .tv_sec = SOON_MS / 1000 };

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof(bound)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(recv(fd, &byte, 1, 0), 0); // closed at once
	close(fd);
	rig_pass(rig, "halt+5");
	rig_publish(rig, "request/status", "{\"id\":1}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"hold\"", SOON_MS);
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", false, begin_us), -1);
}

static void reload_takes_a_new_profile_and_leaves_out_a_bad_one(void **state)
{
	struct rig *rig = *state;
	char path[200], target[4096];
	size_t mark = client_mark(rig->client);

	assert_non_null(realpath("tests/system/profiles/press.cfg", target));
	assert_int_equal(symlink(target, rig_path(rig, "profiles/sessions/later.cfg", path)), 0);
	rig_publish(rig, "request/reload", "{\"id\":1}");
	rig_expect(rig, mark, "response/reload", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "info", "\"later\"", SOON_MS);

	mark = client_mark(rig->client);
	FILE *file = fopen(rig_path(rig, "profiles/sessions/broken.cfg", path), "we");

	assert_non_null(file);
	fputs("title = \"Broken\";\nsteps = ( { technique = \"hold\"; hold_s = 600.0; } );\n",
		file);
	fclose(file);
	rig_publish(rig, "request/reload", "{\"id\":2}");
	rig_expect(rig, mark, "response/reload", "\"unusable\":[\"broken\"]", SOON_MS);
	rig_expect(rig, mark, "alert/profiles", "broken.cfg:2: steps[0].hold_s: 600", SOON_MS);
	rig_publish(rig, "request/profile", "{\"id\":3,\"args\":{\"profile\":\"later\"}}");
	rig_expect(rig, mark, "response/profile", "\"ok\":true", SOON_MS);
}

static void reload_waits_for_the_end_of_a_session(void **state)
{
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "press", NULL);

	rig_publish(rig, "request/reload", "{\"id\":1}");
	rig_expect(rig, mark, "response/reload", "\"code\":\"busy\"", SOON_MS);
	process_signal(rig->chaird, SIGHUP);
	rig_publish(rig, "request/status", "{\"id\":2}");
	rig_expect(rig, mark, "response/status", "\"phase\":\"hold\"", SOON_MS);
	rig_refute(rig, mark, "event", "\"aborted\"");
}

// Assert that the program ends by itself with an error, and prints this.
static void assert_refuses(const char *const argv[], const char *text)
{
	struct process *process = process_start(argv, NULL);
	int status = process_wait(process, SOON_MS);
	bool found = process_logged(process, text, SOON_MS);

	process_free(process);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) != 0);
	assert_true(found);
}

static void bad_files_are_refused_at_the_start(void **state)
{
	struct rig *rig = *state;
	const char *build = getenv("CHAIRD_BUILD");
	char guard[400], chaird[400], chair[240], config[240], path[200];
	const char *const guard_argv[] = { guard, "--backend=sim", "--check", chair, NULL };
	const char *const chaird_argv[] = { chaird, config, NULL };

	snprintf(guard, sizeof(guard), "%s/chairguard", build ? build : "build/default");
	snprintf(chaird, sizeof(chaird), "%s/chaird", build ? build : "build/default");
	FILE *file = fopen(rig_path(rig, "bad.cfg", path), "we");

	assert_non_null(file);
	fputs("id = \"bad\";\nmodel = \"Bad\";\ncurrent_max_ma = -5;\nsession_max_s = 99999;\n",
		file);
	fclose(file);
	snprintf(chair, sizeof(chair), "--chair=%s", path);
	assert_refuses(guard_argv, "bad.cfg:3: current_max_ma");
	assert_refuses(guard_argv, "bad.cfg:4: session_max_s");

	file = fopen(rig_path(rig, "chaird.cfg", path), "we");
	assert_non_null(file);
	fprintf(file, "chair_file = \"%s/bad.cfg\";\nbrokr = { };\n", rig->dir);
	fclose(file);
	snprintf(config, sizeof(config), "--config=%s", path);
	assert_refuses(chaird_argv, "did you mean \"broker\"");
}

// The chair runs without a broker, then the broker starts.
static void runs_without_a_broker_and_finds_it_later(void **state)
{
	struct rig *rig = *state;

	rig_start_broker(rig);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	assert_true(process_logged(rig->guard, "a controller is connected", SOON_MS));
	assert_true(process_logged(rig->chaird, "broker", SOON_MS)); // logged once
	assert_int_equal(process_wait(rig->chaird, 0), -1);          // still running
	rig_start_broker(rig);
	rig_listen(rig);
	rig_hold(rig, "press", NULL);
	process_signal(rig->chaird, SIGTERM);
	rig_go(rig);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	rig_pass(rig, "halt+7");
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
}

static void ends_quickly_without_a_broker(void **state)
{
	struct rig *rig = *state;

	rig_start_broker(rig);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
	rig_start_chaird(rig);
	assert_true(process_logged(rig->chaird, "broker", SOON_MS));
	process_signal(rig->chaird, SIGTERM);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
}

static void nobody_in_the_chair_starts_nothing(void **state)
{
	struct rig *rig = *state;

	rig_start_broker(rig);
	rig_start_guard(rig, "--empty-seat");
	rig_start_chaird(rig);
	rig_listen(rig);
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"code\":\"seat\"", SOON_MS);
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
#define BARE(test)     cmocka_unit_test_setup_teardown(test, rig_setup_bare, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(estop_cuts_and_latches),
		ON_BENCH(getting_up_releases),
		ON_BENCH(a_second_controller_is_refused),
		ON_BENCH(reload_takes_a_new_profile_and_leaves_out_a_bad_one),
		ON_BENCH(reload_waits_for_the_end_of_a_session),
		BARE(bad_files_are_refused_at_the_start),
		BARE(runs_without_a_broker_and_finds_it_later),
		BARE(ends_quickly_without_a_broker),
		BARE(nobody_in_the_chair_starts_nothing),
	};

	return cmocka_run_group_tests_name("chair", tests, NULL, NULL);
}
