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
// median of the rounds' ratios. Before each message everything rests for the same time, because a
// process that has just run is several times as fast as one that has slept: the floor takes 30 us
// right after another message and 200 us after 100 ms of rest. Idle is measured beside an MQTT
// client in C that has nothing to do. Nothing is judged here.
//
// The simulated chair takes little on these ways: its plant costs a microsecond, a line of its
// trace as much as a write of GPIO lines, and a turn of its clock is granted only between the two
// frames of a start, after the first. In the test kernel (bench_estop.c), whose chip has real
// lines, they would be distorted: a system call or a change of process takes 10 to 50 times as long
// there, computing does not, and all share one processor. Its floor is 1.7 ms, and start and stop
// would be little else than counts of system calls (3.0 and 1.2 times the floor).
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

#define ROUNDS       60
#define IDLE_S       20
#define PRESS_US     300000 // into the press: its motor runs
#define REST_US      100000 // before a start and its floor
#define MOVE_REST_US 10000  // in a press, where the daemons run every 20 ms

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

static double floor_round(struct rig *rig, struct floor *floor, int rest_us, const char *payload)
{
	int64_t from_us;

	usleep((useconds_t)rest_us);
	from_us = monotonic_us();
	client_publish(rig->client, FLOOR_TOPIC, payload, strlen(payload), 0, false, NULL);
	return (double)(floor_wait(floor) - from_us);
}

static double publish_and_wait(struct rig *rig, int fd, int rest_us, const char *topic,
	const char *payload, const char *change)
{
	char full[100];
	int64_t from_us;

	rig_topic(rig, topic, full);
	usleep((useconds_t)rest_us);
	skip_trace(fd);
	from_us = monotonic_us();
	client_publish(rig->client, full, payload, strlen(payload), 0, false, NULL);
	return (double)(wait_for_pin(fd, change) - from_us);
}

// A message first, so that the floor's processes have rested no longer than the daemons.
static void measure_start(struct rig *rig, struct floor *floor, int fd, int round,
	struct row_pair *ret)
{
	char text[100];

	snprintf(text, sizeof(text), "{\"id\":\"b%d\",\"args\":{\"profile\":\"press\"}}", round);
	floor_round(rig, floor, 0, text);
	ret->floor_us = floor_round(rig, floor, REST_US, text);
	ret->ours_us = publish_and_wait(rig, fd, REST_US, "request/start", text, "GPIO");
	wait_for_pin(fd, "GPIO17 1");
}

static void measure_stop(struct rig *rig, struct floor *floor, int fd, struct row_pair *ret)
{
	size_t mark;

	floor_round(rig, floor, 0, "stop");
	ret->floor_us = floor_round(rig, floor, MOVE_REST_US, "stop");
	mark = client_mark(rig->client);
	ret->ours_us = publish_and_wait(rig, fd, MOVE_REST_US, "set/session", "stop", "GPIO17 0");
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
}

static void commands(void **state)
{
	struct rig *rig = *state;
	struct floor *floor = floor_new(rig->port);
	struct row_pair starts[ROUNDS], stops[ROUNDS];
	char path[200];
	int fd = open(rig_path(rig, "pins", path), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	floor_priority(process_pid(rig->guard));
	for (int i = -1; i < ROUNDS; i++) { // the first one warms up
		int k = i < 0 ? 0 : i;

		measure_start(rig, floor, fd, i, &starts[k]);
		usleep(PRESS_US); // a figure, not a verdict, hangs on it
		measure_stop(rig, floor, fd, &stops[k]);
	}
	close(fd);
	floor_free(floor);
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
	for (int i = 0; i < 3; i++)
		before[i] = wakeups(process_pid(processes[i]));
	sleep(IDLE_S); // nothing to wait for: the figure is what happens in this time
	for (int i = 0; i < 3; i++)
		print_idle(names[i], process_pid(processes[i]), before[i]);
	process_free(client);
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
