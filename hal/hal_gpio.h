// SPDX-License-Identifier: MIT
//
// The real lines: libgpiod v2 for pins, kernel IIO for force sensors.
#ifndef CHAIRD_HAL_HAL_GPIO_H
#define CHAIRD_HAL_HAL_GPIO_H

#include "hal/hal.h"

#define HAL_GPIO_CONSUMER "chairguard" // what gpioinfo shows as the holder

// Where to look; NULL members mean the kernel's own places.
struct hal_gpio_options {
	const char *dev_dir;     // "/dev"
	const char *iio_dir;     // "/sys/bus/iio/devices"
	const char *modules_dir; // "/sys/module"
};

// Finds every line by its name on any chip and requests it, outputs at their safe level, inputs
// with edge detection, one request per chip. 0 or -errno: -ENOENT a line is on no chip,
// -ENODEV there is no chip, -ENOTUNIQ it is on two, -EBUSY somebody holds it, -EACCES.
int hal_gpio_open(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal **ret_hal, struct hal_error *ret_error);

// Drive every output of the chair to its safe level and let go of the lines. Carries on past
// lines that fail; the first -errno. What `chairguard --safe-off` does.
int hal_gpio_safe_off(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_error *ret_error);

// 1 where the kernel keeps an output at its last level after its owner has gone
// (persist_gpio_outputs=Y) or does not let us read it, 0 where it lets go; -ENOENT where it has no
// such parameter.
int hal_gpio_persist(const struct hal_gpio_options *options);

// What looking alone tells about a line.
struct hal_gpio_line {
	bool found;             // on a chip that can be opened
	char holder[NAME_SIZE]; // who holds it; "" where nobody does, HAL_GPIO_CONSUMER: a guard
	char chip[32];          // "gpiochip0"; if found
	unsigned offset;        // there
};

// Look for every line of the chair without requesting any: nothing changes, whoever holds them.
// The states are filled in in any case; 0, or the first error as hal_gpio_open() has it.
int hal_gpio_probe(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_gpio_line ret_states[CHAIR_LINES_MAX], struct hal_error *ret_error);

#endif
