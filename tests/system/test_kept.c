// SPDX-License-Identifier: MIT
//
// State that is kept over sessions, restarts and kills: the chosen profile, the intensity, the last
// session.
#include "rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <cmocka.h>

#define STATE_FILE "state.json"

// Wait until the state file has this text.
static void await_kept(struct rig *rig, int watch_fd, const char *text)
{
	char bytes[4096], path[200];

	for (;;) {
		struct pollfd news = { .fd = watch_fd, .events = POLLIN };
		FILE *file = fopen(rig_path(rig, STATE_FILE, path), "re");
		size_t n = file ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;

		if (file)
			fclose(file);
		bytes[n] = '\0';
		if (strstr(bytes, text))
			return;
		if (poll(&news, 1, SOON_MS) <= 0)
			fail_msg("%s is not kept: %s", text, bytes);
		assert_true(read(watch_fd, bytes, sizeof(bytes)) > 0);
	}
}

static int watch(struct rig *rig)
{
	int fd = inotify_init1(IN_CLOEXEC);

	assert_true(inotify_add_watch(fd, rig->dir, IN_MOVED_TO) >= 0);
	return fd;
}

static void start_again(struct rig *rig, size_t mark)
{
	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
}

static void the_choice_outlives_a_kill(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	int fd = watch(rig);

	rig_publish(rig, "set/profile", "short");
	rig_publish(rig, "set/intensity", "42");
	await_kept(rig, fd, "\"intensity\": 42");
	await_kept(rig, fd, "\"profile\": \"short\"");
	process_signal(rig->chaird, SIGKILL);
	process_wait(rig->chaird, SOON_MS);
	rig_expect(rig, mark, "availability", "offline", SOON_MS);
	mark = client_mark(rig->client);
	start_again(rig, mark);
	rig_expect(rig, mark, "target", "{\"profile\":\"short\",\"intensity\":42.0,", SOON_MS);
	rig_expect(rig, mark, "state", "\"intensity\":42.0", SOON_MS);
	close(fd);
}

// Starting a profile by name chooses it, so that it stays chosen after the session.
static void a_profile_that_was_started_stays_chosen(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	rig_publish(rig, "request/ping", "{}"); // earlier messages have arrived by then
	rig_expect(rig, 0, "response/ping", "\"ok\":true", SOON_MS);
	mark = rig_hold(rig, "press", NULL);
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_go(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	rig_expect(rig, mark, "target",
		"{\"profile\":\"press\",\"intensity\":100.0,\"session\":\"idle\"", SOON_MS);
	rig_refute(rig, mark, "target", "\"profile\":null");
	rig_expect(rig, mark, "state", "\"last\":{\"profile\":\"press\",\"minutes\":", SOON_MS);
}

static void a_good_end_writes_the_last_session(void **state)
{
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "press", NULL);

	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_go(rig);
	process_signal(rig->chaird, SIGTERM);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	mark = client_mark(rig->client);
	start_again(rig, mark);
	rig_expect(rig, mark, "state", "\"holds\":0,\"completed\":false}", SOON_MS);
	rig_expect(rig, mark, "target", "\"profile\":\"press\"", SOON_MS);
}

static void a_broken_file_is_named_once_and_ignored(void **state)
{
	static const char *const broken[] = { "{\"profile\":\"sho", "", "no JSON at all" };
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		size_t mark = client_mark(rig->client);
		char path[200], *output, *first;
		FILE *file;

		process_signal(rig->chaird, SIGTERM);
		assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
		file = fopen(rig_path(rig, STATE_FILE, path), "we");
		assert_non_null(file);
		fputs(broken[i], file);
		fclose(file);
		start_again(rig, mark);
		rig_expect(rig, mark, "target", "{\"profile\":null,\"intensity\":100.0,", SOON_MS);
		assert_true(process_logged(rig->chaird, "is broken", SOON_MS));
		output = process_output(rig->chaird);
		first = strstr(output, "is broken");
		assert_null(strstr(first + 1, "is broken"));
		free(output);
	}
}

static void a_profile_that_has_gone_is_forgotten(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char path[200];

	rig_publish(rig, "set/profile", "short");
	rig_expect(rig, mark, "target", "\"profile\":\"short\"", SOON_MS);
	process_signal(rig->chaird, SIGTERM);
	assert_int_equal(process_wait(rig->chaird, SOON_MS), 0);
	assert_int_equal(unlink(rig_path(rig, "profiles/sessions/short.cfg", path)), 0);
	mark = client_mark(rig->client);
	start_again(rig, mark);
	rig_expect(rig, mark, "target", "\"profile\":null", SOON_MS);
	assert_true(process_logged(rig->chaird, "short", SOON_MS));
}

#define ON_BENCH(function) cmocka_unit_test_setup_teardown(function, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(the_choice_outlives_a_kill),
		ON_BENCH(a_profile_that_was_started_stays_chosen),
		ON_BENCH(a_good_end_writes_the_last_session),
		ON_BENCH(a_broken_file_is_named_once_and_ignored),
		ON_BENCH(a_profile_that_has_gone_is_forgotten),
	};

	return cmocka_run_group_tests_name("kept", tests, NULL, NULL);
}
