// SPDX-License-Identifier: MIT
//
// The channels of kernel PWM chips, as a part of `chairctl lines`.
#ifndef CHAIRD_CTL_LINES_CHANNELS_H
#define CHAIRD_CTL_LINES_CHANNELS_H

#include <jansson.h>

#include "hal/pwm_list.h"

struct lines_channels {
	const struct chair *chair; // borrowed; NULL: none
	struct pwm_listed *list;
	size_t n;
};

// The chair may be NULL. As pwm_list(), of this machine.
int lines_channels_read(const struct chair *chair, struct lines_channels *ret_channels,
	struct hal_error *ret_error);
void lines_channels_clear(struct lines_channels *channels);

// To stdout: a table of each chip, after an empty line.
void lines_channels_print(const struct lines_channels *channels);
// [{"chip", "device", "channels": [...]}], new.
json_t *lines_channels_json(const struct lines_channels *channels);

#endif
