// SPDX-License-Identifier: MIT
//
// The whole system on missing lines of a real kernel: at the start, when the guard waits for them,
// and later, when its inputs are unknown. Runs inside: tests/kernel/run build/.../test_chair_lines
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gpiod.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pass.h"
#include "whole.h"

#define WATCHDOG_US   3000000  // WatchdogSec of the unit
#define LONGER_US     60000000 // than three starts a second apart
#define LAST_PAUSE_US 5000000  // between two tries of the guard, at most

// --- parts ------------------------------------------------------------------------------------

static void expect_logged(const struct process *process, const char *text)
{
	assert_true(process_logged((struct process *)process, text, SOON_MS));
}

static unsigned times_logged(struct process *process, const char *text)
{
	char *output = process_output(process);
	unsigned n = 0;

	for (const char *at = output; (at = strstr(at, text)); at += strlen(text))
		n++;
	free(output);
	return n;
}

static void expect_runs(struct process *process)
{
	assert_int_equal(process_wait(process, 0), -1);
}

// Another program's hold on a line of the chip.
struct holder {
	struct gpiod_chip *chip;
	struct gpiod_line_request *request;
};

static struct holder hold_line(struct simchip *from, unsigned offset)
{
	struct holder holder = { .chip = gpiod_chip_open(simchip_path(from)) };
	struct gpiod_request_config *name = gpiod_request_config_new();
	struct gpiod_line_config *lines = gpiod_line_config_new();

	gpiod_request_config_set_consumer(name, "holder");
	gpiod_line_config_add_line_settings(lines, &offset, 1, NULL);
	holder.request = gpiod_chip_request_lines(holder.chip, name, lines);
	assert_non_null(holder.request);
	gpiod_line_config_free(lines);
	gpiod_request_config_free(name);
	return holder;
}

static void hand_back(struct holder *holder)
{
	gpiod_line_request_release(holder->request);
	gpiod_chip_close(holder->chip);
}

static void unplug(struct whole *whole)
{
	bench_hardware_unplug(whole->hardware);
}

static void plug_in(struct whole *whole)
{
	bench_hardware_free(whole->hardware);
	whole->hardware = bench_hardware_new();
	whole->recorder = bench_hardware_watch(whole->hardware);
}

// --- systemd ----------------------------------------------------------------------------------

static int listen_as_systemd(const struct rig *rig)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char path[200], interval[20];

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", rig_path(rig, "notify", path));
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	snprintf(interval, sizeof(interval), "%d", WATCHDOG_US);
	setenv("NOTIFY_SOCKET", path, 1);
	setenv("WATCHDOG_USEC", interval, 1);
	return fd;
}

static int teardown_systemd(void **state)
{
	unsetenv("NOTIFY_SOCKET");
	unsetenv("WATCHDOG_USEC");
	return whole_teardown(state);
}

static void next_notice(int fd, char text[512])
{
	ssize_t n = recv(fd, text, 511, 0);

	assert_true(n >= 0);
	text[n] = '\0';
}

static void expect_notice(int fd, const char *text)
{
	char notice[512];

	do
		next_notice(fd, notice);
	while (!strstr(notice, text));
}

// --- at the start -----------------------------------------------------------------------------

static void test_a_chip_that_appears_late(void **state)
{
	struct whole *whole = *state;
	struct rig *rig = whole->rig;

	unplug(whole);
	rig_start_broker(rig);
	rig->guard = whole_guard(whole, NULL);
	expect_logged(rig->guard, "there is no GPIO chip on this machine");
	rig_start_chaird(rig);
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "state",
		"\"occupied\":null,\"homed\":null,\"pressed\":null,\"estop_good\":null,"
		"\"guard\":false",
		SOON_MS);
	pass_us(LONGER_US);
	expect_runs(rig->guard);
	assert_int_equal(times_logged(rig->guard, "waiting for the lines"), 1);

	plug_in(whole);
	rig_expect(rig, 0, "state", "\"guard\":true", SOON_MS);
	assert_int_equal(times_logged(rig->guard, "all lines are available"), 1);
	whole_get_ready(whole);
	assert_true(rig_expect(rig, 0, "state", "\"estop_good\":true", SOON_MS));
}

static void test_a_line_that_another_program_holds(void **state)
{
	struct whole *whole = *state;
	struct holder holder = hold_line(bench_hardware_chip(whole->hardware), PRESS_PWM);
	int64_t freed_us;

	whole->rig->guard = whole_guard(whole, NULL);
	expect_logged(whole->rig->guard,
		"waiting for the lines: line GPIO22 is held by \"holder\"");
	pass_us(LONGER_US);
	expect_runs(whole->rig->guard);
	assert_int_equal(times_logged(whole->rig->guard, "waiting for the lines"), 1);

	hand_back(&holder);
	freed_us = monotonic_us();
	expect_logged(whole->rig->guard, "guard.sock");
	assert_true(monotonic_us() - freed_us <= LAST_PAUSE_US + PASS_AT_ONCE_US);
}

