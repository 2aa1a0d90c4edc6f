// SPDX-License-Identifier: MIT
//
// Opening the lines of a real kernel with hal/hal_gpio.h: errors, safe-off after a killed owner,
// and sensors. Runs inside: tests/kernel/run build/.../test_lines_open
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard_harness.h"
#include "line_sampler.h"
#include "pass.h"
#include "tests/system/process.h"
#include "tests/unit/fixture.h"

#define EDGE_MS  1000
#define FORCE_US 12500 // between two looks at a sensor (hal/iio.c)

// --- errors of opening ------------------------------------------------------------------------

static void a_missing_line_is_named(void **state)
{
	struct guard_harness *harness = *state;

	strcpy(harness->chair.lines[chair_find_line(&harness->chair, "GPIO17")].name, "GPIO71");
	assert_int_equal(guard_harness_open(harness), -ENOENT);
	assert_null(harness->hal);
	guard_harness_assert_logged(harness,
		"line GPIO71 is on none of the 2 GPIO chips (14 lines searched)");
	guard_harness_assert_logged(harness, "; gpioinfo lists the names");
}

static void two_chips_with_one_name(void **state)
{
	static const char *const names[] = { "GPIO22" };
	struct guard_harness *harness = *state;
	struct simchip *third;
	int r;

	assert_int_equal(simchip_new("third", names, 1, &third), 0);
	r = guard_harness_open(harness);
	simchip_free(third);
	assert_int_equal(r, -ENOTUNIQ);
	assert_null(harness->hal);
	guard_harness_assert_logged(harness, "line GPIO22 is there twice");
}

static void a_line_that_is_held(void **state)
{
	struct guard_harness *harness = *state;
	struct hal_error error = { "" };
	struct hal *second = NULL;

	assert_int_equal(guard_harness_open(harness), 0);
	assert_int_equal(hal_write(harness->hal, 0, guard_harness_bit(harness, "GPIO17"),
				 guard_harness_bit(harness, "GPIO17")),
		0);
	assert_int_equal(hal_gpio_open(&harness->chair, &(struct hal_gpio_options){ 0 }, &second,
				 &error),
		-EBUSY);
	assert_null(second);
	assert_non_null(strstr(error.text, "is held by \"chairguard\""));
	assert_int_equal(guard_harness_wire(harness, "GPIO17"), 1); // its holder is not disturbed
}

// --- safe off ---------------------------------------------------------------------------------

// Run a function that holds the lines for a moment in a process of its own; returns its result.
static pid_t fork_safe_off(struct guard_harness *harness)
{
	pid_t child = fork();

	if (child == 0)
		_exit(-hal_gpio_safe_off(&harness->chair, &(struct hal_gpio_options){ 0 },
			&harness->error));
	return child;
}

