// SPDX-License-Identifier: MIT
//
// A chair on two simulated chips of this kernel, for tests of hal/hal_gpio.h: its inputs are on the
// first chip and its outputs on the second, but for one each.
#ifndef TESTS_KERNEL_BED_H
#define TESTS_KERNEL_BED_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/hal_gpio.h"
#include "simchip.h"

#define HARNESS_CELL         2 // actuator: an air cell, without a sensor
#define HARNESS_FIRST_LINES  6
#define HARNESS_SECOND_LINES 8

enum guard_harness_second { // offsets on the second chip
	HARNESS_NOT_OURS,
	HARNESS_FORWARD,
	HARNESS_REVERSE,
	HARNESS_PWM,
	HARNESS_HOME, // the one input there
	HARNESS_FILL,
	HARNESS_VENT, // safe while its wire is low
	HARNESS_PUMP,
};

struct guard_harness {
	struct chair chair;
	struct simchip *first, *second;
	struct hal *hal; // NULL until guard_harness_open()
	struct hal_error error;
};

// cmocka's; state is a struct guard_harness *.
int guard_harness_setup(void **state);
int guard_harness_setup_open(void **state);
int guard_harness_teardown(void **state);

int guard_harness_open(struct guard_harness *harness); // as hal_gpio_open()

// By the line's name: its bit in a set of lines, the level of its wire, and a pull of the wire.
uint64_t guard_harness_bit(const struct guard_harness *harness, const char *name);
int guard_harness_wire(const struct guard_harness *harness, const char *name);
void guard_harness_pull(const struct guard_harness *harness, const char *name, bool up);

void guard_harness_assert_logged(const struct guard_harness *harness,
	const char *text); // the last error

#endif
