// SPDX-License-Identifier: MIT
//
// The backend of hal/hal_gpio.h on lines of a real kernel: levels and edges.
// Runs inside: tests/kernel/run build/.../test_lines
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <sched.h>

#include "guard_harness.h"
#include "pass.h"
#include "tests/system/process.h"

#define EDGE_MS           1000
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

// --- levels -----------------------------------------------------------------------------------

static void every_output_starts_safe(void **state)
{
	struct guard_harness *harness = *state;

	// The opposite of the levels that are set below.
	for (size_t i = 0; i < harness->chair.n_lines; i++) {
		if (line_role_is_output(harness->chair.lines[i].role))
			guard_harness_pull(harness, harness->chair.lines[i].name,
				harness->chair.lines[i].role != ROLE_VENT);
	}
	assert_int_equal(guard_harness_wire(harness, "GPIO17"), 1);
	assert_int_equal(guard_harness_wire(harness, "GPIO10"), 0);
	harness->chair.lines[chair_find_line(&harness->chair, "GPIO10")].active_low = false;
	assert_int_equal(guard_harness_open(harness), 0);
	for (size_t i = 0; i < harness->chair.n_lines; i++) {
		if (line_role_is_output(harness->chair.lines[i].role))
			assert_int_equal(guard_harness_wire(harness, harness->chair.lines[i].name),
				harness->chair.lines[i].role == ROLE_VENT);
	}
}

