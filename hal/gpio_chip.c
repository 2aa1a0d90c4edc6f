// SPDX-License-Identifier: MIT
#include "hal/gpio_chip.h"

#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gpio_chip {
	struct gpiod_chip *gpiod;
	char name[32], label[32]; // the kernel's sizes
	unsigned n_lines;
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *buffer;
	uint32_t *last_seqno; // of each line's events, 0 before the first; owned
};

int gpio_chip_open(const char *path, struct gpio_chip **ret_chip)
{
	struct gpio_chip *chip = calloc(1, sizeof(*chip));
	struct gpiod_chip_info *info = NULL;
	int r = -ENOMEM;

	if (!chip)
		return r;
	chip->gpiod = gpiod_chip_open(path);
	if (chip->gpiod)
		info = gpiod_chip_get_info(chip->gpiod);
	if (!info) {
		r = -errno;
		goto out;
	}
	chip->n_lines = (unsigned)gpiod_chip_info_get_num_lines(info);
	snprintf(chip->name, sizeof(chip->name), "%s", gpiod_chip_info_get_name(info));
	snprintf(chip->label, sizeof(chip->label), "%s", gpiod_chip_info_get_label(info));
	gpiod_chip_info_free(info);
	chip->last_seqno = calloc(chip->n_lines ? chip->n_lines : 1, sizeof(*chip->last_seqno));
	if (!chip->last_seqno) {
		r = -ENOMEM;
		goto out;
	}
	*ret_chip = chip;
	return 0;
out:
	gpio_chip_close(chip);
	return r;
}

struct gpio_chip *gpio_chip_close(struct gpio_chip *chip)
{
	if (!chip)
		return NULL;
	gpio_chip_release(chip);
	if (chip->gpiod)
		gpiod_chip_close(chip->gpiod);
	free(chip->last_seqno);
	free(chip);
	return NULL;
}

unsigned gpio_chip_n_lines(const struct gpio_chip *chip)
{
	return chip->n_lines;
}

const char *gpio_chip_name(const struct gpio_chip *chip)
{
	return chip->name;
}

const char *gpio_chip_label(const struct gpio_chip *chip)
{
	return chip->label;
}

int gpio_chip_line_info(const struct gpio_chip *chip, unsigned offset,
	struct gpio_line_info *ret_info)
{
	struct gpiod_line_info *info = gpiod_chip_get_line_info(chip->gpiod, offset);
	const char *name, *consumer;

	if (!info)
		return -errno;
	name = gpiod_line_info_get_name(info);
	consumer = gpiod_line_info_get_consumer(info);
	*ret_info = (struct gpio_line_info){ 0 };
	// A truncated name could match another line's.
	if (name && strlen(name) < sizeof(ret_info->name))
		strcpy(ret_info->name, name);
	if (gpiod_line_info_is_used(info))
		snprintf(ret_info->holder, sizeof(ret_info->holder), "%s",
			consumer && *consumer ? consumer : "the kernel");
	ret_info->output = gpiod_line_info_get_direction(info) == GPIOD_LINE_DIRECTION_OUTPUT;
	gpiod_line_info_free(info);
	return 0;
}

// --- requesting -------------------------------------------------------------------------------

static const enum gpiod_line_bias biases[] = {
	[BIAS_AS_IS] = GPIOD_LINE_BIAS_AS_IS,
	[BIAS_DISABLED] = GPIOD_LINE_BIAS_DISABLED,
	[BIAS_PULL_UP] = GPIOD_LINE_BIAS_PULL_UP,
	[BIAS_PULL_DOWN] = GPIOD_LINE_BIAS_PULL_DOWN,
};

static const enum gpiod_line_edge edge_kinds[] = {
	[GPIO_EDGES_NONE] = GPIOD_LINE_EDGE_NONE,
	[GPIO_EDGES_RISING] = GPIOD_LINE_EDGE_RISING,
	[GPIO_EDGES_BOTH] = GPIOD_LINE_EDGE_BOTH,
};

static enum gpiod_line_value value_of(bool level)
{
	return level ? GPIOD_LINE_VALUE_ACTIVE : GPIOD_LINE_VALUE_INACTIVE;
}

