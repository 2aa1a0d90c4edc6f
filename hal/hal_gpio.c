// SPDX-License-Identifier: MIT
#include "hal/hal_gpio.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/backend.h"
#include "hal/gpio_chip.h"
#include "hal/gpio_lookup.h"
#include "hal/iio.h"
#include "hal/pwm_channel.h"

struct hal_gpio {
	struct hal hal;
	struct gpio_map map;
	struct iio *iio; // NULL without sensors
	bool persist;
	uint64_t outputs;
	uint64_t of_chip[GPIO_CHIPS_MAX]; // the lines on each chip
	struct pwm_channels channels;
	int failed_line;
};

static struct hal_gpio *hal_gpio_of(struct hal *hal)
{
	return container_of(hal, struct hal_gpio, hal);
}

static int first_line(uint64_t lines)
{
	return lines ? __builtin_ctzll(lines) : -1;
}

static void explain(struct hal_error *error, const char *what, int r)
{
	snprintf(error->text, sizeof(error->text), "%s: %s", what, strerror(-r));
}

// --- the backend ------------------------------------------------------------------------------

// If a chip fails the others are still written: this may be the write that releases a person.
static int gpio_write(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels)
{
	struct hal_gpio *gpio = hal_gpio_of(hal);
	int result = 0;

	(void)now_us;
	for (size_t chip = 0; chip < gpio->map.n_chips; chip++) {
		uint64_t left = mask & gpio->outputs & gpio->of_chip[chip];
		unsigned offsets[CHAIR_LINES_MAX];
		bool values[CHAIR_LINES_MAX];
		size_t n = 0;
		int r;

		for (; left; left &= left - 1, n++) {
			int line = __builtin_ctzll(left);

			offsets[n] = gpio->map.at[line].offset;
			values[n] = levels & LINE_BIT(line);
		}
		r = n ? gpio_chip_set(gpio->map.chips[chip], n, offsets, values) : 0;
		if (r < 0 && !result) {
			result = r;
			gpio->failed_line = first_line(mask & gpio->outputs & gpio->of_chip[chip]);
		}
	}
	return result;
}

static uint64_t gpio_channels(struct hal *hal)
{
	return hal_gpio_of(hal)->channels.open;
}

static int gpio_drive(struct hal *hal, int64_t now_us, int line, int duty_permille)
{
	struct hal_gpio *gpio = hal_gpio_of(hal);
	int r = pwm_channel_set(&gpio->channels.at[line], duty_permille);

	(void)now_us;
	if (r < 0)
		gpio->failed_line = line;
	return r;
}

static int gpio_read(struct hal *hal, int64_t now_us, uint64_t *ret_levels)
{
	struct hal_gpio *gpio = hal_gpio_of(hal);
	uint64_t levels = 0;

	(void)now_us;
	for (size_t chip = 0; chip < gpio->map.n_chips; chip++) {
		uint64_t inputs = gpio->of_chip[chip] & ~gpio->outputs, left;
		unsigned offsets[CHAIR_LINES_MAX];
		bool values[CHAIR_LINES_MAX];
		size_t n = 0;
		int r;

		for (left = inputs; left; left &= left - 1)
			offsets[n++] = gpio->map.at[__builtin_ctzll(left)].offset;
		r = n ? gpio_chip_get(gpio->map.chips[chip], n, offsets, values) : 0;
		if (r < 0) {
			gpio->failed_line = first_line(inputs);
			return r;
		}
		n = 0;
		for (left = inputs; left; left &= left - 1)
			levels |= (uint64_t)values[n++] << __builtin_ctzll(left);
	}
	*ret_levels = levels;
	return 0;
}

static int line_at(const struct hal_gpio *gpio, size_t chip, unsigned offset)
{
	for (uint64_t left = gpio->of_chip[chip]; left; left &= left - 1) {
		int line = __builtin_ctzll(left);

		if (gpio->map.at[line].offset == offset)
			return line;
	}
	return -1;
}

// Insert by time, because edges of several chips are read one chip after the other.
static void insert_event(struct hal_event events[], size_t n, struct hal_event event)
{
	for (; n > 0 && events[n - 1].t_us > event.t_us; n--)
		events[n] = events[n - 1];
	events[n] = event;
}