static void one_write_sets_what_its_mask_names(void **state)
{
	struct guard_harness *harness = *state;
	uint64_t forward = guard_harness_bit(harness, "GPIO17"),
		 pwm = guard_harness_bit(harness, "GPIO22"),
		 enable = guard_harness_bit(harness, "GPIO16");

	assert_int_equal(hal_write(harness->hal, 0, forward | pwm | enable, forward | enable), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO17"), 1);
	assert_int_equal(guard_harness_wire(harness, "GPIO22"), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO16"), 1); // on the other chip
	assert_int_equal(hal_write(harness->hal, 0, pwm | enable, UINT64_MAX & ~enable), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO17"), 1); // not named
	assert_int_equal(guard_harness_wire(harness, "GPIO22"), 1);
	assert_int_equal(guard_harness_wire(harness, "GPIO27"), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO16"), 0);
}

static void active_low_turns_the_wire_round(void **state)
{
	struct guard_harness *harness = *state;
	uint64_t vent = guard_harness_bit(harness, "GPIO10"),
		 estop = guard_harness_bit(harness, "GPIO5"), levels;

	assert_int_equal(guard_harness_wire(harness, "GPIO10"),
		0); // active, that is safe: it vents
	assert_int_equal(hal_write(harness->hal, 0, vent, 0), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO10"), 1);
	assert_int_equal(hal_read(harness->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, 0); // pulled up: open
	guard_harness_pull(harness, "GPIO5", false);
	assert_int_equal(hal_read(harness->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, estop);
	assert_int_equal(levels & chair_outputs(&harness->chair), 0);
}

static void bias_is_requested(void **state)
{
	struct guard_harness *harness = *state;

	assert_int_equal(guard_harness_wire(harness, "GPIO23"),
		0); // simulated lines begin pulled down
	guard_harness_pull(harness, "GPIO18", true);
	assert_int_equal(guard_harness_open(harness), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO23"), 1);
	harness->hal = hal_free(harness->hal);
	assert_int_equal(guard_harness_wire(harness, "GPIO18"), 0); // what is left is its pull
}

static void freed_lines_can_be_requested_again(void **state)
{
	struct guard_harness *harness = *state;

	assert_int_equal(hal_write(harness->hal, 0, UINT64_MAX, UINT64_MAX), 0);
	harness->hal = hal_free(harness->hal);
	assert_int_equal(guard_harness_open(harness), 0);
	assert_int_equal(guard_harness_wire(harness, "GPIO17"), 0);
}

static void a_chip_that_goes_is_an_error(void **state)
{
	struct guard_harness *harness = *state;
	uint64_t levels, forward = guard_harness_bit(harness, "GPIO17");

	harness->second = simchip_free(harness->second);
	assert_int_equal(hal_write(harness->hal, 0, forward, forward), -ENODEV);
	assert_int_equal(hal_read(harness->hal, 0, &levels), -ENODEV);
}

// --- edges ------------------------------------------------------------------------------------

static bool wait_readable(struct guard_harness *harness)
{
	int fds[HAL_FDS_MAX];
	struct pollfd polled[HAL_FDS_MAX];
	size_t n = hal_fds(harness->hal, fds);

	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	return poll(polled, n, EDGE_MS) > 0;
}

// The next edge of any input, with a bound.
static struct hal_event next_edge(struct guard_harness *harness)
{
	struct hal_event event;

	assert_true(wait_readable(harness));
	assert_int_equal(hal_events(harness->hal, 0, &event, 1), 1);
	return event;
}

static void edges_carry_the_kernels_time(void **state)
{
	struct guard_harness *harness = *state;
	int64_t before_us = monotonic_us(), closed_us;
	struct hal_event event;

	assert_int_equal(hal_events(harness->hal, 0, &event, 1), 0);
	guard_harness_pull(harness, "GPIO5", false);
	event = next_edge(harness);
	closed_us = monotonic_us();
	assert_int_equal(event.line, chair_find_line(&harness->chair, "GPIO5"));
	assert_true(event.active);
	assert_in_range(event.t_us, before_us, closed_us);
	guard_harness_pull(harness, "GPIO5", true);
	event = next_edge(harness);
	assert_false(event.active);
	assert_in_range(event.t_us, closed_us, monotonic_us());
}

// Both are taken at once, and the first chip's is the later one.
static void edges_of_two_chips_come_in_order(void **state)
{
	struct guard_harness *harness = *state;
	struct hal_event events[4];
	int fds[HAL_FDS_MAX];

	assert_int_equal(hal_fds(harness->hal, fds), 2);
	guard_harness_pull(harness, "GPIO23", false);
	assert_int_equal(poll(&(struct pollfd){ fds[1], POLLIN, 0 }, 1, EDGE_MS), 1);
	pass_us(1); // what is computed takes no time here
	guard_harness_pull(harness, "GPIO6", false);
	assert_int_equal(poll(&(struct pollfd){ fds[0], POLLIN, 0 }, 1, EDGE_MS), 1);
	assert_int_equal(hal_events(harness->hal, 0, events, ARRAY_SIZE(events)), 2);
	assert_int_equal(events[0].line, chair_find_line(&harness->chair, "GPIO23"));
	assert_int_equal(events[1].line, chair_find_line(&harness->chair, "GPIO6"));
	assert_true(events[0].t_us < events[1].t_us);
}

static void pulses_count_when_they_rise(void **state)
{
	struct guard_harness *harness = *state;
	struct hal_event event;

	guard_harness_pull(harness, "GPIO25", false); // active low: rises
	event = next_edge(harness);
	assert_int_equal(event.line, chair_find_line(&harness->chair, "GPIO25"));
	assert_true(event.active);
	guard_harness_pull(harness, "GPIO25",
		true); // falls: nothing; the next edge is another line's
	guard_harness_pull(harness, "GPIO5", false);
	event = next_edge(harness);
	assert_int_equal(event.line, chair_find_line(&harness->chair, "GPIO5"));
	assert_int_equal(hal_events(harness->hal, 0, &event, 1), 0);
}

// The kernel keeps 256 edges of a request.
static void lost_edges_are_reported(void **state)
{
	struct guard_harness *harness = *state;
	struct hal_event events[64];
	int r = 0;

	for (int i = 0; i < 90; i++) {
		guard_harness_pull(harness, "GPIO5", i % 2);
		guard_harness_pull(harness, "GPIO6", i % 2);
		guard_harness_pull(harness, "GPIO13", i % 2);
	}
	do
		r = hal_events(harness->hal, 0, events, ARRAY_SIZE(events));
	while (r > 0);
	assert_int_equal(r, -EOVERFLOW);
}

// A contact that bounces while the processor is busy, as the guard's is: meanwhile the kernel
// handles interrupts but delivers no edges. It numbers a request's edges in the interrupt and
// delivers them later, several as one, so that those numbers have gaps although no edge was lost.
static void a_bounce_loses_no_edges(void **state)
{
	const struct sched_param above_interrupts = { .sched_priority = 60 }, ordinary = { 0 };
	struct guard_harness *harness = *state;
	struct hal_event event = { 0 };

	assert_int_equal(sched_setscheduler(0, SCHED_FIFO, &above_interrupts), 0);
	for (int i = 0; i < 5; i++)
		guard_harness_pull(harness, "GPIO5", i % 2); // active low, and closed in the end
	assert_int_equal(hal_events(harness->hal, 0, &event, 1), 0);
	assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &ordinary), 0);
	event = next_edge(harness);
	assert_int_equal(event.line, chair_find_line(&harness->chair, "GPIO5"));
	assert_true(event.active);
	guard_harness_pull(harness, "GPIO6", false); // the next one is in order, too
	event = next_edge(harness);
	assert_int_equal(event.line, chair_find_line(&harness->chair, "GPIO6"));
}

#define test_closed(name) \
	cmocka_unit_test_setup_teardown(name, guard_harness_setup, guard_harness_teardown)
#define test_open(name) \
	cmocka_unit_test_setup_teardown(name, guard_harness_setup_open, guard_harness_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_closed(every_output_starts_safe),
		test_open(one_write_sets_what_its_mask_names),
		test_open(active_low_turns_the_wire_round),
		test_closed(bias_is_requested),
		test_open(freed_lines_can_be_requested_again),
		test_open(a_chip_that_goes_is_an_error),
		test_open(edges_carry_the_kernels_time),
		test_open(edges_of_two_chips_come_in_order),
		test_open(pulses_count_when_they_rise),
		test_open(lost_edges_are_reported),
		test_open(a_bounce_loses_no_edges),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
