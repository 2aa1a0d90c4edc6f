// SPDX-License-Identifier: MIT
//
// A list of all lines of this machine's GPIO chips, for people: who holds each, what the chair
// wants of it, and its level.
//
// A level can be read only by a request. So only the chair's own inputs are requested, each that is
// free, for a moment and as the guard would: with its bias. No output is ever requested.
#ifndef CHAIRD_HAL_GPIO_LIST_H
#define CHAIRD_HAL_GPIO_LIST_H

#include "hal/gpio_lookup.h"

struct gpio_listed {
	char chip[32], label[32]; // "gpiochip0", "pinctrl-bcm2711"
	unsigned offset;
	struct gpio_line_info info;
	int line;  // of the chair, or -1
	int level; // of the chair's input, logical: 1 active, 0 not; -1: not read
};

// The lines of all chips in order. chair may be NULL. The list is filled in in any case, and is the
// caller's, to free(). 0, or the first error with its explanation: a chip that cannot be opened,
// its lines that cannot be read, or as of gpio_lookup() a line that the chair wants and is not
// there.
int gpio_list(const struct chair *chair, const char *dev_dir, struct gpio_listed **ret_lines,
	size_t *ret_n, struct hal_error *ret_error);

#endif
