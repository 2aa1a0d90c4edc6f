// SPDX-License-Identifier: MIT
//
// The backend for real lines: libgpiod v2 for pins, kernel IIO for force sensors.
#ifndef CHAIRD_HAL_HAL_GPIO_H
#define CHAIRD_HAL_HAL_GPIO_H

#include "hal/hal.h"

#define HAL_GPIO_CONSUMER "chairguard" // what gpioinfo shows as the holder

// Directories to search; NULL: the kernel's own, in the comments.
struct hal_gpio_options {
	const char *dev_dir;     // "/dev"
	const char *iio_dir;     // "/sys/bus/iio/devices"
	const char *modules_dir; // "/sys/module"
	const char *pwm_dir;     // "/sys/class/pwm"
};

// Finds every line, by its name on any chip or by its chip and offset, and requests it, outputs at
// their safe level, inputs with edge detection, one request per chip; channels of PWM chips are
// exported and off. 0 or -errno: -ENOENT if a line is on no chip, -ENODEV if there is no chip,
// -ENOTUNIQ if it is on two or twice in the chair, -EINVAL if a path means a Raspberry Pi's own
// chip, -EBUSY if another process holds it, -EACCES.
int hal_gpio_open(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal **ret_hal, struct hal_error *ret_error);

// Drives every output of the chair to its safe level and releases the lines, for
// `chairguard --safe-off`. Continues past lines that fail; returns the first -errno.
int hal_gpio_safe_off(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_error *ret_error);

// 1 if the kernel keeps an output at its last level after its owner has ended
// (persist_gpio_outputs=Y) or the parameter cannot be read, 0 if it releases the line; -ENOENT if
// it has no such parameter.
int hal_gpio_persist(const struct hal_gpio_options *options);

// The state of a line, found without requesting it.
struct hal_gpio_line {
	bool found;             // on a chip that can be opened
	char holder[NAME_SIZE]; // its consumer; "": it is free, HAL_GPIO_CONSUMER: a guard
	char chip[32];          // "gpiochip0", if found
	unsigned offset;        // on that chip
};

// Finds every line of the chair without requesting any, so that nothing changes. The states are
// filled in in any case. 0, or the first error as of hal_gpio_open().
int hal_gpio_probe(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_gpio_line ret_states[CHAIR_LINES_MAX], struct hal_error *ret_error);

#endif
