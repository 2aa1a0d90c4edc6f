// SPDX-License-Identifier: MIT
//
// Messages as they arrive: on stderr, and at systemd's notification socket.
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

#include "service/log.h"
#include "service/notify.h"

// What the function writes to stderr.
static void captured(void (*speak)(void), char *text, size_t size)
{
	int fds[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDERR_FILENO);
	close(fds[1]);
	speak();
	dup2(saved, STDERR_FILENO);
	close(saved);
	n = read(fds[0], text, size - 1);
	text[n > 0 ? n : 0] = 0;
	close(fds[0]);
}

static void speak_levels(void)
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
	captured(speak_levels, text, sizeof(text));
	assert_string_equal(text, "tester: 3 of them\ntester: with fields\n");
}

// Somebody's journal, but not what stderr is connected to.
static void a_redirected_stderr_stays_plain(void **state)
{
	char text[256];

	(void)state;
	setenv("JOURNAL_STREAM", "1:2", 1);
	captured(speak_levels, text, sizeof(text));
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

static void expect(int fd, const char *text)
{
	char got[512];
	ssize_t n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);

	assert_true(n >= 0);
	got[n] = 0;
	assert_memory_equal(got, text, strlen(text));
}

static void systemd_is_told(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char dir[] = "/tmp/chaird-notify-XXXXXX";
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s/notify", dir);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
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
	unsetenv("NOTIFY_SOCKET");
	close(fd);
	unlink(address.sun_path);
	rmdir(dir);
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
		cmocka_unit_test(systemd_is_told),
		cmocka_unit_test(without_systemd_nothing_happens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
