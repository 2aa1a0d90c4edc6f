// SPDX-License-Identifier: MIT
#include "hal/gpio_lookup.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

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

// A line of a chip, and who holds it.
struct candidate {
	const struct gpio_chip *chip;
	const char *path; // of the chip's device node
	unsigned offset;
	struct gpio_line_info info;
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

__attribute__((format(printf, 3, 4))) static void fail_text(struct search *search, int result,
	const char *format, ...)
{
	va_list args;

	if (search->result)
		return;
	search->result = result;
	va_start(args, format);
	vsnprintf(search->error->text, sizeof(search->error->text), format, args);
	va_end(args);
}

// --- one line ---------------------------------------------------------------------------------

// The chip's device in /sys is this directory, or lies within it.
static bool is_device(const char *directory, dev_t node)
{
	char device[64], *chip_path, *wanted;
	size_t length;
	bool is;

	snprintf(device, sizeof(device), "/sys/dev/char/%u:%u", major(node), minor(node));
	chip_path = realpath(device, NULL);
	wanted = realpath(directory, NULL);
	length = wanted ? strlen(wanted) : 0;
	is = chip_path && length && strncmp(chip_path, wanted, length) == 0 &&
		(chip_path[length] == '/' || !chip_path[length]);
	free(chip_path);
	free(wanted);
	return is;
}

// Whether a chair file's label or path means this chip, whose device node is known.
static bool is_meant(const char *meant, const struct gpio_chip *chip, const char *path)
{
	struct stat node, other;

	if (meant[0] != '/')
		return strcmp(meant, gpio_chip_label(chip)) == 0;
	if (stat(path, &node) < 0 || stat(meant, &other) < 0)
		return false;
	if (S_ISCHR(other.st_mode))
		return other.st_rdev == node.st_rdev;
	return S_ISDIR(other.st_mode) && is_device(meant, node.st_rdev);
}

static bool is_wanted(const struct line *line, const struct candidate *candidate)
{
	if (!line->chip[0])
		return candidate->info.name[0] && strcmp(line->name, candidate->info.name) == 0;
	return (unsigned)line->offset == candidate->offset &&
		is_meant(line->chip, candidate->chip, candidate->path);
}

static void report_twice(struct search *search, const struct line *line)
{
	if (line->chip[0])
		fail_text(search, -ENOTUNIQ,
			"line %s is there twice: two GPIO chips are called %s; give chip as the "
			"path of the device: ls -d /sys/bus/*/devices/*/gpiochip*",
			line->name, line->chip);
	else
		fail_text(search, -ENOTUNIQ,
			"line %s is there twice: two GPIO chips, or two lines of one, have the "
			"same name",
			line->name);
}

// A proof of the chair file knows the pins of a Raspberry Pi's own chip by its label only.
static void refuse_own_chip(struct search *search, const struct line *line,
	const struct gpio_chip *chip)
{
	const char *label = gpio_chip_label(chip);

	if (line->chip[0] == '/' &&
		(strncmp(label, "pinctrl-bcm", 11) == 0 || strncmp(label, "pinctrl-rp1", 11) == 0))
		fail_text(search, -EINVAL,
			"line %s is on the Raspberry Pi's own chip; write chip = \"%s\"; "
			"offset = %d;",
			line->name, label, line->offset);
}

// Enter a line of a chip into the map if the chair wants it. True if it does.
static bool match(struct search *search, const struct candidate *candidate)
{
	const struct line *lines = search->chair->lines;
	int first = -1;

	for (size_t i = 0; i < search->chair->n_lines; i++) {
		if (!(search->wanted & LINE_BIT(i)) || !is_wanted(&lines[i], candidate))
			continue;
		if (search->map->at[i].chip >= 0) {
			report_twice(search, &lines[i]);
			continue;
		}
		refuse_own_chip(search, &lines[i], candidate->chip);
		if (first >= 0)
			fail_text(search, -ENOTUNIQ, "lines %s and %s are the same line",
				lines[first].name, lines[i].name);
		search->map->at[i].chip = (int)search->map->n_chips;
		search->map->at[i].offset = candidate->offset;
		snprintf(search->map->at[i].holder, NAME_SIZE, "%s", candidate->info.holder);
		first = (int)i;
	}
	return first >= 0;
}

// --- all chips --------------------------------------------------------------------------------

static void search_chip(void *data, const char *path)
{
	struct search *search = data;
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
		struct candidate candidate = { .chip = chip, .path = path, .offset = offset };

		gpio_chip_line_info(chip, offset, &candidate.info);
		remember(search, chip, offset, candidate.info.name);
		if (map->n_chips < GPIO_CHIPS_MAX)
			any |= match(search, &candidate);
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

int gpio_chips_each(const char *dev_dir, void (*each)(void *data, const char *path), void *data)
{
	struct dirent **entries;
	int n = scandir(dev_dir, &entries, NULL, versionsort);

	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "%s/%s", dev_dir, entries[i]->d_name);
		if (is_chip(path, entries[i]->d_name))
			each(data, path);
		free(entries[i]);
	}
	free(entries);
	return 0;
}

static void search_chips(struct search *search, const char *dev_dir)
{
	int r = gpio_chips_each(dev_dir, search_chip, search);

	if (r < 0)
		fail_text(search, r, "cannot read %.150s: %s", dev_dir, strerror(-r));
}

// The labels of the chips that were searched, in order.
static void list_labels(const struct search *search, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (size_t i = 0; i < search->n_seen && length < size; i++) {
		const struct gpio_seen *seen = &search->seen[i];

		if (i && strcmp(seen->chip, search->seen[i - 1].chip) == 0)
			continue;
		length += (size_t)snprintf(text + length, size - length, "%s%s", i ? ", " : "",
			seen->label);
	}
}

static void explain_place(const struct search *search, const struct line *line)
{
	char labels[128];
	unsigned n_lines = 0;

	for (size_t i = 0; i < search->n_seen; i++)
		n_lines += strcmp(search->seen[i].label, line->chip) == 0;
	list_labels(search, labels, sizeof(labels));
	if (n_lines)
		snprintf(search->error->text, sizeof(search->error->text),
			"line %s: %s has only the offsets 0 ... %u", line->name, line->chip,
			n_lines - 1);
	else
		snprintf(search->error->text, sizeof(search->error->text),
			"line %s is on none of the %u GPIO chips: %s", line->name, search->n_chips,
			labels);
}

static void explain_missing(const struct search *search, size_t line)
{
	const char *name = search->chair->lines[line].name;
	char *text = search->error->text;
	size_t size = sizeof(search->error->text);
	char hint[192];

	if (search->closed)
		snprintf(text, size, "line %s may be on %s, but that cannot be opened: %s", name,
			search->closed_path, strerror(-search->closed));
	else if (!search->n_chips)
		snprintf(text, size, "line %s: there is no GPIO chip on this machine", name);
	else if (search->chair->lines[line].chip[0])
		explain_place(search, &search->chair->lines[line]);
	else if (!search->any_name)
		snprintf(text, size,
			"line %s: none of the %u lines on %u GPIO chips has a name; give chip and "
			"offset",
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
	int r = gpio_lookup(chair, ~chair_channels(chair),
		options->dev_dir ? options->dev_dir : "/dev", &map, ret_error);

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
