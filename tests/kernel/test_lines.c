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

#include "bed.h"
#include "pass.h"
#include "tests/system/process.h"

#define EDGE_MS 1000
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

// --- levels -----------------------------------------------------------------------------------

static void every_output_starts_safe(void **state)
{
	struct bed *bed = *state;

	// What the wires are before: the opposite.
	for (size_t i = 0; i < bed->chair.n_lines; i++) {
		if (line_role_is_output(bed->chair.lines[i].role))
			bed_pull(bed, bed->chair.lines[i].name, bed->chair.lines[i].role != ROLE_VENT);
	}
	assert_int_equal(bed_wire(bed, "GPIO17"), 1);
	assert_int_equal(bed_wire(bed, "GPIO10"), 0);
	bed->chair.lines[chair_find_line(&bed->chair, "GPIO10")].active_low = false;
	assert_int_equal(bed_open(bed), 0);
	for (size_t i = 0; i < bed->chair.n_lines; i++) {
		if (line_role_is_output(bed->chair.lines[i].role))
			assert_int_equal(bed_wire(bed, bed->chair.lines[i].name),
				bed->chair.lines[i].role == ROLE_VENT);
	}
}

static void one_write_sets_what_its_mask_names(void **state)
{
	struct bed *bed = *state;
	uint64_t forward = bed_bit(bed, "GPIO17"), pwm = bed_bit(bed, "GPIO22"), enable = bed_bit(bed, "GPIO16");

	assert_int_equal(hal_write(bed->hal, 0, forward | pwm | enable, forward | enable), 0);
	assert_int_equal(bed_wire(bed, "GPIO17"), 1);
	assert_int_equal(bed_wire(bed, "GPIO22"), 0);
	assert_int_equal(bed_wire(bed, "GPIO16"), 1); // on the other chip
	assert_int_equal(hal_write(bed->hal, 0, pwm | enable, UINT64_MAX & ~enable), 0);
	assert_int_equal(bed_wire(bed, "GPIO17"), 1); // not named
	assert_int_equal(bed_wire(bed, "GPIO22"), 1);
	assert_int_equal(bed_wire(bed, "GPIO27"), 0);
	assert_int_equal(bed_wire(bed, "GPIO16"), 0);
}

