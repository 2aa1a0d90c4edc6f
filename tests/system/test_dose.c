// SPDX-License-Identifier: MIT
//
// The ledger of doses: what a session presses is counted, over restarts and kills, and a start that
// would exceed the day's limits is refused.
#include "rig.h"

#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#define POINT "gastrocnemius"

// A rig whose settings have these limits.
static void begin(struct rig *rig, const char *dose)
{
	rig->dose = dose;
	rig_settings(rig);
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static void play(struct rig *rig, const char *profile)
{
	size_t mark = client_mark(rig->client);
	char text[100];

	snprintf(text, sizeof(text), "{\"id\":%zu,\"args\":{\"profile\":\"%s\"}}", mark, profile);
	rig_publish(rig, "request/start", text);
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
}

static void refuse(struct rig *rig, const char *text)
{
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/start", "{\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"ok\":false,\"error\":{\"code\":\"dose\"",
		SOON_MS);
	rig_expect(rig, mark, "response/start", text, SOON_MS);
	rig_refute(rig, mark, "event", "\"started\"");
}

// The file of today, below the rig's folder.
static const char *today(char name[64])
{
	time_t now = time(NULL);
	struct tm local;

	localtime_r(&now, &local);
	strftime(name, 64, "dose/%Y-%m-%d.json", &local);
	return name;
}

// Wait until the file has at least so many seconds for its first point.
static void await_written(struct rig *rig, double seconds)
{
	char bytes[4096], path[200], name[64];
	int fd = inotify_init1(IN_CLOEXEC);

	mkdir(rig_path(rig, "dose", path), 0700); // chaird makes it before its first file
	assert_true(inotify_add_watch(fd, path, IN_MOVED_TO) >= 0);
	for (;;) {
		struct pollfd news = { .fd = fd, .events = POLLIN };
		FILE *file = fopen(rig_path(rig, today(name), path), "re");
		size_t n = file ? fread(bytes, 1, sizeof(bytes) - 1, file) : 0;
		const char *at;

		if (file)
			fclose(file);
		bytes[n] = '\0';
		at = strstr(bytes, "\"pressed_s\": ");
		if (at && atof(at + strlen("\"pressed_s\": ")) > seconds - 0.1)
			break;
		if (poll(&news, 1, SOON_MS) <= 0)
			fail_msg("%g s are not kept: %s", seconds, bytes);
		assert_true(read(fd, bytes, sizeof(bytes)) > 0);
	}
	close(fd);
}

// Seconds under pressure of the first point in a message on the topic with this text.
static double pressed_s(struct rig *rig, size_t mark, const char *text)
{
	const struct received *received = rig_expect(rig, mark, "dose", text, SOON_MS);

	assert_non_null(strstr(received->payload, "\"pressed_s\":"));
	return atof(strstr(received->payload, "\"pressed_s\":") + strlen("\"pressed_s\":"));
}

static void chairctl(const struct rig *rig, const char *const words[2], int code, const char *text)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], *output;
	const char *const argv[] = { program, words[0], config, words[1], NULL };
	struct process *process;
	int r;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process = process_start(argv, NULL);
	r = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, text, SOON_MS);
	output = process_output(process);
	if (r != code || !strstr(output, text))
		fail_msg("%s: exit %d: %s", words[0], r, output);
	free(output);
	process_free(process);
}

// --- the tests ----------------------------------------------------------------------------------

