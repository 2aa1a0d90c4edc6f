// SPDX-License-Identifier: MIT
//
// Tests of the bench: the properties of the test kernel, its simulated chips and sensors, that the
// other kernel tests rely on. Runs inside: tests/kernel/run build/.../test_bench
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <gpiod.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pass.h"
#include "simchip.h"
#include "tests/system/process.h"

enum { LINE_FREE = 0, LINE_MOTOR = 1, LINE_SEAT = 2, N_LINES = 3 };
enum { EVENT_WAIT_S = 1, N_SLEEPS = 1000, SPINS = 30000000 };
enum { NS_PER_US = 1000, NS_PER_MS = 1000000, NS_PER_S = 1000000000 };
enum { LOOK_NS = 256 }; // the time that a read of the clock takes

#define HOUR_US INT64_C(3600000000)

static const char *const line_names[N_LINES] = { NULL, "GPIO17", "GPIO22" };

static int chip_setup(void **state)
{
	return simchip_new("bench", line_names, N_LINES, (struct simchip **)state);
}

static int chip_teardown(void **state)
{
	*state = simchip_free(*state);
	return 0;
}

// Requests one line by its name.
static struct gpiod_line_request *request(const struct simchip *sim, const char *name,
	struct gpiod_line_settings *settings)
{
	struct gpiod_chip *chip = gpiod_chip_open(simchip_path(sim));
	assert_non_null(chip);
	int offset = gpiod_chip_get_line_offset_from_name(chip, name);
	assert_true(offset >= 0);

	struct gpiod_line_config *config = gpiod_line_config_new();
	assert_int_equal(gpiod_line_config_add_line_settings(config, &(unsigned int){ offset }, 1,
				 settings),
		0);
	struct gpiod_line_request *lines = gpiod_chip_request_lines(chip, NULL, config);
	assert_non_null(lines);

	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	gpiod_chip_close(chip);
	return lines;
}

static struct gpiod_line_settings *output(enum gpiod_line_value value)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();

	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT);
	gpiod_line_settings_set_output_value(settings, value);
	return settings;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

// Search for a line as the daemons do: on every chip, by its name.
static void test_line_is_found_by_name(void **state)
{
	const char *found = NULL;
	char path[300];
	DIR *dev = opendir("/dev");

	for (struct dirent *entry; !found && (entry = readdir(dev));) {
		snprintf(path, sizeof path, "/dev/%s", entry->d_name);
		if (!gpiod_is_gpiochip_device(path))
			continue;
		struct gpiod_chip *chip = gpiod_chip_open(path);
		struct gpiod_chip_info *info = gpiod_chip_get_info(chip);
		if (gpiod_chip_get_line_offset_from_name(chip, "GPIO22") == LINE_SEAT &&
			strcmp(gpiod_chip_info_get_label(info), "bench") == 0)
			found = path;
		gpiod_chip_info_free(info);
		gpiod_chip_close(chip);
	}
	closedir(dev);
	assert_non_null(found);
	assert_string_equal(found, simchip_path(*state));
}

static void test_two_chips_may_have_one_label(void **state)
{
	struct simchip *other = NULL;

	assert_int_equal(simchip_new("bench", line_names, N_LINES, &other), 0);
	assert_string_not_equal(simchip_path(other), simchip_path(*state));
	simchip_free(other);
	assert_int_equal(simchip_level(*state, LINE_SEAT), 0);
}

static void test_output_level_is_seen_from_outside(void **state)
{
	struct gpiod_line_request *line = request(*state, "GPIO17",
		output(GPIOD_LINE_VALUE_ACTIVE));

	assert_int_equal(simchip_level(*state, LINE_MOTOR), 1);
	gpiod_line_request_set_value(line, LINE_MOTOR, GPIOD_LINE_VALUE_INACTIVE);
	assert_int_equal(simchip_level(*state, LINE_MOTOR), 0);
	assert_int_equal(simchip_level(*state, LINE_FREE), 0);
	gpiod_line_request_release(line);
}

static void test_input_edge_carries_kernel_time(void **state)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
	struct gpiod_line_request *line = request(*state, "GPIO22", settings);
	struct gpiod_edge_event_buffer *events = gpiod_edge_event_buffer_new(4);

	uint64_t before_ns = now_ns();
	assert_int_equal(simchip_pull(*state, LINE_SEAT, true), 0);
	assert_int_equal(gpiod_line_request_wait_edge_events(line,
				 EVENT_WAIT_S * (int64_t)NS_PER_S),
		1);
	uint64_t after_ns = now_ns();

	assert_int_equal(gpiod_line_request_read_edge_events(line, events, 4), 1);
	struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(events, 0);
	assert_int_equal(gpiod_edge_event_get_event_type(event), GPIOD_EDGE_EVENT_RISING_EDGE);
	assert_in_range(gpiod_edge_event_get_timestamp_ns(event), before_ns, after_ns);
	assert_int_equal(gpiod_line_request_get_value(line, LINE_SEAT), GPIOD_LINE_VALUE_ACTIVE);

	gpiod_edge_event_buffer_free(events);
	gpiod_line_request_release(line);
}

// A process can wait for changes of a line without polling: it is notified.
static void test_output_notifies_that_it_was_set(void **state)
{
	struct gpiod_line_request *line = request(*state, "GPIO17",
		output(GPIOD_LINE_VALUE_INACTIVE));
	struct pollfd changed = { simchip_open_level(*state, LINE_MOTOR), POLLPRI, 0 };
	char level;

	assert_int_equal(pread(changed.fd, &level, 1, 0), 1);
	assert_int_equal(level, '0');
	assert_int_equal(poll(&changed, 1, 0), 0);
	gpiod_line_request_set_value(line, LINE_MOTOR, GPIOD_LINE_VALUE_ACTIVE);
	assert_int_equal(poll(&changed, 1, 0), 1);
	assert_int_equal(pread(changed.fd, &level, 1, 0), 1);
	assert_int_equal(level, '1');
	assert_int_equal(poll(&changed, 1, 0), 0);
	gpiod_line_request_release(line); // back to its pull
	assert_int_equal(poll(&changed, 1, 0), 1);
	close(changed.fd);
}

