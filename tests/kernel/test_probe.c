// SPDX-License-Identifier: MIT
//
// Probing a chair's lines on real chips: their presence, their holders, and that probing requests
// none. Runs inside: tests/kernel/run build/.../test_probe
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(free_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_that_is_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_line_that_is_held, setup, teardown),
	};

	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
