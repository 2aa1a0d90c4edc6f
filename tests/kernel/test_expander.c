// SPDX-License-Identifier: MIT
//
// Lines by chip and offset, on real chips whose lines have no names. Runs inside:
// tests/kernel/run build/.../test_expander
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "guard/line_record.h"
#include "hal/hal_gpio.h"
#include "line_sampler.h"
#include "simchip.h"

#define PORT_LINES 8
#define EDGE_MS    1000
#define LINK       "/dev/relays"

enum { RELAY, VALVE, CONTACT, BOARD, N_LINES }; // of the chair

enum { AT_RELAY = 2, AT_VALVE = 5, AT_CONTACT = 7 }; // on the expander

static const char *const no_names[PORT_LINES] = { NULL };
static const char *const board_names[] = { "GPIO4", "GPIO17" };

struct bench {
	struct chair chair;
	struct simchip *board, *expander;
	struct hal *hal;
	struct hal_error error;
};

static void place(struct bench *bench, const char *chip)
{
	line_set_place(&bench->chair.lines[RELAY], chip, AT_RELAY);
	line_set_place(&bench->chair.lines[VALVE], chip, AT_VALVE);
	line_set_place(&bench->chair.lines[CONTACT], chip, AT_CONTACT);
}

static int setup(void **state)
{
	static struct bench bench;

	bench = (struct bench){
		.chair = { .n_lines = N_LINES,
			.lines = { [RELAY] = { .role = ROLE_RUN, .actuator = -1 },
				[VALVE] = { .role = ROLE_VENT,
					.actuator = -1,
					.active_low = true,
					.safe_level = true },
				[CONTACT] = { .role = ROLE_SEAT,
					.actuator = -1,
					.active_low = true,
					.bias = BIAS_PULL_UP },
				[BOARD] = { .name = "GPIO17",
					.role = ROLE_RUN,
					.actuator = -1 } } },
	};
	place(&bench, "mcp23017");
	assert_int_equal(simchip_new("board", board_names, 2, &bench.board), 0);
	assert_int_equal(simchip_new("mcp23017", no_names, PORT_LINES, &bench.expander), 0);
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	unlink(LINK);
	hal_free(bench->hal);
	simchip_free(bench->expander);
	simchip_free(bench->board);
	return 0;
}

static int open_lines(struct bench *bench)
{
	return hal_gpio_open(&bench->chair, &(struct hal_gpio_options){ 0 }, &bench->hal,
		&bench->error);
}

static void assert_refused(struct bench *bench, int r, const char *text)
{
	assert_int_equal(open_lines(bench), r);
	assert_null(bench->hal);
	if (!strstr(bench->error.text, text))
		fail_msg("\"%s\" does not say \"%s\"", bench->error.text, text);
}

static int wire(const struct bench *bench, unsigned offset)
{
	return simchip_level(bench->expander, offset);
}

// Every line of the chair does what it should, and no other line of the expander is touched.
static void assert_works(struct bench *bench)
{
	uint64_t inputs;

	assert_int_equal(open_lines(bench), 0);
	assert_int_equal(wire(bench, AT_VALVE), 0); // safe: open
	assert_int_equal(hal_write(bench->hal, 0, UINT64_MAX, LINE_BIT(RELAY)), 0);
	for (unsigned i = 0; i < PORT_LINES; i++)
		assert_int_equal(wire(bench, i), i == AT_RELAY || i == AT_VALVE || i == AT_CONTACT);
	assert_int_equal(simchip_level(bench->board, 1), 0);
	assert_int_equal(hal_write(bench->hal, 0, LINE_BIT(BOARD), LINE_BIT(BOARD)), 0);
	assert_int_equal(simchip_level(bench->board, 1), 1);
	assert_int_equal(hal_read(bench->hal, 0, &inputs), 0);
	assert_int_equal(inputs, 0);
	assert_int_equal(simchip_pull(bench->expander, AT_CONTACT, false), 0);
	assert_int_equal(hal_read(bench->hal, 0, &inputs), 0);
	assert_int_equal(inputs, LINE_BIT(CONTACT));
	bench->hal = hal_free(bench->hal);
	assert_int_equal(wire(bench, AT_RELAY), 0);
}

static void by_its_label(void **state)
{
	assert_works(*state);
}

static void by_the_path_of_its_device(void **state)
{
	struct bench *bench = *state;

	place(bench, simchip_device(bench->expander));
	assert_works(bench);
}

// As a udev rule makes one, whatever number the chip has.
static void by_a_link_to_its_node(void **state)
{
	struct bench *bench = *state;

	assert_int_equal(symlink(simchip_path(bench->expander), LINK), 0);
	place(bench, LINK);
	assert_works(bench);
}

