// SPDX-License-Identifier: MIT
#include "hal/gpio_lookup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "hal/gpio_suggest.h"
#include "hal/hal_gpio.h"

#define SEEN_MAX 256 // lines to suggest from; a Raspberry Pi has about 100

struct search {
	const struct chair *chair;
	uint64_t wanted;
	struct gpio_map *map;
	struct hal_error *error;
	int result;                // the first error
	unsigned n_chips, n_lines; // searched
	char closed_path[64];      // a chip that could not be opened, and its error; reported only
	int closed;                // if a line is missing
	struct gpio_seen seen[SEEN_MAX];
	size_t n_seen;
	bool any_name;
};

static void fail(struct search *search, int result)
{
	if (!search->result)
		search->result = result;
}

static void remember(struct search *search, const struct gpio_chip *chip, unsigned offset,
	const char *name)
{
	struct gpio_seen *seen = &search->seen[search->n_seen];

	search->n_lines++;
	search->any_name = search->any_name || *name;
	if (search->n_seen == SEEN_MAX)
		return;
	search->n_seen++;
	seen->offset = offset;
	snprintf(seen->chip, sizeof(seen->chip), "%s", gpio_chip_name(chip));
	snprintf(seen->label, sizeof(seen->label), "%s", gpio_chip_label(chip));
	snprintf(seen->name, sizeof(seen->name), "%s", name);
}

// Enter one line of a chip into the map if its name is wanted. True if it was.
static bool match(struct search *search, int chip, unsigned offset,
	const struct gpio_line_info *info)
{
	bool found = false;

	for (size_t i = 0; i < search->chair->n_lines; i++) {
		if (!(search->wanted & LINE_BIT(i)))
			continue;
		if (strcmp(search->chair->lines[i].name, info->name))
			continue;
		if (search->map->at[i].chip >= 0) {
			if (!search->result)
				snprintf(search->error->text, sizeof(search->error->text),
					"line %s is there twice: two GPIO chips, or two lines of "
					"one, have the same name",
					info->name);
			fail(search, -ENOTUNIQ);
			continue;
		}
		search->map->at[i].chip = chip;
		search->map->at[i].offset = offset;
		snprintf(search->map->at[i].holder, NAME_SIZE, "%s", info->holder);
		found = true;
	}
	return found;
}

static void search_chip(struct search *search, const char *path)
{
	struct gpio_map *map = search->map;
	struct gpio_chip *chip;
	bool any = false;
	int r = gpio_chip_open(path, &chip);

	if (r < 0) {
		snprintf(search->closed_path, sizeof(search->closed_path), "%.63s", path);
		search->closed = r;
		return;
	}
	search->n_chips++;
	for (unsigned offset = 0; offset < gpio_chip_n_lines(chip); offset++) {
		struct gpio_line_info info = { .name = "" };

		gpio_chip_line_info(chip, offset, &info);
		remember(search, chip, offset, info.name);
		if (info.name[0] && map->n_chips < GPIO_CHIPS_MAX)
			any |= match(search, (int)map->n_chips, offset, &info);
	}
	if (any)
		map->chips[map->n_chips++] = chip;
	else
		gpio_chip_close(chip);
}

// "gpiochip0" and so on, but no symbolic link, which may point to the same chip.
static bool is_chip(const char *path, const char *name)
{
	struct stat status;

	return !strncmp(name, "gpiochip", strlen("gpiochip")) && !lstat(path, &status) &&
		!S_ISLNK(status.st_mode);
}

static void search_chips(struct search *search, const char *dev_dir)
{
	struct dirent **entries;
	int n = scandir(dev_dir, &entries, NULL, versionsort);

	if (n < 0) {
		fail(search, -errno);
		snprintf(search->error->text, sizeof(search->error->text), "cannot read %.150s: %s",
			dev_dir, strerror(-search->result));
		return;
	}
	for (int i = 0; i < n; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/%s", dev_dir, entries[i]->d_name);
		if (is_chip(path, entries[i]->d_name))
			search_chip(search, path);
		free(entries[i]);
	}
	free(entries);
}

static void explain_missing(const struct search *search, size_t line)
{
	const char *name = search->chair->lines[line].name;
	char *text = search->error->text;
	size_t size = sizeof(search->error->text);
	char hint[128];

	if (search->closed)
		snprintf(text, size, "line %s may be on %s, but that cannot be opened: %s", name,
			search->closed_path, strerror(-search->closed));
	else if (!search->n_chips)
		snprintf(text, size, "line %s: there is no GPIO chip on this machine", name);
	else if (!search->any_name)
		snprintf(text, size, "line %s: none of the %u lines on %u GPIO chips has a name",
			name, search->n_lines, search->n_chips);
	else
		snprintf(text, size,
			"line %s is on none of the %u GPIO chips (%u lines searched); %s", name,
			search->n_chips, search->n_lines,
			gpio_suggest(name, search->seen, search->n_seen, hint, sizeof(hint)));
}

int gpio_lookup(const struct chair *chair, uint64_t wanted, const char *dev_dir,
	struct gpio_map *ret_map, struct hal_error *ret_error)
{
	struct search search = {
		.chair = chair, .wanted = wanted, .map = ret_map, .error = ret_error
	};

	memset(ret_map, 0, sizeof(*ret_map));
	for (size_t i = 0; i < CHAIR_LINES_MAX; i++)
		ret_map->at[i].chip = -1;
	search_chips(&search, dev_dir);
	for (size_t i = 0; i < chair->n_lines && !search.result; i++) {
		if (!(wanted & LINE_BIT(i)) || ret_map->at[i].chip >= 0)
			continue;
		explain_missing(&search, i);
		fail(&search, search.closed ? search.closed : search.n_chips ? -ENOENT : -ENODEV);
	}
	return search.result;
}

void gpio_map_clear(struct gpio_map *map)
{
	for (size_t i = 0; i < map->n_chips; i++)
		map->chips[i] = gpio_chip_close(map->chips[i]);
	map->n_chips = 0;
}

int hal_gpio_probe(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_gpio_line ret_states[CHAIR_LINES_MAX], struct hal_error *ret_error)
{
	struct gpio_map map;
	int r = gpio_lookup(chair, UINT64_MAX, options->dev_dir ? options->dev_dir : "/dev", &map,
		ret_error);

	for (size_t i = 0; i < CHAIR_LINES_MAX; i++) {
		ret_states[i].found = map.at[i].chip >= 0;
		ret_states[i].offset = map.at[i].offset;
		if (ret_states[i].found)
			snprintf(ret_states[i].chip, sizeof(ret_states[i].chip), "%s",
				gpio_chip_name(map.chips[map.at[i].chip]));
		snprintf(ret_states[i].holder, NAME_SIZE, "%s", map.at[i].holder);
	}
	gpio_map_clear(&map);
	return r;
}
