// SPDX-License-Identifier: MIT
//
// `make bench`: the way of an E-stop through the whole system on real lines, in the test kernel.
// Runs inside, in real time: tests/kernel/run -r build/.../bench_estop
//
//   E-stop -> all off     from the edge of the E-stop contact, in a press, to the last output off
//
// Its floor is a bare process of the guard's priority that waits in poll() for an edge of another
// input of the same chip and then sets one output low. It is measured in the same press, right
// before the E-stop. Both contacts are moved by the same code, and the same thread
// (bench_hardware.c), whose priority is above both, takes the time when it sees the outputs change.
// Nothing is judged.
//
// A system call costs some 10 us here, and the guard makes two more than its floor before it
// writes: it looks at the clock, which is no system call on a Pi, and it reads the inputs.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <gpiod.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard/realtime.h"
#include "row.h"
#include "tests/kernel/pass.h"
#include "tests/kernel/whole.h"

#define ROW          "E-stop -> all off, test kernel's lines"
#define ROUNDS       45
#define ATTEMPTS_MAX (2 * ROUNDS)
#define PRESS_US     200000 // into the press: its motor runs
#define STEP_US      1050   // from round to round: every phase of the PWM and of the charge pump
#define START_MS     10000  // the press of the round before is brought home first
#define BUSY_US      20000  // the PWM is busy if it has changed this short before

struct estop_bench {
	struct whole *whole;
	pid_t floor;
};

// --- the floor --------------------------------------------------------------------------------

static void die(const char *what)
{
	perror(what);
	abort();
}

static void add_line(struct gpiod_line_config *lines, unsigned int offset,
	struct gpiod_line_settings *settings)
{
	if (gpiod_line_config_add_line_settings(lines, &offset, 1, settings) < 0)
		die("floor: settings");
}

// Both spare lines in one request, as the guard has its own; the output is on.
static struct gpiod_line_request *request_lines(const char *path)
{
	struct gpiod_chip *chip = gpiod_chip_open(path);
	struct gpiod_line_config *lines = gpiod_line_config_new();
	struct gpiod_line_settings *in = gpiod_line_settings_new();
	struct gpiod_line_settings *out = gpiod_line_settings_new();
	struct gpiod_line_request *request;

	if (!chip || !lines || !in || !out)
		die("floor: chip");
	gpiod_line_settings_set_direction(in, GPIOD_LINE_DIRECTION_INPUT);
	gpiod_line_settings_set_edge_detection(in, GPIOD_LINE_EDGE_BOTH);
	add_line(lines, PRESS_SPARE_IN, in);
	gpiod_line_settings_set_direction(out, GPIOD_LINE_DIRECTION_OUTPUT);
	gpiod_line_settings_set_output_value(out, GPIOD_LINE_VALUE_ACTIVE);
	add_line(lines, PRESS_SPARE_OUT, out);
	request = gpiod_chip_request_lines(chip, NULL, lines);
	if (!request)
		die("floor: request");
	gpiod_line_settings_free(out);
	gpiod_line_settings_free(in);
	gpiod_line_config_free(lines);
	gpiod_chip_close(chip);
	return request;
}

// The output is off as long as the contact is open, which is a high wire.
static void follow_contact(const char *path)
{
	struct gpiod_line_request *request = request_lines(path);
	struct gpiod_edge_event_buffer *events = gpiod_edge_event_buffer_new(1);
	struct pollfd polled = { gpiod_line_request_get_fd(request), POLLIN, 0 };
	enum gpiod_line_value value;

	while (poll(&polled, 1, -1) == 1 &&
		gpiod_line_request_read_edge_events(request, events, 1) == 1) {
		struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(events, 0);

		value = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE
			? GPIOD_LINE_VALUE_INACTIVE
			: GPIOD_LINE_VALUE_ACTIVE;
		if (gpiod_line_request_set_value(request, PRESS_SPARE_OUT, value) < 0)
			break;
	}
	die("floor");
}

