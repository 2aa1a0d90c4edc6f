// SPDX-License-Identifier: MIT
//
// Where the lines of a chair are: their names looked up on every GPIO chip there is, because the
// numbers of chips move between kernels and models.
#ifndef CHAIRD_HAL_LINES_FIND_H
#define CHAIRD_HAL_LINES_FIND_H

#include "hal/gpio.h"
#include "hal/lines.h"

#define LINES_CHIPS_MAX 8 // that a chair's lines may be spread over

struct lines_map {
	struct gpio *chips[LINES_CHIPS_MAX]; // only those with lines of the chair
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
int lines_find(const struct chair *chair, uint64_t wanted, const char *dev_dir,
	struct lines_map *ret_map, struct lines_error *ret_error);

void lines_map_clear(struct lines_map *map);

#endif
