// SPDX-License-Identifier: MIT
//
// Probing a chair's lines on real chips: their presence, their holders, that probing requests none,
// and the suggestion for a name that is on no chip. Runs inside:
// tests/kernel/run build/.../test_probe
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "hal/gpio_chip.h"
#include "hal/hal_gpio.h"
#include "simchip.h"

enum { MOTOR, SEAT, N_LINES };

static const char *const names[N_LINES] = { "GPIO17", "GPIO22" };

static const struct chair chair = {
	.lines = { { .name = "GPIO17", .role = ROLE_PWM, .actuator = -1 },
		{ .name = "GPIO22", .role = ROLE_SEAT, .actuator = -1 },
		{ .name = "GPIO23", .role = ROLE_RESET, .actuator = -1 } },
	.n_lines = 3,
};

static int setup(void **state)
{
	return simchip_new("probe", names, N_LINES, (struct simchip **)state);
}

static int teardown(void **state)
{
	*state = simchip_free(*state);
	return 0;
}

static int probe(size_t n_lines, struct hal_gpio_line states[CHAIR_LINES_MAX],
	struct hal_error *error)
{
	struct chair some = chair;

	some.n_lines = n_lines;
	return hal_gpio_probe(&some, &(struct hal_gpio_options){ 0 }, states, error);
}

static void free_lines(void **state)
{
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct hal_error error = { "" };

	(void)state;
	// Twice: if the first probe had requested them, the second would show it.
	for (int i = 0; i < 2; i++) {
		assert_int_equal(probe(N_LINES, states, &error), 0);
		assert_true(states[MOTOR].found && states[SEAT].found);
		assert_string_equal(states[MOTOR].holder, "");
		assert_string_equal(states[SEAT].holder, "");
	}
}

static void a_line_that_is_missing(void **state)
{
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct hal_error error = { "" };

	(void)state;
	assert_int_equal(probe(chair.n_lines, states, &error), -ENOENT);
	assert_true(states[MOTOR].found && states[SEAT].found);
	assert_false(states[2].found);
	assert_non_null(strstr(error.text, "GPIO23"));
}

static void a_line_that_is_held(void **state)
{
	const struct gpio_line_config want = { .offset = SEAT };
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct hal_error error = { "" };
	struct gpio_chip *gpio;

	assert_int_equal(gpio_chip_open(simchip_path(*state), &gpio), 0);
	assert_int_equal(gpio_chip_request(gpio, "somebody", &want, 1), 0);
	assert_int_equal(probe(N_LINES, states, &error), 0);
	gpio_chip_close(gpio);
	assert_true(states[MOTOR].found && states[SEAT].found);
	assert_string_equal(states[MOTOR].holder, "");
	assert_string_equal(states[SEAT].holder, "somebody");
}

// --- a name that is on no chip ----------------------------------------------------------------

// The lines of a Raspberry Pi 4, as its kernel names them.
static const char *const header_names[] = { "ID_SDA", "ID_SCL", "SDA1", "SCL1", "GPIO_GCLK",
	"GPIO5", "GPIO6", "SPI_CE1_N", "SPI_CE0_N", "SPI_MISO", "SPI_MOSI", "SPI_SCLK", "GPIO12",
	"GPIO13", "TXD1", "RXD1", "GPIO16", "GPIO17", "GPIO18", "GPIO19", "GPIO20", "GPIO21" };

static int setup_header(void **state)
{
	return simchip_new("pinctrl-bcm2711", header_names,
		sizeof(header_names) / sizeof(header_names[0]), (struct simchip **)state);
}

static void the_same_pin_is_suggested_or_none(void **state)
{
	static const struct {
		const char *wanted, *suggested;
	} rows[] = {
		{ "GPIO4", "offset 4 of pinctrl-bcm2711 is called GPIO_GCLK" },
		{ "17", "did you mean GPIO17?" },
		{ "BCM17", "did you mean GPIO17?" },
		{ "GPIO017", "did you mean GPIO17?" },
		{ "gpio17", "did you mean GPIO17?" },
		{ "P11", "pin 11 of the 40-pin header is called GPIO17" },
		{ "GPIO9", "offset 9 of pinctrl-bcm2711 is called SPI_MISO" },
		{ "GPIO71", "gpioinfo lists the names" },
		{ "GPIO_CLK", "gpioinfo lists the names" },
	};
	struct hal_gpio_line states[CHAIR_LINES_MAX];
	struct chair one = { .n_lines = 1, .lines = { { .role = ROLE_SEAT, .actuator = -1 } } };
	char by_offset[NAME_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hal_error error = { "" };

		strcpy(one.lines[0].name, rows[i].wanted);
		assert_int_equal(hal_gpio_probe(&one, &(struct hal_gpio_options){ 0 }, states,
					 &error),
			-ENOENT);
		if (!strstr(error.text, rows[i].suggested))
			fail_msg("%s: %s", rows[i].wanted, error.text);
	}

	struct hal_error error = { "" };

	snprintf(by_offset, sizeof(by_offset), "%s:17", strrchr(simchip_path(*state), '/') + 1);
	strcpy(one.lines[0].name, by_offset);
	assert_int_equal(hal_gpio_probe(&one, &(struct hal_gpio_options){ 0 }, states, &error),
		-ENOENT);
	assert_non_null(strstr(error.text, "offset 17 of gpiochip"));
	assert_non_null(strstr(error.text, "is called GPIO17"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(free_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_that_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_that_is_held, setup, teardown),
		cmocka_unit_test_setup_teardown(the_same_pin_is_suggested_or_none, setup_header,
			teardown),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