static void test_a_new_cause_is_logged(void **state)
{
	static const char *const others[] = { "RELAY" };
	struct whole *whole = *state;
	struct simchip *other;

	unplug(whole);
	whole->rig->guard = whole_guard(whole, NULL);
	expect_logged(whole->rig->guard, "there is no GPIO chip");
	assert_int_equal(simchip_new("other", others, 1, &other), 0);
	expect_logged(whole->rig->guard, "is on none of the 1 GPIO chips");
	pass_us(LONGER_US);
	assert_int_equal(times_logged(whole->rig->guard, "waiting for the lines"), 2);
	simchip_free(other);
}

static void test_a_name_that_is_on_no_chip(void **state)
{
	struct whole *whole = *state;

	whole_edit(whole->rig, "  seat",
		"  seat = { line = \"BCM6\"; active_low = true; bias = \"pull-up\"; };\n");
	whole->rig->guard = whole_guard(whole, NULL);
	expect_logged(whole->rig->guard, "line BCM6 is on none of the 1 GPIO chips");
	expect_logged(whole->rig->guard, "did you mean GPIO6?");
	pass_us(LONGER_US);
	expect_runs(whole->rig->guard);

	process_signal(whole->rig->guard, SIGTERM);
	assert_int_equal(process_wait(whole->rig->guard, SOON_MS), 0);
	expect_logged(whole->rig->guard, "asked to end");
}

static void test_a_chair_file_that_is_wrong_is_not_waited_for(void **state)
{
	struct whole *whole = *state;

	whole_edit(whole->rig, "  seat", "  seat = { lime = \"GPIO6\"; };\n");
	whole->rig->guard = whole_guard(whole, NULL);
	assert_int_equal(WEXITSTATUS(process_wait(whole->rig->guard, SOON_MS)), 78);
}

// The unit is active while it waits: neither a start nor the watchdog times out.
static void test_systemd_while_it_waits(void **state)
{
	struct whole *whole = *state;
	int fd = listen_as_systemd(whole->rig);
	struct holder holder = hold_line(bench_hardware_chip(whole->hardware), PRESS_PWM);
	char notice[512];
	int64_t fed_us;

	whole->rig->guard = whole_guard(whole, NULL);
	do
		next_notice(fd, notice);
	while (!strstr(notice, "READY=1"));
	assert_non_null(strstr(notice,
		"STATUS=waiting for the lines: line GPIO22 is held by \"holder\""));
	fed_us = monotonic_us();
	for (int i = 0; i < 20; i++) {
		expect_notice(fd, "WATCHDOG=1");
		assert_true(monotonic_us() - fed_us < WATCHDOG_US);
		fed_us = monotonic_us();
	}
	hand_back(&holder);
	expect_notice(fd, "STATUS=off");
	for (int i = 0; i < 4; i++)
		expect_notice(fd, "WATCHDOG=1");
	close(fd);
}

// --- later ------------------------------------------------------------------------------------

static void test_an_unplugged_chip_makes_inputs_unknown(void **state)
{
	struct whole *whole = *state;
	size_t mark = client_mark(whole->rig->client);

	unplug(whole);
	rig_publish(whole->rig, "request/start", "{\"args\":{\"profile\":\"press\"}}");
	rig_expect(whole->rig, mark, "state", "\"code\":\"hal\"", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"occupied\":null,\"homed\":null", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"estop_good\":null,\"guard\":true", SOON_MS);
	expect_logged(whole->rig->guard, "a line could not be written or read: GPIO");
	expect_logged(whole->rig->guard, ": No such device");
}

// The first reason stays, with inputs that are unknown now.
static void test_an_unplugged_chip_after_an_estop(void **state)
{
	struct whole *whole = *state;
	size_t mark = client_mark(whole->rig->client);

	bench_hardware_estop(whole->hardware, true);
	rig_expect(whole->rig, mark, "state", "\"estop_good\":false,\"guard\":true", SOON_MS);
	unplug(whole);
	rig_publish(whole->rig, "request/stop", "{}");
	rig_expect(whole->rig, mark, "state", "\"estop_good\":null,\"guard\":true", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"code\":\"estop\"", SOON_MS);
}

#define test(name)         cmocka_unit_test_setup_teardown(name, whole_setup_bare, whole_teardown)
#define test_systemd(name) cmocka_unit_test_setup_teardown(name, whole_setup_bare, teardown_systemd)
#define test_running(name) cmocka_unit_test_setup_teardown(name, whole_setup, whole_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(test_a_chip_that_appears_late),
		test(test_a_line_that_another_program_holds),
		test(test_a_new_cause_is_logged),
		test(test_a_name_that_is_on_no_chip),
		test(test_a_chair_file_that_is_wrong_is_not_waited_for),
		test_systemd(test_systemd_while_it_waits),
		test_running(test_an_unplugged_chip_makes_inputs_unknown),
		test_running(test_an_unplugged_chip_after_an_estop),
	};

	return cmocka_run_group_tests_name("chair lines", tests, NULL, NULL);
}
