// SPDX-License-Identifier: MIT
//
// The backend of hal/lines.h on lines and sensors of a real kernel.
// Runs inside: tests/kernel/run build/.../test_lines
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <gpiod.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grip.h"
#include "hal/lines.h"
#include "simchip.h"
#include "tests/system/process.h"
#include "tests/unit/fixture.h"

#define EDGE_MS  1000
#define FORCE_MS 5000
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

// A chair on two chips: its inputs on the first, its outputs on the second, but for one each.
static const char *const first_names[] = { NULL, "GPIO5", "GPIO6", "GPIO13", "GPIO25", "GPIO16" };
static const char *const second_names[] = { "GPIO1", "GPIO17", "GPIO27", "GPIO22", "GPIO23",
	"GPIO9", "GPIO10", "GPIO18" };

struct bed {
	struct chair chair;
	struct simchip *first, *second;
	struct hal *hal;
	struct lines_error error;
};

// The bench, a Hall sensor, and an air cell whose vent is safe while its wire is low.
static void make_chair(struct chair *chair)
{
	fixture_bench(chair);
	fixture_line(chair, "GPIO25", ROLE_PULSE, 0, true, false);
	fixture_actuator(chair, "pump", ACTUATOR_SOURCE);
	fixture_out(chair, "GPIO18", ROLE_RUN);
	fixture_cell(chair, "cell", 1, "GPIO9", "GPIO10", "in_voltage0", 45.0);
	chair->actuators[2].sensor = (struct force_sensor){ 0 };
	chair->lines[chair_find_line(chair, "GPIO18")].bias = BIAS_PULL_DOWN;
}

static int setup(void **state)
{
	struct bed *bed = calloc(1, sizeof(*bed));

	*state = bed;
	make_chair(&bed->chair);
	assert_int_equal(simchip_new("first", first_names, ARRAY_SIZE(first_names), &bed->first), 0);
	assert_int_equal(simchip_new("second", second_names, ARRAY_SIZE(second_names), &bed->second), 0);
	return 0;
}

static int teardown(void **state)
{
	struct bed *bed = *state;

	hal_free(bed->hal);
	simchip_free(bed->second);
	simchip_free(bed->first);
	free(bed);
	return 0;
}

static int open_lines(struct bed *bed)
{
	return lines_open(&bed->chair, &(struct lines_options){ 0 }, &bed->hal, &bed->error);
}

static int setup_open(void **state)
{
	setup(state);
	assert_int_equal(open_lines(*state), 0);
	return 0;
}

static uint64_t bit(const struct bed *bed, const char *name)
{
	int line = chair_find_line(&bed->chair, name);

	assert_true(line >= 0);
	return LINE_BIT(line);
}

// Where a line is: its chip, and its offset there.
static struct simchip *locate(const struct bed *bed, const char *name, unsigned *ret_offset)
{
	for (unsigned i = 0; i < ARRAY_SIZE(second_names); i++) {
		*ret_offset = i;
		if (!strcmp(second_names[i], name))
			return bed->second;
	}
	for (unsigned i = 1; i < ARRAY_SIZE(first_names); i++) {
		*ret_offset = i;
		if (!strcmp(first_names[i], name))
			return bed->first;
	}
	fail_msg("no line %s", name);
	return NULL;
}

static int wire(const struct bed *bed, const char *name)
{
	unsigned offset;
	struct simchip *chip = locate(bed, name, &offset);

	return simchip_level(chip, offset);
}

static void pull(const struct bed *bed, const char *name, bool up)
{
	unsigned offset;
	struct simchip *chip = locate(bed, name, &offset);

	assert_int_equal(simchip_pull(chip, offset, up), 0);
}

static void assert_says(const struct bed *bed, const char *text)
{
	if (!strstr(bed->error.text, text))
		fail_msg("\"%s\" does not say \"%s\"", bed->error.text, text);
}

// --- levels -----------------------------------------------------------------------------------

static void every_output_starts_safe(void **state)
{
	struct bed *bed = *state;

	// What the wires are before: the opposite.
	for (size_t i = 0; i < bed->chair.n_lines; i++) {
		if (line_role_is_output(bed->chair.lines[i].role))
			pull(bed, bed->chair.lines[i].name, bed->chair.lines[i].role != ROLE_VENT);
	}
	assert_int_equal(wire(bed, "GPIO17"), 1);
	assert_int_equal(wire(bed, "GPIO10"), 0);
	bed->chair.lines[chair_find_line(&bed->chair, "GPIO10")].active_low = false;
	assert_int_equal(open_lines(bed), 0);
	for (size_t i = 0; i < bed->chair.n_lines; i++) {
		if (line_role_is_output(bed->chair.lines[i].role))
			assert_int_equal(wire(bed, bed->chair.lines[i].name),
				bed->chair.lines[i].role == ROLE_VENT);
	}
}

