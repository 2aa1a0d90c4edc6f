// SPDX-License-Identifier: MIT
#include "line_sampler.h"

#include <errno.h>
#include <gpiod.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define PRIORITY 90 // above everything that is tested

struct line_sampler {
	const struct simchip *sim;
	struct gpiod_chip *chip;
};

static void die(const char *what)
{
	perror(what);
	abort();
}

struct line_sampler *line_sampler_new(const struct simchip *sim, unsigned int line)
{
	struct line_sampler *sampler = calloc(1, sizeof(*sampler));
	struct gpiod_line_info *info;

	if (!sampler)
		die("sampler");
	sampler->sim = sim;
	sampler->chip = gpiod_chip_open(simchip_path(sim));
	info = sampler->chip ? gpiod_chip_watch_line_info(sampler->chip, line) : NULL;
	if (!info)
		die("watch");
	gpiod_line_info_free(info);
	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK,
		    &(struct sched_param){ .sched_priority = PRIORITY }) < 0)
		die("priority");
	return sampler;
}

struct line_sampler *line_sampler_free(struct line_sampler *sampler)
{
	if (!sampler)
		return NULL;
	sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){ 0 });
	gpiod_chip_close(sampler->chip);
	free(sampler);
	return NULL;
}

static bool is_request(struct line_sampler *sampler)
{
	struct gpiod_info_event *event = gpiod_chip_read_info_event(sampler->chip);
	bool request;

	if (!event)
		die("event");
	request = gpiod_info_event_get_event_type(event) == GPIOD_INFO_EVENT_LINE_REQUESTED;
	gpiod_info_event_free(event);
	return request;
}

int line_sampler_wait(struct line_sampler *sampler, unsigned int n_lines, int timeout_ms,
	uint64_t *ret_levels)
{
	uint64_t levels = 0;

	do {
		int r = gpiod_chip_wait_info_event(sampler->chip, timeout_ms * INT64_C(1000000));

		if (r < 0)
			die("wait");
		if (r == 0)
			return -ETIMEDOUT;
	} while (!is_request(sampler));
	for (unsigned int i = 0; i < n_lines; i++) {
		int level = simchip_level(sampler->sim, i);

		if (level < 0)
			die("level");
		levels |= (uint64_t)level << i;
	}
	*ret_levels = levels;
	return 0;
}
