// SPDX-License-Identifier: MIT
//
// `make bench`: figures of the running daemons with the simulated bench chair at speed 1.
//
//   start -> pin   from publishing a start (QoS 0) to the first changed pin in the trace, as seen
//                  by a reader that spins on the file; its floor is publish -> callback of the same
//                  client and broker in the same run
//   idle           memory (PSS) and voluntary context switches of each daemon, nothing running
//
// Every figure is printed with its floor or its unit; nothing is judged here.
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

#define ROUNDS 60
#define IDLE_S 20

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t quantile(int64_t *sorted, int n, int percent)
{
	int rank = (n * percent + 99) / 100;

	return sorted[rank > 0 ? rank - 1 : 0];
}

// Spin until the file grows: when it did, or -1 after two seconds.
static int64_t wait_for_growth(int fd, int64_t *size)
{
	int64_t end_us = monotonic_us() + 2000000;

	while (monotonic_us() < end_us) {
		int64_t now = lseek(fd, 0, SEEK_END);

		if (now != *size) {
			*size = now;
			return monotonic_us();
		}
	}
	return -1;
}

static void start_to_pin(void **state)
{
	struct rig *rig = *state;
	int64_t floor_us[ROUNDS], pin_us[ROUNDS];
	char path[200], topic[100], text[100];
	int fd = open(rig_path(rig, "pins", path), O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	for (int i = 0; i < ROUNDS; i++) {
		size_t mark = client_mark(rig->client);
		int64_t size = lseek(fd, 0, SEEK_END), from_us = monotonic_us();

		client_publish(rig->client, "bench/echo", "x", 1, 0, false, NULL);
		floor_us[i] = client_wait(rig->client, mark, "bench/echo", NULL, SOON_MS)->at_us - from_us;

		snprintf(text, sizeof(text), "{\"id\":\"b%d\",\"args\":{\"profile\":\"press\"}}", i);
		rig_topic(rig, "request/start", topic);
		mark = client_mark(rig->client);
		from_us = monotonic_us();
		client_publish(rig->client, topic, text, strlen(text), 0, false, NULL);
		pin_us[i] = wait_for_growth(fd, &size) - from_us;
		assert_true(pin_us[i] > 0);
		rig_say(rig, "set/session", "stop");
		rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
		assert_true(follower_wait_safe(rig->pins, from_us, SOON_MS) > 0);
	}
	close(fd);
	qsort(floor_us, ROUNDS, sizeof(*floor_us), compare);
	qsort(pin_us, ROUNDS, sizeof(*pin_us), compare);
	printf("start -> first pin, %d rounds:  p50 %ld us  p99 %ld us\n", ROUNDS,
		(long)quantile(pin_us, ROUNDS, 50), (long)quantile(pin_us, ROUNDS, 99));
	printf("publish -> callback (floor):   p50 %ld us  p99 %ld us   ratio p50 %.1f  p99 %.1f\n",
		(long)quantile(floor_us, ROUNDS, 50), (long)quantile(floor_us, ROUNDS, 99),
		(double)quantile(pin_us, ROUNDS, 50) / quantile(floor_us, ROUNDS, 50),
		(double)quantile(pin_us, ROUNDS, 99) / quantile(floor_us, ROUNDS, 99));
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
		printf("idle %-10s  PSS %ld KiB  RSS %ld KiB  wake-ups %.2f/s over %d s\n", names[i],
			proc_value(path, "Pss:"), proc_value(path, "Rss:"),
			(double)(wakeups(pid) - before[i]) / IDLE_S, IDLE_S);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(start_to_pin, rig_setup_bench, rig_teardown),
		cmocka_unit_test_setup_teardown(idle, rig_setup_bench, rig_teardown),
	};

	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