static int apply_config(struct gpiod_line_settings *settings, const struct gpio_line_config *line)
{
	gpiod_line_settings_reset(settings);
	gpiod_line_settings_set_active_low(settings, line->active_low);
	if (gpiod_line_settings_set_bias(settings, biases[line->bias]) < 0)
		return -errno;
	if (line->output) {
		if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
			gpiod_line_settings_set_output_value(settings, value_of(line->level)) < 0)
			return -errno;
		return 0;
	}
	if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0 ||
		gpiod_line_settings_set_edge_detection(settings, edge_kinds[line->edges]) < 0 ||
		gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC) < 0)
		return -errno;
	return 0;
}

static int configure(struct gpiod_line_config *config, struct gpiod_line_settings *settings,
	const struct gpio_line_config configs[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int r = apply_config(settings, &configs[i]);

		if (r < 0)
			return r;
		if (gpiod_line_config_add_line_settings(config, &configs[i].offset, 1, settings) <
			0)
			return -errno;
	}
	return 0;
}

// Reading edges must not block.
static int make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int gpio_chip_request(struct gpio_chip *chip, const char *consumer,
	const struct gpio_line_config configs[], size_t n)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_request_config *request = gpiod_request_config_new();
	int r = -ENOMEM;

	chip->buffer = gpiod_edge_event_buffer_new(GPIO_EVENTS_MAX);
	if (!settings || !config || !request || !chip->buffer)
		goto out;
	r = configure(config, settings, configs, n);
	if (r < 0)
		goto out;
	gpiod_request_config_set_consumer(request, consumer);
	gpiod_request_config_set_event_buffer_size(request, GPIO_EVENTS_MAX);
	chip->request = gpiod_chip_request_lines(chip->gpiod, request, config);
	r = chip->request ? make_nonblocking(gpio_chip_fd(chip)) : -errno;
out:
	if (r < 0)
		gpio_chip_release(chip);
	gpiod_request_config_free(request);
	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	return r;
}

void gpio_chip_release(struct gpio_chip *chip)
{
	if (chip->request)
		gpiod_line_request_release(chip->request);
	gpiod_edge_event_buffer_free(chip->buffer);
	chip->request = NULL;
	chip->buffer = NULL;
	if (chip->last_seqno)
		memset(chip->last_seqno, 0, chip->n_lines * sizeof(*chip->last_seqno));
}

// --- real-time --------------------------------------------------------------------------------

int gpio_chip_set(struct gpio_chip *chip, size_t n, const unsigned offsets[], const bool levels[])
{
	enum gpiod_line_value values[CHAIR_LINES_MAX];

	for (size_t i = 0; i < n; i++)
		values[i] = value_of(levels[i]);
	return gpiod_line_request_set_values_subset(chip->request, n, offsets, values) < 0 ? -errno
											   : 0;
}

int gpio_chip_get(struct gpio_chip *chip, size_t n, const unsigned offsets[], bool ret_levels[])
{
	enum gpiod_line_value values[CHAIR_LINES_MAX];

	if (gpiod_line_request_get_values_subset(chip->request, n, offsets, values) < 0)
		return -errno;
	for (size_t i = 0; i < n; i++)
		ret_levels[i] = values[i] == GPIOD_LINE_VALUE_ACTIVE;
	return 0;
}

int gpio_chip_edges(struct gpio_chip *chip, struct gpio_edge edges[], size_t capacity)
{
	size_t most = capacity < GPIO_EVENTS_MAX ? capacity : GPIO_EVENTS_MAX;
	int n = gpiod_line_request_read_edge_events(chip->request, chip->buffer, most);
	bool lost = false;

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		struct gpiod_edge_event *event = gpiod_edge_event_buffer_get_event(chip->buffer,
			(unsigned long)i);
		unsigned offset = gpiod_edge_event_get_line_offset(event);
		uint32_t seqno = (uint32_t)gpiod_edge_event_get_line_seqno(event);

		// A full buffer loses its oldest events (Linux, gpio-v2-line-event-read). The
		// line's own sequence number shows it. The request's is taken in the interrupt: it
		// has gaps if a contact bounces, and is out of order if two lines change at once.
		lost = lost || seqno != chip->last_seqno[offset] + 1;
		chip->last_seqno[offset] = seqno;
		edges[i].t_us = (int64_t)(gpiod_edge_event_get_timestamp_ns(event) / 1000);
		edges[i].offset = offset;
		edges[i].active = gpiod_edge_event_get_event_type(event) ==
			GPIOD_EDGE_EVENT_RISING_EDGE;
	}
	return lost ? -EOVERFLOW : n;
}

int gpio_chip_fd(const struct gpio_chip *chip)
{
	return gpiod_line_request_get_fd(chip->request);
}