// The level of a motor line whose owner died by SIGKILL while it drove `driven`.
static int level_after_kill(struct simchip *chip, enum gpiod_line_value driven)
{
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t owner = fork();
	if (owner == 0) {
		request(chip, "GPIO17", output(driven));
		if (write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	assert_int_equal(simchip_level(chip, LINE_MOTOR), driven);
	kill(owner, SIGKILL);
	assert_int_equal(waitpid(owner, NULL, 0), owner);
	return simchip_level(chip, LINE_MOTOR);
}

// A simulated line falls back to its pull when its owner dies: like a Pi with strict_gpiod,
// unlike a Pi with persist_gpio_outputs=Y, which would keep its level.
static void test_killed_owner_leaves_the_line_to_its_pull(void **state)
{
	assert_int_equal(simchip_pull(*state, LINE_MOTOR, false), 0);
	assert_int_equal(level_after_kill(*state, GPIOD_LINE_VALUE_ACTIVE), 0);
	assert_int_equal(simchip_pull(*state, LINE_MOTOR, true), 0);
	assert_int_equal(level_after_kill(*state, GPIOD_LINE_VALUE_INACTIVE), 1);
}

static void assert_attribute(const struct simiio *iio, const char *name, const char *expected)
{
	char path[300], text[32] = "";
	snprintf(path, sizeof path, "%s/%s", simiio_path(iio), name);
	FILE *file = fopen(path, "re");

	assert_non_null(file);
	assert_non_null(fgets(text, sizeof text, file));
	fclose(file);
	text[strcspn(text, "\n")] = '\0';
	assert_string_equal(text, expected);
}

static void test_sensor_reads_as_documented(void **state)
{
	struct simiio *iio = NULL;

	(void)state;
	assert_int_equal(simiio_new("force", &iio), 0);
	assert_attribute(iio, "in_voltage0_raw", "73");
	assert_attribute(iio, "in_voltage0_offset", "7");
	assert_attribute(iio, "in_voltage0_scale", "0.001333");
	simiio_free(iio);
}

static void test_kernel_has_what_the_daemons_use(void **state)
{
	int pair[2];
	sigset_t none;

	(void)state;
	sigemptyset(&none);
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(send(pair[0], "frame", 5, 0), 5);
	assert_int_equal(recv(pair[1], (char[8]){ 0 }, 8, 0), 5);
	assert_int_equal(close(pair[0]) | close(pair[1]), 0);
	assert_int_equal(close(signalfd(-1, &none, SFD_CLOEXEC)), 0);
	assert_int_equal(close(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)), 0);
	assert_int_equal(close(memfd_create("shared", MFD_CLOEXEC)), 0);
	assert_int_equal(prctl(PR_SET_TIMERSLACK, 1), 0);
}

// The basis of the other tests' bounds: see pass.h.
static void test_computing_takes_no_time(void **state)
{
	uint64_t before_ns = now_ns();

	(void)state;
	for (volatile unsigned int i = 0; i < SPINS; i++)
		;
	assert_in_range(now_ns() - before_ns, 0, LOOK_NS);
}

static void test_waiting_leaps(void **state)
{
	int64_t before_us = monotonic_us(); // whole, as pass_us() reads it

	(void)state;
	pass_us(HOUR_US);
	assert_in_range(monotonic_us() - before_us, HOUR_US,
		HOUR_US + PASS_SLACK_US + PASS_AT_ONCE_US);
}

// A real-time tick wakes when it is due.
static void test_real_time_tick_runs(void **state)
{
	(void)state;
	assert_int_equal(mlockall(MCL_CURRENT | MCL_FUTURE), 0);
	assert_int_equal(sched_setscheduler(0, SCHED_FIFO,
				 &(struct sched_param){ .sched_priority = 50 }),
		0);
	uint64_t due_ns = now_ns(), latest_ns = 0;
	for (size_t i = 0; i < N_SLEEPS; i++) {
		due_ns += NS_PER_MS;
		struct timespec due = { due_ns / NS_PER_S, due_ns % NS_PER_S };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
		uint64_t woken_ns = now_ns();
		assert_true(woken_ns >= due_ns);
		if (woken_ns - due_ns > latest_ns)
			latest_ns = woken_ns - due_ns;
	}
	sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 });
	munlockall();
	print_message("1 ms tick, SCHED_FIFO: late by %lu ns at most\n", latest_ns);
	assert_in_range(latest_ns, 0, NS_PER_US); // some reads of the clock
}

#define test_with_chip(name) cmocka_unit_test_setup_teardown(name, chip_setup, chip_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_with_chip(test_line_is_found_by_name),
		test_with_chip(test_two_chips_may_have_one_label),
		test_with_chip(test_output_level_is_seen_from_outside),
		test_with_chip(test_input_edge_carries_kernel_time),
		test_with_chip(test_output_notifies_that_it_was_set),
		test_with_chip(test_killed_owner_leaves_the_line_to_its_pull),
		cmocka_unit_test(test_sensor_reads_as_documented),
		cmocka_unit_test(test_kernel_has_what_the_daemons_use),
		cmocka_unit_test(test_computing_takes_no_time),
		cmocka_unit_test(test_waiting_leaps),
		cmocka_unit_test(test_real_time_tick_runs),
	};

	return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}
