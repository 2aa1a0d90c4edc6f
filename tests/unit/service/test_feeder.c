// SPDX-License-Identifier: MIT
//
// Feeder of systemd's watchdog, and the detector of a suspend.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/units.h"
#include "service/feeder.h"
#include "service/suspend.h"

// A service manager in the abstract namespace.
static int listen_as(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path + 1, name);
	assert_int_equal(bind(fd, (struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
					 strlen(name))),
		0);
	return fd;
}

static int datagrams(int fd)
{
	char got[64];
	ssize_t n;
	int count = 0;

	while ((n = recv(fd, got, sizeof(got), MSG_DONTWAIT)) > 0) {
		assert_int_equal(n, strlen("WATCHDOG=1"));
		assert_memory_equal(got, "WATCHDOG=1", n);
		count++;
	}
	return count;
}

// Open a feeder with an interval of 3 s, and return its manager's socket.
static int open_feeder(struct feeder *feeder)
{
	char name[64], path[65];
	int fd;

	snprintf(name, sizeof(name), "chaird-feeder-%d", getpid());
	snprintf(path, sizeof(path), "@%s", name);
	fd = listen_as(name);
	setenv("NOTIFY_SOCKET", path, 1);
	setenv("WATCHDOG_USEC", "3000000", 1);
	assert_int_equal(feeder_open(feeder), 0);
	return fd;
}

static void it_feeds_twice_an_interval(void **state)
{
	struct feeder feeder;
	int fd = open_feeder(&feeder);

	(void)state;
	assert_true(feeder.due_us <= 5 * US_PER_S);
	for (int64_t now_us = 5 * US_PER_S; now_us < 11 * US_PER_S; now_us += 10 * US_PER_MS)
		feeder_feed(&feeder, now_us);
	assert_int_equal(datagrams(fd), 4);
	feeder_close(&feeder);
	feeder_feed(&feeder, 60 * US_PER_S);
	assert_int_equal(datagrams(fd), 0);
	close(fd);
}

// While nobody reads, nothing blocks, and the next try is soon.
static void it_does_not_wait_for_a_manager_that_does_not_read(void **state)
{
	struct feeder feeder;
	int fd = open_feeder(&feeder);
	int64_t now_us = 0;

	(void)state;
	alarm(10); // a blocking send would never return
	do {
		now_us = feeder.due_us;
		feeder_feed(&feeder, now_us);
	} while (feeder.due_us - now_us == 1500 * US_PER_MS && now_us < 1000000 * US_PER_S);
	alarm(0);
	assert_in_range(feeder.due_us - now_us, 1, 200 * US_PER_MS);
	assert_true(datagrams(fd) > 0);
	now_us = feeder.due_us;
	feeder_feed(&feeder, now_us);
	assert_int_equal(datagrams(fd), 1);
	assert_int_equal(feeder.due_us - now_us, 1500 * US_PER_MS);
	feeder_close(&feeder);
	close(fd);
}

static void without_systemd_it_is_never_due(void **state)
{
	struct feeder feeder;

	(void)state;
	unsetenv("WATCHDOG_USEC");
	assert_int_equal(feeder_open(&feeder), 0);
	assert_true(feeder.due_us == TIME_NEVER);
	feeder_feed(&feeder, 1);
	setenv("WATCHDOG_USEC", "3000000", 1);
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(feeder_open(&feeder), 0);
	assert_true(feeder.due_us == TIME_NEVER);
	feeder_close(&feeder);
}

static void a_suspend_is_noticed_once(void **state)
{
	struct suspend suspend = { 0 };

	(void)state;
	// A suspend of an hour before the start of this program does not count.
	assert_false(suspend_update(&suspend, 3600 * US_PER_S + 1000, 1000));
	assert_false(suspend_update(&suspend, 3600 * US_PER_S + 2000, 2000));
	// A delay of a second between the two readings is no suspend, nor is the next reading.
	assert_false(suspend_update(&suspend, 3600 * US_PER_S + 3000, 3000 + US_PER_S));
	assert_false(suspend_update(&suspend, 3601 * US_PER_S + 4000, 4000 + US_PER_S));
	// A suspend of two seconds.
	assert_true(suspend_update(&suspend, 3604 * US_PER_S, 2 * US_PER_S));
	assert_false(suspend_update(&suspend, 3605 * US_PER_S, 3 * US_PER_S));
	assert_true(suspend_update(&suspend, 3605 * US_PER_S + 100 * US_PER_MS, 3 * US_PER_S));
}

static void this_machine_is_awake(void **state)
{
	struct suspend suspend = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_false(suspend_happened(&suspend));
	suspend.asleep_us -=
		US_PER_S; // as if the last reading had been before a suspend of a second
	assert_true(suspend_happened(&suspend));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_feeds_twice_an_interval),
		cmocka_unit_test(it_does_not_wait_for_a_manager_that_does_not_read),
		cmocka_unit_test(without_systemd_it_is_never_due),
		cmocka_unit_test(a_suspend_is_noticed_once),
		cmocka_unit_test(this_machine_is_awake),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
