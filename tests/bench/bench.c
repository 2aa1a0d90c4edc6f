// SPDX-License-Identifier: MIT
//
// `make bench`: figures of the running daemons with the simulated bench chair at the pace of a real
// one, the guard at the priority that it has on real lines.
//
//   start -> first edge   from publishing a start (QoS 0) to the first changed pin in the trace
//   stop -> off           from publishing a stop in a press to the last motor line off in the trace
//   idle                  memory (PSS) and voluntary context switches, nothing running
//   simulate              a session in virtual time, against the time that it simulates
//
// The two ways are measured beside their floor (floor.h) in alternating rounds; what counts is the
// median of the rounds' ratios. Every figure is printed with its floor or its unit; nothing is
// judged here. The E-stop needs lines of a kernel, see bench_estop.c.
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "../system/rig.h"
#include "floor.h"
#include "row.h"
#include "soak.h"

#define ROUNDS   60
#define IDLE_S   20
#define PRESS_MS 300 // into the press: its motor runs

// Spin until the trace has this change; returns the time. The next read begins with it, because a
// busy machine may write it and the next change at once.
static int64_t wait_for_pin(int fd, const char *change)
{
	int64_t end_us = monotonic_us() + SOON_MS * INT64_C(1000), now_us;
	char text[1 << 16];
	const char *found;

	do {
		ssize_t n = read(fd, text, sizeof(text) - 1);

		text[n > 0 ? n : 0] = '\0';
		found = strstr(text, change);
		now_us = monotonic_us();
	} while (!found && now_us < end_us);
	if (!found)
		fail_msg("the trace does not have %s", change);
	lseek(fd, -(off_t)strlen(found), SEEK_CUR);
	return now_us;
}

static void skip_trace(int fd)
{
	lseek(fd, 0, SEEK_END);
}

static double floor_round(struct rig *rig, struct floor *floor, const char *payload)
{
	int64_t from_us = monotonic_us();

	client_publish(rig->client, FLOOR_TOPIC, payload, strlen(payload), 0, false, NULL);
	return (double)(floor_wait(floor) - from_us);
}

static double publish_and_wait(struct rig *rig, int fd, const char *topic, const char *payload,
	const char *change)
{
	char full[100];
	int64_t from_us;

	rig_topic(rig, topic, full);
	skip_trace(fd);
	from_us = monotonic_us();
	client_publish(rig->client, full, payload, strlen(payload), 0, false, NULL);
	return (double)(wait_for_pin(fd, change) - from_us);
}

static void commands(void **state)
{
	struct rig *rig = *state;
	struct floor *floor = floor_new(rig->port);
	struct row_pair starts[ROUNDS], stops[ROUNDS];
	char path[200], text[100];
	int fd = open(rig_path(rig, "pins", path), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	floor_priority(process_pid(rig->guard));
	for (int i = -1; i < ROUNDS; i++) { // the first one warms up
		int k = i < 0 ? 0 : i;
		size_t mark;

		snprintf(text, sizeof(text), "{\"id\":\"b%d\",\"args\":{\"profile\":\"press\"}}",
			i);
		floor_round(rig, floor, text); // wakes everybody up
		starts[k].floor_us = floor_round(rig, floor, text);
		starts[k].ours_us = publish_and_wait(rig, fd, "request/start", text, "GPIO");
		wait_for_pin(fd, "GPIO17 1");
		usleep(PRESS_MS *
			1000); // until the motor runs: a figure, not a verdict, hangs on it
		floor_round(rig, floor, "stop");
		stops[k].floor_us = floor_round(rig, floor, "stop");
		mark = client_mark(rig->client);
		stops[k].ours_us = publish_and_wait(rig, fd, "set/session", "stop", "GPIO17 0");
		rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	}
	close(fd);
	floor_free(floor);
	row_print("start -> first edge", starts, ROUNDS);
	row_print("stop -> off", stops, ROUNDS);
}

// The number behind `key` in a file of /proc, or -1.
static long proc_value(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	char line[200];
	long value = -1;

	while (file && value < 0 && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, key, strlen(key)))
			value = strtol(line + strlen(key), NULL, 10);
	}
	if (file)
		fclose(file);
	return value;
}

static long wakeups(pid_t pid)
{
	char path[300];
	struct dirent *entry;
	long sum = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	dir = opendir(path);
	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s/status", (int)pid, entry->d_name);
		sum += proc_value(path, "voluntary_ctxt_switches:");
	}
	closedir(dir);
	return sum;
}

static void idle(void **state)
{
	struct rig *rig = *state;
	struct process *daemons[] = { rig->chaird, rig->guard };
	static const char *const names[] = { "chaird", "chairguard" };
	long before[2];
	char path[100];

	for (int i = 0; i < 2; i++)
		before[i] = wakeups(process_pid(daemons[i]));
	sleep(IDLE_S); // nothing to wait for: the figure is what happens in this time
	for (int i = 0; i < 2; i++) {
		pid_t pid = process_pid(daemons[i]);

		snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
		printf("idle %-10s  PSS %ld KiB  RSS %ld KiB  wake-ups %.2f/s over %d s\n",
			names[i], proc_value(path, "Pss:"), proc_value(path, "Rss:"),
			(double)(wakeups(pid) - before[i]) / IDLE_S, IDLE_S);
	}
}

static int setup(void **state)
{
	struct rig *rig;

	rig_setup_bare(state);
	rig = *state;
	rig_start_broker(rig);
	rig_start_guard(rig, "--speed=1");
	rig_start_chaird(rig);
	rig_listen(rig);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(commands, setup, rig_teardown),
		cmocka_unit_test_setup_teardown(idle, setup, rig_teardown),
		cmocka_unit_test(soak),
	};

	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
