// SPDX-License-Identifier: MIT
//
// The operations that a backend of hal.h implements. A backend embeds struct hal, finds its own
// struct by container_of and sets every operation.
#ifndef CHAIRD_HAL_BACKEND_H
#define CHAIRD_HAL_BACKEND_H

#include "hal/hal.h"

struct hal_ops {
	int (*write)(struct hal *hal, int64_t now_us, uint64_t mask, uint64_t levels);
	uint64_t (*channels)(struct hal *hal); // may be NULL, with drive: there are none
	int (*drive)(struct hal *hal, int64_t now_us, int line, int duty_permille);
	int (*read)(struct hal *hal, int64_t now_us, uint64_t *ret_levels);
	int (*events)(struct hal *hal, int64_t now_us, struct hal_event *events, size_t capacity);
	int (*force)(struct hal *hal, int64_t now_us, int actuator, struct hal_force *ret_force);
	int (*measure)(struct hal *hal, int64_t now_us, int actuator, enum quantity quantity,
		struct hal_measurement *ret);
	int (*failed_line)(struct hal *hal); // may be NULL
	size_t (*fds)(struct hal *hal, int fds[HAL_FDS_MAX]);
	int64_t (*next_us)(struct hal *hal);
	int (*outputs_persist)(struct hal *hal);
	void (*free)(struct hal *hal); // sets the outputs to their safe levels first
};

struct hal {
	const struct hal_ops *ops;
	const struct chair *chair; // borrowed, outlives the backend
};

#define container_of(pointer, type, member) ((type *)((char *)(pointer) - offsetof(type, member)))

#endif