static void active_low_turns_the_wire_round(void **state)
{
	struct bed *bed = *state;
	uint64_t vent = bed_bit(bed, "GPIO10"), estop = bed_bit(bed, "GPIO5"), levels;

	assert_int_equal(bed_wire(bed, "GPIO10"), 0); // active, that is safe: it vents
	assert_int_equal(hal_write(bed->hal, 0, vent, 0), 0);
	assert_int_equal(bed_wire(bed, "GPIO10"), 1);
	assert_int_equal(hal_read(bed->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, 0); // pulled up: open
	bed_pull(bed, "GPIO5", false);
	assert_int_equal(hal_read(bed->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, estop);
	assert_int_equal(levels & chair_outputs(&bed->chair), 0);
}

static void bias_is_asked_for(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(bed_wire(bed, "GPIO23"), 0); // simulated lines begin pulled down
	bed_pull(bed, "GPIO18", true);
	assert_int_equal(bed_open(bed), 0);
	assert_int_equal(bed_wire(bed, "GPIO23"), 1);
	bed->hal = hal_free(bed->hal);
	assert_int_equal(bed_wire(bed, "GPIO18"), 0); // what is left is its pull
}

static void freed_lines_can_be_had_again(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(hal_write(bed->hal, 0, UINT64_MAX, UINT64_MAX), 0);
	bed->hal = hal_free(bed->hal);
	assert_int_equal(bed_open(bed), 0);
	assert_int_equal(bed_wire(bed, "GPIO17"), 0);
}

static void a_chip_that_goes_is_an_error(void **state)
{
	struct bed *bed = *state;
	uint64_t levels, forward = bed_bit(bed, "GPIO17");

	bed->second = simchip_free(bed->second);
	assert_int_equal(hal_write(bed->hal, 0, forward, forward), -ENODEV);
	assert_int_equal(hal_read(bed->hal, 0, &levels), -ENODEV);
}

// --- edges ------------------------------------------------------------------------------------

static bool wait_readable(struct bed *bed)
{
	int fds[HAL_FDS_MAX];
	struct pollfd polled[HAL_FDS_MAX];
	size_t n = hal_fds(bed->hal, fds);

	for (size_t i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	return poll(polled, n, EDGE_MS) > 0;
}

// The next edge of any input, with a bound.
static struct hal_event next_edge(struct bed *bed)
{
	struct hal_event event;

	assert_true(wait_readable(bed));
	assert_int_equal(hal_events(bed->hal, 0, &event, 1), 1);
	return event;
}

static void edges_carry_the_kernels_time(void **state)
{
	struct bed *bed = *state;
	int64_t before_us = monotonic_us(), closed_us;
	struct hal_event event;

	assert_int_equal(hal_events(bed->hal, 0, &event, 1), 0);
	bed_pull(bed, "GPIO5", false);
	event = next_edge(bed);
	closed_us = monotonic_us();
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO5"));
	assert_true(event.active);
	assert_in_range(event.t_us, before_us, closed_us);
	bed_pull(bed, "GPIO5", true);
	event = next_edge(bed);
	assert_false(event.active);
	assert_in_range(event.t_us, closed_us, monotonic_us());
}

// Both are taken at once, and the first chip's is the later one.
static void edges_of_two_chips_come_in_order(void **state)
{
	struct bed *bed = *state;
	struct hal_event events[4];
	int fds[HAL_FDS_MAX];

	assert_int_equal(hal_fds(bed->hal, fds), 2);
	bed_pull(bed, "GPIO23", false);
	assert_int_equal(poll(&(struct pollfd){ fds[1], POLLIN, 0 }, 1, EDGE_MS), 1);
	pass_us(1); // what is computed takes no time here
	bed_pull(bed, "GPIO6", false);
	assert_int_equal(poll(&(struct pollfd){ fds[0], POLLIN, 0 }, 1, EDGE_MS), 1);
	assert_int_equal(hal_events(bed->hal, 0, events, ARRAY_SIZE(events)), 2);
	assert_int_equal(events[0].line, chair_find_line(&bed->chair, "GPIO23"));
	assert_int_equal(events[1].line, chair_find_line(&bed->chair, "GPIO6"));
	assert_true(events[0].t_us < events[1].t_us);
}

static void pulses_count_when_they_rise(void **state)
{
	struct bed *bed = *state;
	struct hal_event event;

	bed_pull(bed, "GPIO25", false); // active low: rises
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO25"));
	assert_true(event.active);
	bed_pull(bed, "GPIO25", true); // falls: nothing; the next edge is another line's
	bed_pull(bed, "GPIO5", false);
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO5"));
	assert_int_equal(hal_events(bed->hal, 0, &event, 1), 0);
}

// The kernel keeps 256 of a request.
static void lost_edges_are_told(void **state)
{
	struct bed *bed = *state;
	struct hal_event events[64];
	int r = 0;

	for (int i = 0; i < 90; i++) {
		bed_pull(bed, "GPIO5", i % 2);
		bed_pull(bed, "GPIO6", i % 2);
		bed_pull(bed, "GPIO13", i % 2);
	}
	do
		r = hal_events(bed->hal, 0, events, ARRAY_SIZE(events));
	while (r > 0);
	assert_int_equal(r, -EOVERFLOW);
}

// A contact that bounces while the processor is busy, as the guard's is: while this thread has it,
// the kernel takes interrupts but tells of no edge. It numbers a request's edges when they
// interrupt and tells of them later, of several as one: those numbers have gaps, and nothing was
// lost.
static void a_bounce_loses_no_edges(void **state)
{
	const struct sched_param above_interrupts = { .sched_priority = 60 }, ordinary = { 0 };
	struct bed *bed = *state;
	struct hal_event event = { 0 };

	assert_int_equal(sched_setscheduler(0, SCHED_FIFO, &above_interrupts), 0);
	for (int i = 0; i < 5; i++)
		bed_pull(bed, "GPIO5", i % 2); // active low, and closed in the end
	assert_int_equal(hal_events(bed->hal, 0, &event, 1), 0);
	assert_int_equal(sched_setscheduler(0, SCHED_OTHER, &ordinary), 0);
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO5"));
	assert_true(event.active);
	bed_pull(bed, "GPIO6", false); // the next one is in order, too
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO6"));
}

#define test_closed(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)
#define test_open(name)   cmocka_unit_test_setup_teardown(name, bed_setup_open, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_closed(every_output_starts_safe),
		test_open(one_write_sets_what_its_mask_names),
		test_open(active_low_turns_the_wire_round),
		test_closed(bias_is_asked_for),
		test_open(freed_lines_can_be_had_again),
		test_open(a_chip_that_goes_is_an_error),
		test_open(edges_carry_the_kernels_time),
		test_open(edges_of_two_chips_come_in_order),
		test_open(pulses_count_when_they_rise),
		test_open(lost_edges_are_told),
		test_open(a_bounce_loses_no_edges),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