static int gpio_events(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity)
{
	struct hal_gpio *gpio = hal_gpio_of(hal);
	struct gpio_edge edges[GPIO_EVENTS_MAX];
	size_t n = 0;

	(void)now_us;
	for (size_t chip = 0; chip < gpio->map.n_chips && n < capacity; chip++) {
		int r;

		if (!(gpio->of_chip[chip] & ~gpio->outputs))
			continue;
		r = gpio_chip_edges(gpio->map.chips[chip], edges,
			capacity - n < GPIO_EVENTS_MAX ? capacity - n : GPIO_EVENTS_MAX);
		if (r < 0) {
			gpio->failed_line = first_line(gpio->of_chip[chip] & ~gpio->outputs);
			return r;
		}
		for (int i = 0; i < r; i++) {
			int line = line_at(gpio, chip, edges[i].offset);

			if (line >= 0)
				insert_event(events, n++,
					(struct hal_event){
						edges[i].t_us, (uint8_t)line, edges[i].active });
		}
	}
	return (int)n;
}

static int gpio_force(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force)
{
	(void)now_us;
	iio_latest(hal_gpio_of(hal)->iio, actuator, ret_force);
	return 0;
}

static int gpio_measure(struct hal *hal, int64_t now_us, int actuator, enum quantity quantity,
	struct hal_measurement *ret)
{
	(void)now_us;
	iio_measured(hal_gpio_of(hal)->iio, actuator, quantity, ret);
	return 0;
}

static int gpio_failed_line(struct hal *hal)
{
	return hal_gpio_of(hal)->failed_line;
}

static size_t gpio_fds(struct hal *hal, int fds[HAL_FDS_MAX])
{
	struct hal_gpio *gpio = hal_gpio_of(hal);
	size_t n = 0;

	for (size_t chip = 0; chip < gpio->map.n_chips; chip++) {
		if (gpio->of_chip[chip] & ~gpio->outputs)
			fds[n++] = gpio_chip_fd(gpio->map.chips[chip]);
	}
	return n;
}

static int64_t gpio_next_us(struct hal *hal)
{
	(void)hal;
	return TIME_NEVER;
}

static int gpio_outputs_persist(struct hal *hal)
{
	return hal_gpio_of(hal)->persist;
}

static void gpio_free(struct hal *hal)
{
	struct hal_gpio *gpio = hal_gpio_of(hal);

	// An error here cannot be handled; the relay and the pull-downs remain.
	gpio_write(hal, 0, gpio->outputs, chair_safe_levels(hal->chair));
	pwm_channels_close(&gpio->channels);
	iio_close(gpio->iio);
	gpio_map_clear(&gpio->map);
	free(gpio);
}

static const struct hal_ops hal_gpio_ops = {
	.write = gpio_write,
	.channels = gpio_channels,
	.drive = gpio_drive,
	.read = gpio_read,
	.events = gpio_events,
	.force = gpio_force,
	.measure = gpio_measure,
	.failed_line = gpio_failed_line,
	.fds = gpio_fds,
	.next_us = gpio_next_us,
	.outputs_persist = gpio_outputs_persist,
	.free = gpio_free,
};

// --- opening ----------------------------------------------------------------------------------

static struct gpio_line_config line_config(const struct chair *chair, size_t index, unsigned offset)
{
	const struct line *line = &chair->lines[index];

	return (struct gpio_line_config){
		.offset = offset,
		.output = line_role_is_output(line->role),
		.active_low = line->active_low,
		.level = line->safe_level,
		.bias = line->bias,
		.edges = line->role == ROLE_PULSE ? GPIO_EDGES_RISING : GPIO_EDGES_BOTH,
	};
}

// Request all lines in `wanted` that are on one chip.
static int request_chip(const struct chair *chair, const struct gpio_map *map, size_t chip,
	uint64_t wanted)
{
	struct gpio_line_config configs[CHAIR_LINES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if ((wanted & LINE_BIT(i)) && map->at[i].chip == (int)chip)
			configs[n++] = line_config(chair, i, map->at[i].offset);
	}
	return gpio_chip_request(map->chips[chip], HAL_GPIO_CONSUMER, configs, n);
}

static int check_free(const struct chair *chair, const struct gpio_map *map,
	struct hal_error *error)
{
	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!map->at[i].holder[0])
			continue;
		snprintf(error->text, sizeof(error->text), "line %s is held by \"%s\"",
			chair->lines[i].name, map->at[i].holder);
		return -EBUSY;
	}
	return 0;
}

static int request_all(struct hal_gpio *gpio, struct hal_error *error)
{
	const struct chair *chair = gpio->hal.chair;

	for (size_t i = 0; i < chair->n_lines; i++) {
		if (!chair->lines[i].channel_hz)
			gpio->of_chip[gpio->map.at[i].chip] |= LINE_BIT(i);
	}
	for (size_t chip = 0; chip < gpio->map.n_chips; chip++) {
		uint64_t on_chip = gpio->of_chip[chip];
		char what[NAME_SIZE + 64];
		int r = request_chip(chair, &gpio->map, chip, on_chip);

		if (r == 0)
			continue;
		snprintf(what, sizeof(what), "cannot request the %d lines of a chip, %s and others",
			__builtin_popcountll(on_chip), chair->lines[__builtin_ctzll(on_chip)].name);
		explain(error, what, r);
		return r;
	}
	return 0;
}

