// SPDX-License-Identifier: MIT
//
// Suggestion for a line's name that is on no chip. A name stands for a pin: the same pin under its
// right name is suggested, never another pin with a similar name.
#ifndef CHAIRD_HAL_GPIO_SUGGEST_H
#define CHAIRD_HAL_GPIO_SUGGEST_H

#include <stddef.h>

#include "core/chair.h"

struct gpio_seen {            // a line of this machine
	char chip[32];        // "gpiochip0"
	char label[32];       // of the chip: "pinctrl-bcm2711"
	char name[NAME_SIZE]; // "" if the line has none
	unsigned offset;      // on the chip
};

// A sentence without a full stop: the name of the same pin, or that gpioinfo lists the names.
// Returns ret_text.
char *gpio_suggest(const char *wanted, const struct gpio_seen *lines, size_t n, char *ret_text,
	size_t size);

#endif
