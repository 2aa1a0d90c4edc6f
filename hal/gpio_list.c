// SPDX-License-Identifier: MIT
#include "hal/gpio_list.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONSUMER "chairctl"

struct list {
	struct gpio_listed *lines;
	size_t n;
	int result; // the first error
	struct hal_error *error;
};

static void fail(struct list *list, int result, const char *what)
{
	if (list->result)
		return;
	list->result = result;
	snprintf(list->error->text, sizeof(list->error->text), "%s: %s", what, strerror(-result));
}

static void add_lines(struct list *list, const struct gpio_chip *chip)
{
	unsigned n = gpio_chip_n_lines(chip);
	struct gpio_listed *lines = realloc(list->lines, (list->n + n) * sizeof(*lines));

	if (!lines) {
		fail(list, -ENOMEM, gpio_chip_name(chip));
		return;
	}
	list->lines = lines;
	for (unsigned offset = 0; offset < n; offset++) {
		struct gpio_listed *line = &lines[list->n++];

		*line = (struct gpio_listed){ .offset = offset, .line = -1, .level = -1 };
		snprintf(line->chip, sizeof(line->chip), "%s", gpio_chip_name(chip));
		snprintf(line->label, sizeof(line->label), "%s", gpio_chip_label(chip));
		gpio_chip_line_info(chip, offset, &line->info);
	}
}

static void add_chip(void *data, const char *path)
{
	struct list *list = data;
	struct gpio_chip *chip;
	int r = gpio_chip_open(path, &chip);

	if (r < 0) {
		fail(list, r, path);
		return;
	}
	if (gpio_chip_n_lines(chip))
		add_lines(list, chip);
	gpio_chip_close(chip);
}

static struct gpio_listed *find_place(const struct list *list, const char *chip, unsigned offset)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->lines[i].offset == offset && strcmp(list->lines[i].chip, chip) == 0)
			return &list->lines[i];
	}
	return NULL;
}

// Read the levels of the chair's free inputs on a chip of the map.
static void read_levels(struct list *list, const struct chair *chair, const struct gpio_map *map,
	int chip)
{
	struct gpio_line_config configs[CHAIR_LINES_MAX];
	unsigned offsets[CHAIR_LINES_MAX];
	bool levels[CHAIR_LINES_MAX];
	size_t n = 0;
	int r;

	for (size_t i = 0; i < chair->n_lines; i++) {
		const struct line *line = &chair->lines[i];

		if (map->at[i].chip != chip || map->at[i].holder[0] ||
			line_role_is_output(line->role))
			continue;
		offsets[n] = map->at[i].offset;
		configs[n++] = (struct gpio_line_config){ .offset = map->at[i].offset,
			.active_low = line->active_low,
			.bias = line->bias };
	}
	if (!n)
		return;
	r = gpio_chip_request(map->chips[chip], CONSUMER, configs, n);
	if (r == 0)
		r = gpio_chip_get(map->chips[chip], n, offsets, levels);
	gpio_chip_release(map->chips[chip]);
	if (r < 0)
		fail(list, r, gpio_chip_name(map->chips[chip]));
	for (size_t i = 0; r == 0 && i < n; i++)
		find_place(list, gpio_chip_name(map->chips[chip]), offsets[i])->level = levels[i];
}

static void add_chair(struct list *list, const struct chair *chair, const char *dev_dir)
{
	struct hal_error error = { "" };
	struct gpio_map map;
	int r = gpio_lookup(chair, ~chair_channels(chair), dev_dir, &map, &error);

	for (size_t i = 0; i < chair->n_lines; i++) {
		struct gpio_listed *line = map.at[i].chip < 0
			? NULL
			: find_place(list, gpio_chip_name(map.chips[map.at[i].chip]),
				  map.at[i].offset);

		if (line)
			line->line = (int)i;
	}
	if (r < 0 && !list->result) {
		list->result = r;
		*list->error = error;
	}
	for (size_t chip = 0; chip < map.n_chips; chip++)
		read_levels(list, chair, &map, (int)chip);
	gpio_map_clear(&map);
}

int gpio_list(const struct chair *chair, const char *dev_dir, struct gpio_listed **ret_lines,
	size_t *ret_n, struct hal_error *ret_error)
{
	struct list list = { .error = ret_error };
	int r = gpio_chips_each(dev_dir, add_chip, &list);

	if (r < 0)
		fail(&list, r, dev_dir);
	if (chair)
		add_chair(&list, chair, dev_dir);
	*ret_lines = list.lines;
	*ret_n = list.n;
	return list.result;
}