static int child_result(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

// A process that holds all lines with everything on, until it is killed.
static pid_t fork_owner(struct guard_harness *harness)
{
	uint64_t on = chair_outputs(&harness->chair) & ~guard_harness_bit(harness, "GPIO10");
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t owner = fork();
	if (owner == 0) {
		if (guard_harness_open(harness) == 0 &&
			hal_write(harness->hal, 0, UINT64_MAX, on) == 0 &&
			write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return owner;
}

// The pulls stand in for a vendor's kernel, which keeps the pins of the dead as they were.
static void safe_off_after_the_owner_was_killed(void **state)
{
	struct guard_harness *harness = *state;
	uint64_t levels = UINT64_MAX;
	pid_t owner, child;
	struct line_sampler *sampler;

	harness->chair.lines[chair_find_line(&harness->chair, "GPIO18")].bias = BIAS_AS_IS;
	owner = fork_owner(harness);
	for (unsigned i = 1; i < HARNESS_SECOND_LINES; i++)
		assert_int_equal(simchip_pull(harness->second, i, true), 0);
	kill(owner, SIGKILL);
	assert_int_equal(waitpid(owner, NULL, 0), owner);
	for (unsigned i = 1; i < HARNESS_SECOND_LINES; i++)
		assert_int_equal(simchip_level(harness->second, i), 1);

	sampler = line_sampler_new(harness->second, HARNESS_FORWARD);
	child = fork_safe_off(harness);
	assert_int_equal(line_sampler_wait(sampler, HARNESS_SECOND_LINES, EDGE_MS, &levels), 0);
	line_sampler_free(sampler);
	assert_int_equal(levels, 1u << HARNESS_HOME); // an input
	assert_int_equal(child_result(child), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO16"), 0); // on the other chip
}

static void safe_off_continues_past_a_held_line(void **state)
{
	struct guard_harness *harness = *state;
	struct chair thief;
	struct hal *held = NULL;
	uint64_t levels;
	pid_t child;
	struct line_sampler *sampler;

	fixture_common(&thief, "thief", "Holds one line");
	thief.n_lines = 1;
	thief.estop = thief.seat = thief.reset = -1;
	thief.enable = 0;
	strcpy(thief.lines[0].name, "GPIO27");
	thief.lines[0].role = ROLE_ENABLE;
	assert_int_equal(hal_gpio_open(&thief, &(struct hal_gpio_options){ 0 }, &held,
				 &harness->error),
		0);
	for (unsigned i = 1; i < HARNESS_SECOND_LINES; i++)
		assert_int_equal(simchip_pull(harness->second, i, true), 0);

	sampler = line_sampler_new(harness->second, HARNESS_PWM); // after the held one
	child = fork_safe_off(harness);
	assert_int_equal(line_sampler_wait(sampler, HARNESS_SECOND_LINES, EDGE_MS, &levels), 0);
	line_sampler_free(sampler);
	assert_int_equal(levels & 1u << HARNESS_PWM, 0);
	assert_int_equal(child_result(child), EBUSY);
	assert_int_equal(hal_gpio_safe_off(&harness->chair, &(struct hal_gpio_options){ 0 },
				 &harness->error),
		-EBUSY);
	guard_harness_assert_logged(harness, "GPIO27");
	guard_harness_assert_logged(harness, "held by chairguard");
	hal_free(held);
}

// --- sensors ----------------------------------------------------------------------------------

static void with_sensor(struct guard_harness *harness, const char *channel)
{
	struct force_sensor *sensor = &harness->chair.actuators[HARNESS_CELL].sensor;

	*sensor = (struct force_sensor){
		.present = true, .device = "cells", .n_per_unit = 500, .zero_n = 10
	};
	strcpy(sensor->channel, channel);
}

// (73 + 7) * 0.001333 mV, by 500 N/mV, less 10 N
static void a_sensor_measures(void **state)
{
	struct guard_harness *harness = *state;
	struct hal_force force = { 0 };
	int64_t start_us = monotonic_us();
	struct simiio *iio;

	with_sensor(harness, "in_voltage0");
	assert_int_equal(simiio_new("cells", &iio), 0);
	assert_int_equal(guard_harness_open(harness), 0);
	pass_us(2 * FORCE_US);
	assert_int_equal(hal_force(harness->hal, monotonic_us(), HARNESS_CELL, &force), 0);
	assert_int_equal(force.error, 0);
	assert_in_range(force.t_us, start_us, monotonic_us());
	assert_float_equal(force.force_n, 80 * 0.001333 * 500 - 10, 1e-6);
	assert_int_equal(hal_force(harness->hal, monotonic_us(), 0, &force), -ENODEV);

	simiio_free(iio); // unplugged
	pass_us(2 * FORCE_US);
	assert_int_equal(hal_force(harness->hal, monotonic_us(), HARNESS_CELL, &force), 0);
	assert_int_equal(force.error, -ENODEV);
}

static void a_sensor_that_is_not_there(void **state)
{
	struct guard_harness *harness = *state;

	with_sensor(harness, "in_voltage0");
	assert_int_equal(guard_harness_open(harness), -ENOENT);
	assert_null(harness->hal);
	guard_harness_assert_logged(harness, "sensor of cell: no IIO device is named cells");
}

static void a_channel_that_is_not_there(void **state)
{
	struct guard_harness *harness = *state;
	struct simiio *iio;
	int r;

	with_sensor(harness, "in_pressure7");
	assert_int_equal(simiio_new("cells", &iio), 0);
	r = guard_harness_open(harness);
	simiio_free(iio);
	assert_int_equal(r, -ENOENT);
	guard_harness_assert_logged(harness, "in_pressure7");
}

#define test(name) \
	cmocka_unit_test_setup_teardown(name, guard_harness_setup, guard_harness_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_missing_line_is_named),
		test(two_chips_with_one_name),
		test(a_line_that_is_held),
		test(safe_off_after_the_owner_was_killed),
		test(safe_off_continues_past_a_held_line),
		test(a_sensor_measures),
		test(a_sensor_that_is_not_there),
		test(a_channel_that_is_not_there),
	};

	return cmocka_run_group_tests_name("lines had", tests, NULL, NULL);
}
