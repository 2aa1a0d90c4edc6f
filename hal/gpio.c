// SPDX-License-Identifier: MIT
#include "hal/gpio.h"

#include <errno.h>
#include <fcntl.h>
#include <gpiod.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gpio {
	struct gpiod_chip *chip;
	unsigned n_lines;
	struct gpiod_line_request *request;
	struct gpiod_edge_event_buffer *buffer;
	uint32_t *last_seqno; // of each line's events, 0 before the first; owned
};

int gpio_open(const char *path, struct gpio **ret_gpio)
{
	struct gpio *gpio = calloc(1, sizeof(*gpio));
	struct gpiod_chip_info *info = NULL;
	int r = -ENOMEM;

	if (!gpio)
		return r;
	gpio->chip = gpiod_chip_open(path);
	if (gpio->chip)
		info = gpiod_chip_get_info(gpio->chip);
	if (!info) {
		r = -errno;
		goto out;
	}
	gpio->n_lines = (unsigned)gpiod_chip_info_get_num_lines(info);
	gpiod_chip_info_free(info);
	gpio->last_seqno = calloc(gpio->n_lines ? gpio->n_lines : 1, sizeof(*gpio->last_seqno));
	if (!gpio->last_seqno) {
		r = -ENOMEM;
		goto out;
	}
	*ret_gpio = gpio;
	return 0;
out:
	gpio_close(gpio);
	return r;
}

struct gpio *gpio_close(struct gpio *gpio)
{
	if (!gpio)
		return NULL;
	gpio_release(gpio);
	if (gpio->chip)
		gpiod_chip_close(gpio->chip);
	free(gpio->last_seqno);
	free(gpio);
	return NULL;
}

unsigned gpio_n_lines(const struct gpio *gpio)
{
	return gpio->n_lines;
}

int gpio_info(const struct gpio *gpio, unsigned offset, struct gpio_info *ret_info)
{
	struct gpiod_line_info *info = gpiod_chip_get_line_info(gpio->chip, offset);
	const char *name, *consumer;

	if (!info)
		return -errno;
	name = gpiod_line_info_get_name(info);
	consumer = gpiod_line_info_get_consumer(info);
	*ret_info = (struct gpio_info){ 0 };
	// A name cut short could be taken for another.
	if (name && strlen(name) < sizeof(ret_info->name))
		strcpy(ret_info->name, name);
	if (gpiod_line_info_is_used(info))
		snprintf(ret_info->holder, sizeof(ret_info->holder), "%s",
			consumer && *consumer ? consumer : "the kernel");
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

static int set_up(struct gpiod_line_settings *settings, const struct gpio_want *want)
{
	gpiod_line_settings_reset(settings);
	gpiod_line_settings_set_active_low(settings, want->active_low);
	if (gpiod_line_settings_set_bias(settings, biases[want->bias]) < 0)
		return -errno;
	if (want->output) {
		if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_OUTPUT) < 0 ||
			gpiod_line_settings_set_output_value(settings, value_of(want->level)) < 0)
			return -errno;
		return 0;
	}
	if (gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT) < 0 ||
		gpiod_line_settings_set_edge_detection(settings, edge_kinds[want->edges]) < 0 ||
		gpiod_line_settings_set_event_clock(settings, GPIOD_LINE_CLOCK_MONOTONIC) < 0)
		return -errno;
	return 0;
}

static int configure(struct gpiod_line_config *config, struct gpiod_line_settings *settings,
	const struct gpio_want wants[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		int r = set_up(settings, &wants[i]);

		if (r < 0)
			return r;
		if (gpiod_line_config_add_line_settings(config, &wants[i].offset, 1, settings) < 0)
			return -errno;
	}
	return 0;
}

// Reading edges must never wait.
static int make_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ? -errno : 0;
}

int gpio_request(struct gpio *gpio, const char *consumer, const struct gpio_want wants[],
	size_t n)
{
	struct gpiod_line_settings *settings = gpiod_line_settings_new();
	struct gpiod_line_config *config = gpiod_line_config_new();
	struct gpiod_request_config *request = gpiod_request_config_new();
	int r = -ENOMEM;

	gpio->buffer = gpiod_edge_event_buffer_new(GPIO_EVENTS_MAX);
	if (!settings || !config || !request || !gpio->buffer)
		goto out;
	r = configure(config, settings, wants, n);
	if (r < 0)
		goto out;
	gpiod_request_config_set_consumer(request, consumer);
	gpiod_request_config_set_event_buffer_size(request, GPIO_EVENTS_MAX);
	gpio->request = gpiod_chip_request_lines(gpio->chip, request, config);
	r = gpio->request ? make_nonblocking(gpio_fd(gpio)) : -errno;
out:
	if (r < 0)
		gpio_release(gpio);
	gpiod_request_config_free(request);
	gpiod_line_config_free(config);
	gpiod_line_settings_free(settings);
	return r;
}

void gpio_release(struct gpio *gpio)
{
	if (gpio->request)
		gpiod_line_request_release(gpio->request);
	gpiod_edge_event_buffer_free(gpio->buffer);
	gpio->request = NULL;
	gpio->buffer = NULL;
	if (gpio->last_seqno)
		memset(gpio->last_seqno, 0, gpio->n_lines * sizeof(*gpio->last_seqno));
}

// --- real-time --------------------------------------------------------------------------------

int gpio_set(struct gpio *gpio, size_t n, const unsigned offsets[], const bool levels[])
{
	enum gpiod_line_value values[CHAIR_LINES_MAX];

	for (size_t i = 0; i < n; i++)
		values[i] = value_of(levels[i]);
	return gpiod_line_request_set_values_subset(gpio->request, n, offsets, values) < 0 ? -errno
											   : 0;
}

int gpio_get(struct gpio *gpio, size_t n, const unsigned offsets[], bool ret_levels[])
{
	enum gpiod_line_value values[CHAIR_LINES_MAX];

	if (gpiod_line_request_get_values_subset(gpio->request, n, offsets, values) < 0)
		return -errno;
	for (size_t i = 0; i < n; i++)
		ret_levels[i] = values[i] == GPIOD_LINE_VALUE_ACTIVE;
	return 0;
}

int gpio_edges(struct gpio *gpio, struct gpio_edge edges[], size_t capacity)
{
	size_t most = capacity < GPIO_EVENTS_MAX ? capacity : GPIO_EVENTS_MAX;
	int n = gpiod_line_request_read_edge_events(gpio->request, gpio->buffer, most);
	bool lost = false;

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		struct gpiod_edge_event *event =
			gpiod_edge_event_buffer_get_event(gpio->buffer, (unsigned long)i);
		unsigned offset = gpiod_edge_event_get_line_offset(event);
		uint32_t seqno = (uint32_t)gpiod_edge_event_get_line_seqno(event);

		// A full buffer loses its oldest events (Linux, gpio-v2-line-event-read). The line's
		// own count tells; the request's count is taken in the interrupt, so that it has
		// gaps where a contact bounces, and is out of order where two lines change at once.
		lost = lost || seqno != gpio->last_seqno[offset] + 1;
		gpio->last_seqno[offset] = seqno;
		edges[i].t_us = (int64_t)(gpiod_edge_event_get_timestamp_ns(event) / 1000);
		edges[i].offset = offset;
		edges[i].active =
			gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;
	}
	return lost ? -EOVERFLOW : n;
}

int gpio_fd(const struct gpio *gpio)
{
	return gpiod_line_request_get_fd(gpio->request);
}