// A hold of 60 s, with its ramp and its release.
static void a_session_counts_until_the_day_is_over(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	double first_s;

	begin(rig, "point_s = 100.0;");
	rig_expect(rig, 0, "dose",
		"\"people\":[{\"person\":null,\"points\":[],\"muscles\":[],"
		"\"refused\":[]}]",
		SOON_MS);
	mark = client_mark(rig->client);
	play(rig, "press");
	first_s = pressed_s(rig, mark, "{\"profile\":\"press\",\"until\":\"20");
	assert_true(first_s > 62 && first_s < 70);
	refuse(rig, "allowed again 20");
	chairctl(rig, (const char *[2]){ "run", "press" }, 1, "a day: allowed again 20");
	chairctl(rig, (const char *[2]){ "dose", NULL }, 0, POINT);
	chairctl(rig, (const char *[2]){ "dose", "--days=7" }, 0, "at most, a day: 100 s and");
	chairctl(rig, (const char *[2]){ "dose", "--json" }, 0, "\"complete\": true");

	mark = client_mark(rig->client);
	rig_restart_chaird(rig, SIGTERM);
	assert_true(fabs(pressed_s(rig, mark, POINT) - first_s) < 0.11);
	refuse(rig, "allowed again 20");
}

static void a_press_that_was_killed_counts(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	double before_s;

	begin(rig, "limits = \"on\";");
	mark = rig_hold(rig, "press", NULL);
	rig_publish(rig, "request/pause", "{}");
	rig_pass(rig, "halt:paused");
	rig_publish(rig, "request/dose", "{\"args\":{\"days\":2}}"); // not now
	rig_expect(rig, mark, "response/dose", "\"code\":\"busy\"", SOON_MS);
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_go(rig);
	before_s = pressed_s(rig, mark, POINT);
	assert_true(before_s > 2 && before_s < 20);
	await_written(rig, before_s);
	mark = client_mark(rig->client);
	rig_restart_chaird(rig, SIGKILL);
	assert_true(pressed_s(rig, mark, POINT) > before_s - 0.11);
}

static void without_limits_doses_are_counted(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	begin(rig, "point_s = 10.0; limits = \"off\";");
	mark = client_mark(rig->client);
	play(rig, "press");
	assert_true(pressed_s(rig, mark,
			    "\"limits\":null,\"people\":[{\"person\":null,\"points\":[{") > 0);
	chairctl(rig, (const char *[2]){ "dose", NULL }, 0, "no limits: see dose in chaird.cfg");
	mark = rig_hold(rig, "press", NULL);
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_go(rig);
}

// A session that is too long for any day.
static void more_than_a_day_is_never_allowed(void **state)
{
	struct rig *rig = *state;

	begin(rig, "point_s = 50.0;");
	rig_expect(rig, 0, "dose", "{\"profile\":\"press\",\"until\":null", SOON_MS);
	refuse(rig, "in this session alone are above 50 a day");
}

static void a_broken_ledger_is_an_alert(void **state)
{
	struct rig *rig = *state;
	char name[64], path[200], *output, *first;
	size_t mark;
	FILE *file;

	begin(rig, "limits = \"on\";");
	play(rig, "press");
	mark = client_mark(rig->client);
	process_signal(rig->chaird, SIGTERM);
	process_wait(rig->chaird, SOON_MS);
	rig_expect(rig, mark, "availability", "offline", SOON_MS);
	file = fopen(rig_path(rig, today(name), path), "we");
	assert_non_null(file);
	fputs("{\"version\":1,", file);
	fclose(file);
	mark = client_mark(rig->client);
	rig_start_chaird(rig);
	rig_expect(rig, mark, "alert/dose", "is not known", SOON_MS);
	rig_expect(rig, mark, "dose", "\"complete\":false", SOON_MS);
	assert_true(process_logged(rig->chaird, "is broken", SOON_MS));
	output = process_output(rig->chaird);
	first = strstr(output, "is broken");
	assert_null(strstr(first + 1, "is broken"));
	free(output);
	strcat(name, ".broken");
	assert_int_equal(access(rig_path(rig, name, path), F_OK), 0);
}

#define ON_BENCH(function) cmocka_unit_test_setup_teardown(function, rig_setup_bare, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_session_counts_until_the_day_is_over),
		ON_BENCH(a_press_that_was_killed_counts),
		ON_BENCH(without_limits_doses_are_counted),
		ON_BENCH(more_than_a_day_is_never_allowed),
		ON_BENCH(a_broken_ledger_is_an_alert),
	};

	return cmocka_run_group_tests_name("dose", tests, NULL, NULL);
}
