// SPDX-License-Identifier: MIT
//
// Where the lines of a chair are: their names looked up on every GPIO chip there is, because the
// numbers of chips move between kernels and models.
#ifndef CHAIRD_HAL_GPIO_LOOKUP_H
#define CHAIRD_HAL_GPIO_LOOKUP_H

#include "hal/gpio_chip.h"
#include "hal/hal_gpio.h"

#define GPIO_CHIPS_MAX 8 // that a chair's lines may be spread over

struct gpio_map {
	struct gpio_chip *chips[GPIO_CHIPS_MAX]; // only those with lines of the chair
	size_t n_chips;
	struct {
		int chip; // -1: on none
		unsigned offset;
		char holder[NAME_SIZE]; // "" where nobody holds it
	} at[CHAIR_LINES_MAX];
};

// Looks for the lines in `wanted`. Every line is looked for even after an error; the first error
// is returned and explained, and what was found is in the map all the same. Clear the map in
// either case.
int gpio_lookup(const struct chair *chair, uint64_t wanted, const char *dev_dir,
	struct gpio_map *ret_map, struct hal_error *ret_error);

void gpio_map_clear(struct gpio_map *map);

#endif
