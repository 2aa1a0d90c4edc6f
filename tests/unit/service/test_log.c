// SPDX-License-Identifier: MIT
//
// Log messages on stderr and in the journal, and notifications of systemd.
#include <errno.h>
#include <fcntl.h>
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

#include "service/journald.h"
#include "service/log.h"
#include "service/notify.h"

// Capture the output of a function to stderr.
static void captured(void (*write_to_stderr)(void), char *text, size_t size)
{
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	write_to_stderr();
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(fds[0], text, size - 1);
	text[n > 0 ? n : 0] = 0;
	close(fds[0]);
}

static void log_levels(void)
{
	log_open("tester", LOG_INFO);
	log_error("%d of %s", 3, "them");
	log_debug("not shown");
	log_fields(LOG_INFO, "with fields", (const char *[]){ "CHAIRD_PHASE=hold", NULL });
}

static void plain_lines_on_stderr(void **state)
{
	char text[256];

	(void)state;
	unsetenv("JOURNAL_STREAM");
	captured(log_levels, text, sizeof(text));
	assert_string_equal(text, "tester: 3 of them\ntester: with fields\n");
}

// JOURNAL_STREAM is set, but stderr is connected to something else.
static void a_redirected_stderr_stays_plain(void **state)
{
	char text[256];

	(void)state;
	setenv("JOURNAL_STREAM", "1:2", 1);
	captured(log_levels, text, sizeof(text));
	unsetenv("JOURNAL_STREAM");
	assert_non_null(strstr(text, "3 of them"));
}

static void speak_at_length(void)
{
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	log_open("tester", LOG_INFO);
	log_info("%s", text);
}

static void long_messages_are_cut(void **state)
{
	char text[8192];

	(void)state;
	captured(speak_at_length, text, sizeof(text));
	assert_in_range(strlen(text), 1000, 1100);
	assert_int_equal(text[strlen(text) - 1], '\n');
}

// A small pipe as stderr, filled with dots.
static int full_stderr(int *ret_saved)
{
	int fds[2], filler;

	assert_int_equal(pipe(fds), 0);
	assert_true(fcntl(fds[1], F_SETPIPE_SZ, 16384) >= 16384);
	*ret_saved = dup(STDERR_FILENO);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	filler = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK);
	assert_true(filler >= 0);
	while (write(filler, ".", 1) == 1)
		;
	close(filler);
	return fds[0];
}

static void a_full_pipe_loses_messages_without_blocking(void **state)
{
	char text[32768];
	int saved, fd = full_stderr(&saved);
	ssize_t n;

	(void)state;
	alarm(10); // a blocking log would never return
	log_open("tester", LOG_INFO);
	for (int i = 0; i < 3; i++)
		log_info("lost %d", i);
	n = read(fd, text, sizeof(text)); // the reader continues
	assert_true(n > 0 && text[n - 1] == '.');
	log_info("taken");
	log_info("and this");
	n = read(fd, text, sizeof(text) - 1);
	alarm(0);
	text[n > 0 ? n : 0] = 0;
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	assert_string_equal(text,
		"tester: 3 messages were lost: the log was full\ntester: taken\n"
		"tester: and this\n");
}

// A socket that nobody reads, as a service manager may provide for stderr.
static void a_full_socket_loses_messages_without_blocking(void **state)
{
	int fds[2], saved = dup(STDERR_FILENO);
	char text[65536];
	ssize_t n;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	dup2(fds[1], STDERR_FILENO);
	alarm(10);
	log_open("tester", LOG_INFO);
	for (int i = 0; i < 10000; i++)
		log_info("one of many");
	while ((n = recv(fds[0], text, sizeof(text) - 1, MSG_DONTWAIT)) > 0)
		;
	log_info("taken");
	n = recv(fds[0], text, sizeof(text) - 1, MSG_DONTWAIT);
	alarm(0);
	text[n > 0 ? n : 0] = 0;
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fds[0]);
	close(fds[1]);
	assert_non_null(strstr(text, " messages were lost: the log was full\ntester: taken\n"));
}

static void expect(int fd, const char *text)
{
	char got[512];
	ssize_t n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);

	assert_true(n >= 0);
	got[n] = 0;
	assert_memory_equal(got, text, strlen(text));
}

// A datagram socket in a folder of its own.
static int listener(struct sockaddr_un *address)
{
	char dir[] = "/tmp/chaird-notify-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	assert_non_null(mkdtemp(dir));
	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(address->sun_path, sizeof(address->sun_path), "%s/socket", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)address, sizeof(*address)), 0);
	return fd;
}

static void listener_free(int fd, struct sockaddr_un *address)
{
	close(fd);
	unlink(address->sun_path);
	*strrchr(address->sun_path, '/') = '\0';
	rmdir(address->sun_path);
}

static void the_journal_gets_its_fields(void **state)
{
	static const char *const fields[] = { "CHAIRD_PHASE=hold", "CHAIRD_POINT=a\nFORGED=1",
		NULL };
	static const char *const none[] = { NULL };
	struct sockaddr_un address;
	int fd = listener(&address), r = 0;

	(void)state;
	r = journald_send(address.sun_path, "tester", LOG_WARNING, "two\nlines", fields);
	assert_int_equal(r, 0);
	expect(fd,
		"MESSAGE=two lines\nPRIORITY=4\nSYSLOG_IDENTIFIER=tester\nCHAIRD_PHASE=hold\n"
		"CHAIRD_POINT=a FORGED=1\n");
	alarm(10);
	for (int i = 0; i < 100000 && r == 0; i++) // until its queue is full
		r = journald_send(address.sun_path, "tester", LOG_INFO, "x", none);
	alarm(0);
	assert_int_equal(r, -EAGAIN);
	listener_free(fd, &address);
	assert_int_equal(journald_send("/nowhere", "tester", LOG_INFO, "x", none), -ENOENT);
}

static void systemd_is_notified(void **state)
{
	struct sockaddr_un address;
	int fd = listener(&address);

	(void)state;
	setenv("NOTIFY_SOCKET", address.sun_path, 1);
	notify_ready("off");
	expect(fd, "READY=1\nSTATUS=off");
	notify_status("%s: %d", "hold", 7);
	expect(fd, "STATUS=hold: 7");
	notify_watchdog();
	expect(fd, "WATCHDOG=1");
	notify_reloading();
	expect(fd, "RELOADING=1\nMONOTONIC_USEC=");
	notify_stopping();
	expect(fd, "STOPPING=1");
	alarm(10); // a status may be lost, but must not block
	for (int i = 0; i < 10000; i++)
		notify_status("nobody reads this");
	alarm(0);
	unsetenv("NOTIFY_SOCKET");
	listener_free(fd, &address);
}

static void without_systemd_nothing_happens(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	notify_ready("off");
	notify_status("still %s", "here");
	assert_int_equal(notify_watchdog_interval_us(), 0);
	assert_int_equal(notify_listen_fd(), -1);
	setenv("WATCHDOG_USEC", "2000000", 1);
	assert_int_equal(notify_watchdog_interval_us(), 2000000);
	unsetenv("WATCHDOG_USEC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_lines_on_stderr),
		cmocka_unit_test(a_redirected_stderr_stays_plain),
		cmocka_unit_test(long_messages_are_cut),
		cmocka_unit_test(a_full_pipe_loses_messages_without_blocking),
		cmocka_unit_test(a_full_socket_loses_messages_without_blocking),
		cmocka_unit_test(the_journal_gets_its_fields),
		cmocka_unit_test(systemd_is_notified),
		cmocka_unit_test(without_systemd_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
