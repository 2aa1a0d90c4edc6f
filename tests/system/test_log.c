// SPDX-License-Identifier: MIT
//
// A log that nobody reads: the daemons continue, the guard's watchdog is fed, and the number of
// lost messages is logged when the reader continues. stderr is a full FIFO of this test.
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "rig.h"

#define WATCHDOG_MS 1000
#define FIFO_SIZE   16384

struct log {
	struct rig *rig;
	int fifo, notify; // of this test
	struct process *guard;
};

static void bind_notify(struct log *log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[200];

	rig_path(log->rig, "notify", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%.100s", path);
	log->notify = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(log->notify, (struct sockaddr *)&address, sizeof(address)), 0);
}

static int set_up(void **state)
{
	struct log *log = calloc(1, sizeof(*log));
	char path[200];
	void *rig;

	rig_setup_bare(&rig);
	log->rig = rig;
	assert_int_equal(mkfifo(rig_path(log->rig, "log", path), 0600), 0);
	log->fifo = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	assert_true(fcntl(log->fifo, F_SETPIPE_SZ, FIFO_SIZE) >= FIFO_SIZE);
	bind_notify(log);
	*state = log;
	return 0;
}

static int tear_down(void **state)
{
	struct log *log = *state;
	void *rig = log->rig;

	process_free(log->guard);
	close(log->fifo);
	close(log->notify);
	free(log);
	return rig_teardown(&rig);
}

// Connect stderr to the FIFO, and open the socket of a service manager.
static struct process *start(struct log *log, const char *program, const char *options)
{
	const char *build = getenv("CHAIRD_BUILD");
	char command[1200], notify[200], interval[40];
	const char *const argv[] = { "sh", "-c", command, NULL };
	const char *const env[] = { notify, interval, NULL };

	snprintf(command, sizeof(command), "exec %s/%s %s 2>%s/log",
		build ? build : "build/default", program, options, log->rig->dir);
	snprintf(notify, sizeof(notify), "NOTIFY_SOCKET=%s/notify", log->rig->dir);
	snprintf(interval, sizeof(interval), "WATCHDOG_USEC=%d", WATCHDOG_MS * 1000);
	return process_start(argv, env);
}

static void start_guard(struct log *log)
{
	char options[600];

	snprintf(options, sizeof(options), "--backend=sim --chair=%s --socket=%s/guard.sock",
		log->rig->chair_file, log->rig->dir);
	log->guard = start(log, "chairguard", options);
}

// True if a datagram with this beginning arrives within the time.
static bool notified(struct log *log, const char *text, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000);
	struct pollfd ready = { .fd = log->notify, .events = POLLIN };
	char got[512];

	for (int64_t now_us; (now_us = monotonic_us()) < until_us;) {
		ssize_t n;

		if (poll(&ready, 1, (int)((until_us - now_us) / 1000) + 1) != 1)
			break;
		n = recv(log->notify, got, sizeof(got) - 1, MSG_DONTWAIT);
		got[n > 0 ? n : 0] = '\0';
		if (strncmp(got, text, strlen(text)) == 0)
			return true;
	}
	return false;
}

static void fill(struct log *log)
{
	while (write(log->fifo, ".", 1) == 1)
		;
}

static void drain(struct log *log)
{
	char chunk[4096];

	while (read(log->fifo, chunk, sizeof(chunk)) > 0)
		;
}

static bool logged(struct log *log, const char *text, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000);
	struct pollfd ready = { .fd = log->fifo, .events = POLLIN };
	char text_read[8192] = "";
	size_t n = 0;

	while (!strstr(text_read, text) && monotonic_us() < until_us && n < sizeof(text_read) - 1) {
		ssize_t more;

		poll(&ready, 1, 100);
		more = read(log->fifo, text_read + n, sizeof(text_read) - 1 - n);
		n += more > 0 ? (size_t)more : 0;
		text_read[n] = '\0';
	}
	return strstr(text_read, text);
}

// A controller that connects and disconnects: two lines in the guard's log.
static void connect_and_close(struct log *log)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char path[200], byte;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	const struct {
		uint32_t magic, rest[3];
	} nonsense = { 0 };

	rig_path(log->rig, "guard.sock", path);
	snprintf(address.sun_path, sizeof(address.sun_path), "%.100s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	send(fd, &nonsense, sizeof(nonsense), MSG_NOSIGNAL);
	(void)!recv(fd, &byte, 1, MSG_DONTWAIT);
	close(fd);
}

static void a_blocked_log_does_not_starve_the_watchdog(void **state)
{
	struct log *log = *state;

	start_guard(log);
	assert_true(notified(log, "READY=1", SOON_MS));
	assert_true(notified(log, "WATCHDOG=1", SOON_MS));
	fill(log);
	for (int i = 0; i < 20; i++)
		connect_and_close(log);
	// Notifications from before the log was full do not count.
	assert_true(notified(log, "WATCHDOG=1", SOON_MS));
	for (int i = 0; i < 6; i++) { // three intervals
		connect_and_close(log);
		assert_true(notified(log, "WATCHDOG=1", WATCHDOG_MS));
	}

	drain(log);
	connect_and_close(log);
	assert_true(logged(log, "messages were lost: the log was full", SOON_MS));

	// It ends on a signal, with the log full again.
	fill(log);
	process_signal(log->guard, SIGTERM);
	assert_int_equal(process_wait(log->guard, SOON_MS), 0);
}

// The log is full before the start.
static void a_full_log_does_not_keep_it_from_starting(void **state)
{
	struct log *log = *state;

	fill(log);
	start_guard(log);
	assert_true(notified(log, "READY=1", SOON_MS));
	assert_true(notified(log, "WATCHDOG=1", SOON_MS));
	process_signal(log->guard, SIGTERM);
	assert_int_equal(process_wait(log->guard, SOON_MS), 0);
}

// A stopped guard does not feed the watchdog.
static void a_guard_that_stands_still_starves_it(void **state)
{
	struct log *log = *state;

	start_guard(log);
	assert_true(notified(log, "WATCHDOG=1", SOON_MS));
	process_signal(log->guard, SIGSTOP);
	while (notified(log, "", 0)) // what was sent before
		;
	assert_false(notified(log, "WATCHDOG=1", 2 * WATCHDOG_MS));
	process_signal(log->guard, SIGCONT);
	assert_true(notified(log, "WATCHDOG=1", SOON_MS));
}

// The same for the controller: a session continues, and stops on request.
static void a_blocked_log_does_not_stop_the_controller(void **state)
{
	struct log *log = *state;
	struct rig *rig = log->rig;
	char options[300];
	size_t mark;

	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	snprintf(options, sizeof(options), "--config=%s/chaird.cfg", rig->dir);
	fill(log);
	rig->chaird = start(log, "chaird", options);
	rig_listen(rig);
	mark = rig_hold(rig, "press", NULL);
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_go(rig);
	drain(log);
	rig_publish(rig, "request/home", "{}"); // its phases are logged
	assert_true(logged(log, "messages were lost: the log was full", SOON_MS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_blocked_log_does_not_starve_the_watchdog, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_full_log_does_not_keep_it_from_starting, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_guard_that_stands_still_starves_it, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_blocked_log_does_not_stop_the_controller, set_up,
			tear_down),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