static void two_expanders_of_one_kind(void **state)
{
	struct bench *bench = *state;
	struct simchip *second;

	assert_int_equal(simchip_new("mcp23017", no_names, PORT_LINES, &second), 0);
	assert_refused(bench, -ENOTUNIQ, "line mcp23017:2 is there twice");
	assert_refused(bench, -ENOTUNIQ, "give chip as the path of the device");
	place(bench, simchip_device(bench->expander));
	assert_works(bench);
	for (unsigned i = 0; i < PORT_LINES; i++)
		assert_int_equal(simchip_level(second, i), 0);
	simchip_free(second);
}

static void a_place_that_is_not_there(void **state)
{
	struct bench *bench = *state;

	line_set_place(&bench->chair.lines[VALVE], "mcp23017", PORT_LINES);
	assert_refused(bench, -ENOENT, "line mcp23017:8: mcp23017 has only the offsets 0 ... 7");
	line_set_place(&bench->chair.lines[VALVE], "mcp23008", AT_VALVE);
	assert_refused(bench, -ENOENT, "line mcp23008:5 is on none of the 2 GPIO chips: ");
	assert_refused(bench, -ENOENT, "mcp23017");
	line_set_place(&bench->chair.lines[VALVE], "/sys/bus/i2c/devices/1-0020", AT_VALVE);
	assert_refused(bench, -ENOENT, "line /sys/bus/i2c/devices/1-0020:5 is on none");
	line_set_place(&bench->chair.lines[VALVE], "/etc", AT_VALVE);
	assert_refused(bench, -ENOENT, "line /etc:5 is on none");
}

static void one_line_in_two_ways(void **state)
{
	struct bench *bench = *state;

	line_set_place(&bench->chair.lines[VALVE], simchip_device(bench->expander), AT_RELAY);
	assert_refused(bench, -ENOTUNIQ, "lines mcp23017:2 and /sys/");
	line_set_place(&bench->chair.lines[VALVE], "board", 1);
	assert_refused(bench, -ENOTUNIQ, "lines board:1 and GPIO17 are the same line");
}

static void the_boards_own_chip_is_known_by_its_label(void **state)
{
	struct bench *bench = *state;
	struct simchip *own;

	assert_int_equal(simchip_new("pinctrl-bcm2711", no_names, PORT_LINES, &own), 0);
	line_set_place(&bench->chair.lines[BOARD], simchip_device(own), 4);
	assert_refused(bench, -EINVAL,
		"on the Raspberry Pi's own chip; write chip = \"pinctrl-bcm2711\"; offset = 4;");
	line_set_place(&bench->chair.lines[BOARD], "pinctrl-bcm2711", 4);
	assert_int_equal(open_lines(bench), 0);
	simchip_free(own);
}

static void safe_off_needs_only_the_record(void **state)
{
	struct bench *bench = *state;
	char folder[] = "/tmp/chaird-expander-XXXXXX", socket[64], record[64];
	struct line_sampler *sampler;
	struct chair held;
	uint64_t levels;
	int status;
	pid_t child;

	assert_non_null(mkdtemp(folder));
	snprintf(socket, sizeof(socket), "%s/guard.sock", folder);
	snprintf(record, sizeof(record), "%s/lines", folder);
	assert_int_equal(line_record_write(socket, &bench->chair), 0);
	assert_int_equal(line_record_read(socket, &held), 0);
	unlink(record);
	rmdir(folder);
	for (unsigned i = 0; i < PORT_LINES; i++)
		assert_int_equal(simchip_pull(bench->expander, i, true), 0);
	sampler = line_sampler_new(bench->expander, AT_RELAY);
	child = fork();
	if (child == 0)
		_exit(-hal_gpio_safe_off(&held, &(struct hal_gpio_options){ 0 }, &bench->error));
	assert_int_equal(line_sampler_wait(sampler, PORT_LINES, EDGE_MS, &levels), 0);
	line_sampler_free(sampler);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(levels, 0xff & ~(1 << AT_RELAY | 1 << AT_VALVE));
}

#define test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(by_its_label),
		test(by_the_path_of_its_device),
		test(by_a_link_to_its_node),
		test(two_expanders_of_one_kind),
		test(a_place_that_is_not_there),
		test(one_line_in_two_ways),
		test(the_boards_own_chip_is_known_by_its_label),
		test(safe_off_needs_only_the_record),
	};

	return cmocka_run_group_tests_name("expander", tests, NULL, NULL);
}