static pid_t floor_start(struct whole *whole)
{
	int64_t from_us = monotonic_us();
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (realtime_enter() < 0)
			die("floor: no real-time priority");
		follow_contact(simchip_path(bench_hardware_chip(whole->hardware)));
	}
	assert_true(line_recorder_wait(whole->recorder, PRESS_SPARE_OUT, true, from_us, SOON_MS) >=
		0);
	return pid;
}

static void floor_turn_on(struct whole *whole)
{
	int64_t from_us = bench_hardware_spare(whole->hardware, false);

	assert_true(line_recorder_wait(whole->recorder, PRESS_SPARE_OUT, true, from_us, SOON_MS) >=
		0);
}

static double floor_round(struct whole *whole)
{
	int64_t from_us = bench_hardware_spare(whole->hardware, true);
	int64_t off_us = line_recorder_wait(whole->recorder, PRESS_SPARE_OUT, false, from_us,
		SOON_MS);

	assert_true(off_us >= 0);
	return (double)(off_us - from_us);
}

// --- the E-stop -------------------------------------------------------------------------------

static bool is_busy(struct whole *whole, int64_t t_us)
{
	return line_recorder_was_on(whole->recorder, PRESS_FORWARD, t_us) &&
		line_recorder_changes(whole->recorder, PRESS_PWM, t_us - BUSY_US, t_us) > 0;
}

// The E-stop is good again and has been reset, whatever the guard had tripped on before.
static void recover(struct whole *whole, size_t mark)
{
	rig_expect(whole->rig, mark, "state", "\"estop_good\":false", SOON_MS);
	mark = client_mark(whole->rig->client);
	bench_hardware_estop(whole->hardware, false);
	rig_expect(whole->rig, mark, "state", "\"estop_good\":true", SOON_MS);
	whole_reset(whole);
}

// False if no press was under way: the guard trips if the machine stands still for too long.
static bool measure(struct whole *whole, int64_t phase_us, struct row_pair *ret_pair)
{
	int64_t start_us = monotonic_us(), forward_us, from_us, off_us;
	size_t mark;
	bool busy;

	floor_turn_on(whole);
	whole_play(whole, "press");
	forward_us = line_recorder_wait(whole->recorder, PRESS_FORWARD, true, start_us, START_MS);
	if (forward_us >= 0)
		pass_until_us(forward_us + PRESS_US + phase_us);
	floor_round(whole); // wakes everybody up
	floor_turn_on(whole);
	ret_pair->floor_us = floor_round(whole);
	mark = client_mark(whole->rig->client);
	from_us = bench_hardware_estop(whole->hardware, true);
	busy = is_busy(whole, from_us);
	off_us = line_recorder_wait_safe(whole->recorder, from_us, SOON_MS);
	assert_true(off_us >= 0);
	ret_pair->ours_us = (double)(off_us - from_us);
	recover(whole, mark);
	return busy;
}

static void estop(void **state)
{
	struct estop_bench *bench = *state;
	struct row_pair pairs[ROUNDS + 1]; // the first one warms up
	int n = 0, attempts = 0;

	while (n <= ROUNDS && attempts++ < ATTEMPTS_MAX)
		n += measure(bench->whole, n * STEP_US, &pairs[n]);
	if (n > 1)
		row_print(ROW, pairs + 1, (size_t)n - 1);
	if (n <= ROUNDS)
		printf(ROW ": only %d of %d rounds found a press\n", n > 0 ? n - 1 : 0, ROUNDS);
}

static int setup(void **state)
{
	struct estop_bench *bench = calloc(1, sizeof(*bench));

	assert_non_null(bench);
	whole_setup((void **)&bench->whole);
	bench->floor = floor_start(bench->whole);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct estop_bench *bench = *state;

	kill(bench->floor, SIGKILL);
	waitpid(bench->floor, NULL, 0);
	whole_teardown((void **)&bench->whole);
	free(bench);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(estop, setup, teardown),
	};

	return cmocka_run_group_tests_name("E-stop bench", tests, NULL, NULL);
}
