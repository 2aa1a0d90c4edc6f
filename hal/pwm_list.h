// SPDX-License-Identifier: MIT
//
// A list of all channels of this machine's kernel PWM chips, for people: what each is set to, and
// which motor of the chair wants it. Nothing is exported and nothing is set.
#ifndef CHAIRD_HAL_PWM_LIST_H
#define CHAIRD_HAL_PWM_LIST_H

#include "core/chair.h"
#include "hal/hal.h"

struct pwm_listed {
	char chip[32];               // "pwmchip0"
	char device[LINE_CHIP_SIZE]; // "fe20c000.pwm", the chip's name in the chair file
	unsigned channel;
	int line;      // of the chair, or -1
	bool exported; // otherwise these are 0
	bool enabled;
	int64_t period_ns, duty_ns;
};

// The channels of all chips in order. chair may be NULL. The list is filled in in any case, and is
// the caller's, to free(). 0; or -ENOENT, -ENOTUNIQ or -ENODEV with its explanation: the chip of a
// channel that the chair wants is not there, is there twice, or does not have it.
int pwm_list(const struct chair *chair, const char *class_dir, struct pwm_listed **ret_channels,
	size_t *ret_n, struct hal_error *ret_error);

#endif
