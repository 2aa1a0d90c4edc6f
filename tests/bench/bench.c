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
// median of the rounds' ratios. Both end in a pipe, and the same thread takes the time of both
// (watcher.h). Before each message all rest for the same time, because a process that has just run
// is several times as fast as one that has slept: the floor takes 30 us right after another
// message, and 200 us after 100 ms of rest. Idle is measured beside a client in C that waits for a
// message. Nothing is judged here.
//
// The simulated chair adds little to these ways: its plant costs a microsecond, a line of its
// trace as much as a write of GPIO lines, and its clock grants no turn between a command and its
// first edge. In the test kernel (bench_estop.c), which has real lines, they would be distorted: a
// system call or a change of process takes 10 to 50 times as long there, computing does not, and
// all share one processor. The floor is 1.7 ms there, and the ratio that of the numbers of system
// calls.
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "../system/rig.h"
#include "floor.h"
#include "row.h"
#include "soak.h"
#include "watcher.h"

#define ROUNDS       60
#define IDLE_S       20
#define SETTLE_S     2
#define PRESS_US     300000 // into the press: its motor runs
#define REST_US      100000 // before a start and its floor
#define MOVE_REST_US 10000  // in a press, where the daemons run every 20 ms

struct bench {
	struct rig *rig;
	struct floor *floor;
	struct watcher *watcher;
	int trace_fd;
};

// Publish after a rest, and wait for a text in a pipe; returns the time from one to the other.
static double way_us(struct bench *bench, int rest_us, const char *topic, const char *payload,
	int fd, const char *text)
{
	int64_t from_us;

	usleep((useconds_t)rest_us);
	watcher_forget(bench->watcher);
	from_us = monotonic_us();
	client_publish(bench->rig->client, topic, payload, strlen(payload), 0, false, NULL);
	return (double)(watcher_wait(bench->watcher, fd, text) - from_us);
}

static double floor_us(struct bench *bench, int rest_us, const char *payload)
{
	return way_us(bench, rest_us, FLOOR_TOPIC, payload, floor_fd(bench->floor), FLOOR_TEXT);
}

static double ours_us(struct bench *bench, int rest_us, const char *topic, const char *payload,
	const char *change)
{
	char full[100];

	return way_us(bench, rest_us, rig_topic(bench->rig, topic, full), payload, bench->trace_fd,
		change);
}

// A message first, so that the floor's processes have rested no longer than the daemons.
static void measure_start(struct bench *bench, int round, struct row_pair *ret)
{
	char text[100];

	snprintf(text, sizeof(text), "{\"id\":\"b%d\",\"args\":{\"profile\":\"press\"}}", round);
	floor_us(bench, 0, text);
	ret->floor_us = floor_us(bench, REST_US, text);
	ret->ours_us = ours_us(bench, REST_US, "request/start", text, "GPIO");
	watcher_wait(bench->watcher, bench->trace_fd, "GPIO17 1");
}

static void measure_stop(struct bench *bench, struct row_pair *ret)
{
	size_t mark;

	floor_us(bench, 0, "stop");
	ret->floor_us = floor_us(bench, MOVE_REST_US, "stop");
	mark = client_mark(bench->rig->client);
	ret->ours_us = ours_us(bench, MOVE_REST_US, "set/session", "stop", "GPIO17 0");
	rig_expect(bench->rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
}

static void commands(void **state)
{
	struct bench *bench = *state;
	struct row_pair starts[ROUNDS], stops[ROUNDS];

	for (int i = -1; i < ROUNDS; i++) { // the first one warms up
		int k = i < 0 ? 0 : i;

		measure_start(bench, i, &starts[k]);
		usleep(PRESS_US); // a figure, not a verdict, hangs on it
		measure_stop(bench, &stops[k]);
	}
	row_print("start -> first edge, simulated chair", starts, ROUNDS);
	row_print("stop -> off, simulated chair", stops, ROUNDS);
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

static void print_idle(const char *name, pid_t pid, long wakeups_before)
{
	char path[100];

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	printf("idle %-22s  PSS %ld KiB  RSS %ld KiB  wake-ups %.2f/s over %d s\n", name,
		proc_value(path, "Pss:"), proc_value(path, "Rss:"),
		(double)(wakeups(pid) - wakeups_before) / IDLE_S, IDLE_S);
}

// Their floor is a client in C of the same broker, which waits for a message.
static void idle(void **state)
{
	struct rig *rig = *state;
	char port[16];
	const char *const argv[] = { "mosquitto_sub", "-p", port, "-t", FLOOR_TOPIC, NULL };
	struct process *client, *processes[3];
	static const char *const names[] = { "chaird", "chairguard", "floor: mosquitto_sub" };
	long before[3];

	snprintf(port, sizeof(port), "%d", rig->port);
	client = process_start(argv, NULL);
	processes[0] = rig->chaird;
	processes[1] = rig->guard;
	processes[2] = client;
	assert_true(process_logged(rig->broker, FLOOR_TOPIC, SOON_MS)); // subscribed
	sleep(SETTLE_S); // until the threads of the start have ended
	for (int i = 0; i < 3; i++)
		before[i] = wakeups(process_pid(processes[i]));
	sleep(IDLE_S); // nothing to wait for: the figure is what happens in this time
	for (int i = 0; i < 3; i++)
		print_idle(names[i], process_pid(processes[i]), before[i]);
	process_free(client);
}

static void start_all(struct rig *rig)
{
	rig_start_broker(rig);
	rig_start_guard(rig, "--speed=1");
	rig_start_chaird(rig);
	rig_listen(rig);
}

static int setup_idle(void **state)
{
	rig_setup_bare(state);
	start_all(*state);
	return 0;
}

// The trace is a pipe, so that its lines are seen as they are written.
static int setup_commands(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	char path[200];

	assert_non_null(bench);
	rig_setup_bare((void **)&bench->rig);
	assert_int_equal(mkfifo(rig_path(bench->rig, "pins", path), 0600), 0);
	bench->trace_fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(bench->trace_fd >= 0);
	start_all(bench->rig);
	floor_priority(process_pid(bench->rig->guard));
	bench->floor = floor_new(bench->rig->port);
	bench->watcher = watcher_new((int[]){ floor_fd(bench->floor), bench->trace_fd }, 2);
	*state = bench;
	return 0;
}

static int teardown_commands(void **state)
{
	struct bench *bench = *state;

	watcher_free(bench->watcher);
	floor_free(bench->floor);
	rig_teardown((void **)&bench->rig);
	close(bench->trace_fd);
	free(bench);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(commands, setup_commands, teardown_commands),
		cmocka_unit_test_setup_teardown(idle, setup_idle, rig_teardown),
		cmocka_unit_test(soak),
	};

	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
