// SPDX-License-Identifier: MIT
//
// A chair whose lines lie on two simulated chips of this kernel, its inputs on the first and its
// outputs on the second, but for one each: for tests of hal/hal_gpio.h.
#ifndef TESTS_KERNEL_BED_H
#define TESTS_KERNEL_BED_H

#include <stdbool.h>
#include <stdint.h>

#include "hal/hal_gpio.h"
#include "simchip.h"

#define BED_CELL         2 // actuator: an air cell, without a sensor
#define BED_FIRST_LINES  6
#define BED_SECOND_LINES 8

enum bed_second { // offsets on the second chip
	BED_NOT_OURS,
	BED_FORWARD,
	BED_REVERSE,
	BED_PWM,
	BED_HOME, // the one input there
	BED_FILL,
	BED_VENT, // safe while its wire is low
	BED_PUMP,
};

struct bed {
	struct chair chair;
	struct simchip *first, *second;
	struct hal *hal; // NULL until bed_open()
	struct hal_error error;
};

// cmocka's; state is a struct bed *.
int bed_setup(void **state);
int bed_setup_open(void **state);
int bed_teardown(void **state);

int bed_open(struct bed *bed); // as hal_gpio_open()

// By the line's name: its bit in a set of lines, the level of its wire, and a pull at that.
uint64_t bed_bit(const struct bed *bed, const char *name);
int bed_wire(const struct bed *bed, const char *name);
void bed_pull(const struct bed *bed, const char *name, bool up);

void bed_assert_says(const struct bed *bed, const char *text); // the last error

#endif