static const char *either(const char *given, const char *usual)
{
	return given ? given : usual;
}

int hal_gpio_persist(const struct hal_gpio_options *options)
{
	char pattern[PATH_MAX];
	glob_t found;
	bool persist = false;

	snprintf(pattern, sizeof(pattern), "%s/pinctrl_*/parameters/persist_gpio_outputs",
		either(options->modules_dir, "/sys/module"));
	if (glob(pattern, 0, NULL, &found))
		return -ENOENT;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		FILE *file = fopen(found.gl_pathv[i], "re");
		int c = file ? fgetc(file) : 'Y'; // unreadable: as persistent

		persist = persist || c == 'Y' || c == 'y' || c == '1';
		if (file)
			fclose(file);
	}
	globfree(&found);
	return persist;
}

int hal_gpio_open(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal **ret_hal, struct hal_error *ret_error)
{
	struct hal_gpio *gpio = calloc(1, sizeof(*gpio));
	int r = -ENOMEM;

	if (!gpio) {
		explain(ret_error, "lines", r);
		return r;
	}
	gpio->hal.ops = &hal_gpio_ops;
	gpio->hal.chair = chair;
	gpio->failed_line = -1;
	gpio->outputs = chair_outputs(chair);
	gpio->persist = hal_gpio_persist(options) != 0; // an error counts as persistent
	r = gpio_lookup(chair, ~chair_channels(chair), either(options->dev_dir, "/dev"), &gpio->map,
		ret_error);
	if (r < 0)
		goto out;
	r = check_free(chair, &gpio->map, ret_error);
	if (r < 0)
		goto out;
	r = request_all(gpio, ret_error);
	if (r < 0)
		goto out;
	r = pwm_channels_open(chair, either(options->pwm_dir, PWM_CLASS_DIR), &gpio->channels,
		ret_error);
	if (r < 0)
		goto out;
	r = iio_open(chair, either(options->iio_dir, "/sys/bus/iio/devices"), &gpio->iio,
		ret_error);
	if (r < 0)
		goto out;
	*ret_hal = &gpio->hal;
	return 0;
out:
	pwm_channels_close(&gpio->channels);
	gpio_map_clear(&gpio->map);
	free(gpio);
	return r;
}

// --- safe off ---------------------------------------------------------------------------------

// If the lines cannot be requested together, request each alone, so that one that is held does not
// keep the others on.
static int chip_safe_off(const struct chair *chair, const struct gpio_map *map, size_t chip,
	uint64_t outputs, struct hal_error *error)
{
	int result = 0;

	if (request_chip(chair, map, chip, outputs) == 0) {
		gpio_chip_release(map->chips[chip]);
		return 0;
	}
	for (uint64_t left = outputs; left; left &= left - 1) {
		int line = __builtin_ctzll(left);
		int r;

		if (map->at[line].chip != (int)chip)
			continue;
		r = request_chip(chair, map, chip, LINE_BIT(line));
		gpio_chip_release(map->chips[chip]);
		if (r < 0 && result == 0) {
			result = r;
			snprintf(error->text, sizeof(error->text), "line %s: %s%s%s",
				chair->lines[line].name, strerror(-r),
				map->at[line].holder[0] ? ", held by " : "", map->at[line].holder);
		}
	}
	return result;
}

int hal_gpio_safe_off(const struct chair *chair, const struct hal_gpio_options *options,
	struct hal_error *ret_error)
{
	struct gpio_map map;
	struct hal_error error;
	uint64_t outputs = chair_outputs(chair) & ~chair_channels(chair);
	int result, r;

	result = gpio_lookup(chair, outputs, either(options->dev_dir, "/dev"), &map, ret_error);
	for (size_t chip = 0; chip < map.n_chips; chip++) {
		r = chip_safe_off(chair, &map, chip, outputs, &error);
		if (r < 0 && result == 0) {
			result = r;
			*ret_error = error;
		}
	}
	gpio_map_clear(&map);
	r = pwm_channels_off(chair, either(options->pwm_dir, PWM_CLASS_DIR), &error);
	if (r < 0 && result == 0) {
		result = r;
		*ret_error = error;
	}
	return result;
}
