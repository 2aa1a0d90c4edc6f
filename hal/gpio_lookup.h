// SPDX-License-Identifier: MIT
//
// The search for a chair's lines on all GPIO chips, by their names, or by the label or path of
// their chip: chip numbers differ between kernels and models.
#ifndef CHAIRD_HAL_GPIO_LOOKUP_H
#define CHAIRD_HAL_GPIO_LOOKUP_H

#include "hal/gpio_chip.h"
#include "hal/hal.h"

#define GPIO_CHIPS_MAX 8 // that a chair's lines may be spread over

struct gpio_map {
	struct gpio_chip *chips[GPIO_CHIPS_MAX]; // only those with lines of the chair
	size_t n_chips;
	struct {
		int chip; // -1: on none
		unsigned offset;
		char holder[NAME_SIZE]; // "": it is free
	} at[CHAIR_LINES_MAX];
};

// Search for the lines in `wanted`. The search goes on after an error; the first one is returned
// and explained in *ret_error, and the map holds the lines that were found. Clear the map in either
// case.
int gpio_lookup(const struct chair *chair, uint64_t wanted, const char *dev_dir,
	struct gpio_map *ret_map, struct hal_error *ret_error);

// The device nodes of all chips, in the order of their numbers. 0 or -errno.
int gpio_chips_each(const char *dev_dir, void (*each)(void *data, const char *path), void *data);

void gpio_map_clear(struct gpio_map *map);

#endif
