// SPDX-License-Identifier: MIT
//
// A GPIO chip and its requested lines, through libgpiod v2. gpio_chip.c is the only file that
// includes <gpiod.h>.
//
// gpio_chip_open() and gpio_chip_request() are for construction; gpio_chip_set(), _get() and
// _edges() allocate nothing and do not block. Errors are -errno.
#ifndef CHAIRD_HAL_GPIO_CHIP_H
#define CHAIRD_HAL_GPIO_CHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/chair.h"

#define GPIO_EVENTS_MAX 256 // the kernel's buffer of edges for one request

struct gpio_chip; // a chip, and its lines once they have been requested

enum gpio_edges { GPIO_EDGES_NONE, GPIO_EDGES_RISING, GPIO_EDGES_BOTH };

struct gpio_line_config {
	unsigned offset;
	bool output;
	bool active_low;
	bool level; // of an output, logical, from the request on
	enum line_bias bias;
	enum gpio_edges edges; // of an input, logical
};

struct gpio_line_info {
	char name[NAME_SIZE];   // "" if the line has none, or one too long for a chair file
	char holder[NAME_SIZE]; // the consumer that holds the line; "" if it is free
	bool output;            // its present direction
};

struct gpio_edge {
	int64_t t_us; // CLOCK_MONOTONIC
	unsigned offset;
	bool active;
};

int gpio_chip_open(const char *path, struct gpio_chip **ret_chip);
struct gpio_chip *gpio_chip_close(struct gpio_chip *chip);
unsigned gpio_chip_n_lines(const struct gpio_chip *chip);
const char *gpio_chip_name(const struct gpio_chip *chip);  // "gpiochip0"
const char *gpio_chip_label(const struct gpio_chip *chip); // "pinctrl-bcm2711"
int gpio_chip_line_info(const struct gpio_chip *chip, unsigned offset,
	struct gpio_line_info *ret_info);

// Request these lines as one request. At most one request per chip at a time.
int gpio_chip_request(struct gpio_chip *chip, const char *consumer,
	const struct gpio_line_config configs[], size_t n);
// Release them; the chip stays open.
void gpio_chip_release(struct gpio_chip *chip);

// n lines, given by their offsets; at most CHAIR_LINES_MAX.
int gpio_chip_set(struct gpio_chip *chip, size_t n, const unsigned offsets[], const bool levels[]);
int gpio_chip_get(struct gpio_chip *chip, size_t n, const unsigned offsets[], bool ret_levels[]);

// Read up to `capacity` edges, oldest first. Returns their number, or -EOVERFLOW if the kernel has
// lost some.
int gpio_chip_edges(struct gpio_chip *chip, struct gpio_edge edges[], size_t capacity);
int gpio_chip_fd(const struct gpio_chip *chip);

#endif