static void one_write_sets_what_its_mask_names(void **state)
{
	struct bed *bed = *state;
	uint64_t forward = bit(bed, "GPIO17"), pwm = bit(bed, "GPIO22"), enable = bit(bed, "GPIO16");

	assert_int_equal(hal_write(bed->hal, 0, forward | pwm | enable, forward | enable), 0);
	assert_int_equal(wire(bed, "GPIO17"), 1);
	assert_int_equal(wire(bed, "GPIO22"), 0);
	assert_int_equal(wire(bed, "GPIO16"), 1); // on the other chip
	assert_int_equal(hal_write(bed->hal, 0, pwm | enable, UINT64_MAX & ~enable), 0);
	assert_int_equal(wire(bed, "GPIO17"), 1); // not named
	assert_int_equal(wire(bed, "GPIO22"), 1);
	assert_int_equal(wire(bed, "GPIO27"), 0);
	assert_int_equal(wire(bed, "GPIO16"), 0);
}

static void active_low_turns_the_wire_round(void **state)
{
	struct bed *bed = *state;
	uint64_t vent = bit(bed, "GPIO10"), estop = bit(bed, "GPIO5"), levels;

	assert_int_equal(wire(bed, "GPIO10"), 0); // active, that is safe: it vents
	assert_int_equal(hal_write(bed->hal, 0, vent, 0), 0);
	assert_int_equal(wire(bed, "GPIO10"), 1);
	assert_int_equal(hal_read(bed->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, 0); // pulled up: open
	pull(bed, "GPIO5", false);
	assert_int_equal(hal_read(bed->hal, 0, &levels), 0);
	assert_int_equal(levels & estop, estop);
	assert_int_equal(levels & chair_outputs(&bed->chair), 0);
}

static void bias_is_asked_for(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(wire(bed, "GPIO23"), 0); // simulated lines begin pulled down
	pull(bed, "GPIO18", true);
	assert_int_equal(open_lines(bed), 0);
	assert_int_equal(wire(bed, "GPIO23"), 1);
	bed->hal = hal_free(bed->hal);
	assert_int_equal(wire(bed, "GPIO18"), 0); // what is left is its pull
}

static void freed_lines_can_be_had_again(void **state)
{
	struct bed *bed = *state;

	assert_int_equal(hal_write(bed->hal, 0, UINT64_MAX, UINT64_MAX), 0);
	bed->hal = hal_free(bed->hal);
	assert_int_equal(open_lines(bed), 0);
	assert_int_equal(wire(bed, "GPIO17"), 0);
}

static void a_chip_that_goes_is_an_error(void **state)
{
	struct bed *bed = *state;
	uint64_t levels, forward = bit(bed, "GPIO17");

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
	pull(bed, "GPIO5", false);
	event = next_edge(bed);
	closed_us = monotonic_us();
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO5"));
	assert_true(event.active);
	assert_in_range(event.t_us, before_us, closed_us);
	pull(bed, "GPIO5", true);
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
	pull(bed, "GPIO23", false);
	assert_int_equal(poll(&(struct pollfd){ fds[1], POLLIN, 0 }, 1, EDGE_MS), 1);
	pull(bed, "GPIO6", false);
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

	pull(bed, "GPIO25", false); // active low: rises
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO25"));
	assert_true(event.active);
	pull(bed, "GPIO25", true); // falls: nothing; the next edge is another line's
	pull(bed, "GPIO5", false);
	event = next_edge(bed);
	assert_int_equal(event.line, chair_find_line(&bed->chair, "GPIO5"));
	assert_int_equal(hal_events(bed->hal, 0, &event, 1), 0);
}

// The chip's line without a name, for a look at when an edge has arrived.
static struct gpiod_line_request *request_tap(const struct bed *bed)
{
	struct gpiod_chip *chip = gpiod_chip_open(simchip_path(bed->first));
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_line_request *tap;

	gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
	gpiod_line_config_add_line_settings(config, &(unsigned int){ 0 }, 1, settings);
	tap = gpiod_chip_request_lines(chip, NULL, config);
	assert_non_null(tap);
	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	gpiod_chip_close(chip);
	return tap;
}

// The kernel keeps 256 of a request. Simulated edges arrive together with those of the same
// chip's other lines; two of one line in between would be one.
static void lost_edges_are_told(void **state)
{
	struct bed *bed = *state;
	struct gpiod_line_request *tap = request_tap(bed);
	struct gpiod_edge_event_buffer *taps = gpiod_edge_event_buffer_new(1);
	struct hal_event events[64];
	int r = 0;

	for (int i = 0; i < 90; i++) {
		pull(bed, "GPIO5", i % 2);
		pull(bed, "GPIO6", i % 2);
		pull(bed, "GPIO13", i % 2);
		assert_int_equal(simchip_pull(bed->first, 0, i % 2 == 0), 0);
		assert_int_equal(gpiod_line_request_wait_edge_events(tap, EDGE_MS * INT64_C(1000000)), 1);
		assert_int_equal(gpiod_line_request_read_edge_events(tap, taps, 1), 1);
	}
	gpiod_edge_event_buffer_free(taps);
	gpiod_line_request_release(tap);
	do
		r = hal_events(bed->hal, 0, events, ARRAY_SIZE(events));
	while (r > 0);
	assert_int_equal(r, -EOVERFLOW);
}

// --- what keeps it from opening ---------------------------------------------------------------

static void a_missing_line_is_named(void **state)
{
	struct bed *bed = *state;

	strcpy(bed->chair.lines[chair_find_line(&bed->chair, "GPIO17")].name, "GPIO71");
	assert_int_equal(open_lines(bed), -ENOENT);
	assert_null(bed->hal);
	assert_says(bed, "line GPIO71 is on none of the 2 GPIO chips (14 lines looked at)");
	assert_says(bed, "did you mean GPIO");
}

static void two_chips_with_one_name(void **state)
{
	static const char *const names[] = { "GPIO22" };
	struct bed *bed = *state;
	struct simchip *third;
	int r;

	assert_int_equal(simchip_new("third", names, 1, &third), 0);
	r = open_lines(bed);
	simchip_free(third);
	assert_int_equal(r, -ENOTUNIQ);
	assert_null(bed->hal);
	assert_says(bed, "line GPIO22 is there twice");
}

static void a_line_that_is_held(void **state)
{
	struct bed *bed = *state;
	struct lines_error error = { "" };
	struct hal *second = NULL;

	assert_int_equal(open_lines(bed), 0);
	assert_int_equal(hal_write(bed->hal, 0, bit(bed, "GPIO17"), bit(bed, "GPIO17")), 0);
	assert_int_equal(lines_open(&bed->chair, &(struct lines_options){ 0 }, &second, &error), -EBUSY);
	assert_null(second);
	assert_non_null(strstr(error.text, "is held by \"chairguard\""));
	assert_int_equal(wire(bed, "GPIO17"), 1); // who holds it is not disturbed
}

// --- safe off ---------------------------------------------------------------------------------

// Runs in a process of its own what only holds the lines for a moment; its result.
static pid_t fork_safe_off(struct bed *bed)
{
	pid_t child = fork();

	if (child == 0)
		_exit(-lines_safe_off(&bed->chair, &(struct lines_options){ 0 }, &bed->error));
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
static pid_t fork_owner(struct bed *bed)
{
	uint64_t on = chair_outputs(&bed->chair) & ~bit(bed, "GPIO10");
	int ready[2];
	char byte;

	assert_int_equal(pipe(ready), 0);
	pid_t owner = fork();
	if (owner == 0) {
		if (open_lines(bed) == 0 && hal_write(bed->hal, 0, UINT64_MAX, on) == 0 &&
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
	struct bed *bed = *state;
	uint64_t levels = UINT64_MAX;
	pid_t owner, child;
	struct grip *grip;

	bed->chair.lines[chair_find_line(&bed->chair, "GPIO18")].bias = BIAS_AS_IS;
	owner = fork_owner(bed);
	for (unsigned i = 1; i < ARRAY_SIZE(second_names); i++)
		assert_int_equal(simchip_pull(bed->second, i, true), 0);
	kill(owner, SIGKILL);
	assert_int_equal(waitpid(owner, NULL, 0), owner);
	for (unsigned i = 1; i < ARRAY_SIZE(second_names); i++)
		assert_int_equal(simchip_level(bed->second, i), 1);

	grip = grip_new(bed->second, 1);
	child = fork_safe_off(bed);
	assert_int_equal(grip_wait(grip, ARRAY_SIZE(second_names), EDGE_MS, &levels), 0);
	grip_free(grip);
	assert_int_equal(levels, 1u << 4); // the home switch's line, an input
	assert_int_equal(child_result(child), 0);
	assert_int_equal(wire(bed, "GPIO16"), 0); // on the other chip
}

static void safe_off_carries_on_past_a_held_line(void **state)
{
	struct bed *bed = *state;
	struct chair thief;
	struct hal *stolen = NULL;
	uint64_t levels;
	pid_t child;
	struct grip *grip;

	fixture_common(&thief, "thief", "Holds one line");
	thief.n_lines = 1;
	thief.estop = thief.seat = thief.reset = -1;
	thief.enable = 0;
	strcpy(thief.lines[0].name, "GPIO27");
	thief.lines[0].role = ROLE_ENABLE;
	assert_int_equal(lines_open(&thief, &(struct lines_options){ 0 }, &stolen, &bed->error), 0);
	for (unsigned i = 1; i < ARRAY_SIZE(second_names); i++)
		assert_int_equal(simchip_pull(bed->second, i, true), 0);

	grip = grip_new(bed->second, 3); // after the held one
	child = fork_safe_off(bed);
	assert_int_equal(grip_wait(grip, ARRAY_SIZE(second_names), EDGE_MS, &levels), 0);
	grip_free(grip);
	assert_int_equal(levels & 1u << 3, 0);
	assert_int_equal(child_result(child), EBUSY);
	assert_int_equal(lines_safe_off(&bed->chair, &(struct lines_options){ 0 }, &bed->error), -EBUSY);
	assert_says(bed, "GPIO27");
	assert_says(bed, "held by chairguard");
	hal_free(stolen);
}

// --- sensors ----------------------------------------------------------------------------------

static void with_sensor(struct bed *bed, const char *channel)
{
	struct force_sensor *sensor = &bed->chair.actuators[2].sensor;

	*sensor = (struct force_sensor){ .present = true, .device = "cells", .n_per_unit = 500,
		.zero_n = 10 };
	strcpy(sensor->channel, channel);
}

// (73 + 7) * 0.001333 mV, by 500 N/mV, less 10 N
static void a_sensor_measures(void **state)
{
	struct bed *bed = *state;
	struct hal_force force = { 0 };
	int64_t start_us = monotonic_us(), until_us = start_us + FORCE_MS * 1000;
	struct simiio *iio;

	with_sensor(bed, "in_voltage0");
	assert_int_equal(simiio_new("cells", &iio), 0);
	assert_int_equal(open_lines(bed), 0);
	while (force.t_us == 0 && monotonic_us() < until_us)
		assert_int_equal(hal_force(bed->hal, monotonic_us(), 2, &force), 0);
	assert_int_equal(force.error, 0);
	assert_in_range(force.t_us, start_us, monotonic_us());
	assert_float_equal(force.force_n, 80 * 0.001333 * 500 - 10, 1e-6);
	assert_int_equal(hal_force(bed->hal, monotonic_us(), 0, &force), -ENODEV);

	simiio_free(iio); // unplugged
	until_us = monotonic_us() + FORCE_MS * 1000;
	while (force.error == 0 && monotonic_us() < until_us)
		assert_int_equal(hal_force(bed->hal, monotonic_us(), 2, &force), 0);
	assert_int_equal(force.error, -ENODEV);
}

static void a_sensor_that_is_not_there(void **state)
{
	struct bed *bed = *state;

	with_sensor(bed, "in_voltage0");
	assert_int_equal(open_lines(bed), -ENOENT);
	assert_null(bed->hal);
	assert_says(bed, "sensor of cell: no IIO device is named cells");
}

static void a_channel_that_is_not_there(void **state)
{
	struct bed *bed = *state;
	struct simiio *iio;
	int r;

	with_sensor(bed, "in_pressure7");
	assert_int_equal(simiio_new("cells", &iio), 0);
	r = open_lines(bed);
	simiio_free(iio);
	assert_int_equal(r, -ENOENT);
	assert_says(bed, "in_pressure7");
}

#define test_closed(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define test_open(name)   cmocka_unit_test_setup_teardown(name, setup_open, teardown)

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
		test_closed(a_missing_line_is_named),
		test_closed(two_chips_with_one_name),
		test_closed(a_line_that_is_held),
		test_closed(safe_off_after_the_owner_was_killed),
		test_closed(safe_off_carries_on_past_a_held_line),
		test_closed(a_sensor_measures),
		test_closed(a_sensor_that_is_not_there),
		test_closed(a_channel_that_is_not_there),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
