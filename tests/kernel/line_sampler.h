// SPDX-License-Identifier: MIT
//
// A sampler of the levels of lines that are requested for a moment only, as by `--safe-off`.
//
// A simulated line falls back to its pull as soon as it is released, so its level must be read
// before. The kernel notifies a watcher of each request of a line; this machine has one processor,
// so a watcher of higher priority runs before the requester's next instruction.
#ifndef TESTS_KERNEL_GRIP_H
#define TESTS_KERNEL_GRIP_H

#include <stdint.h>

#include "simchip.h"

struct line_sampler;

// Watches a line from here on. Until line_sampler_free() the caller has a high real-time priority;
// what it starts has not. Aborts on failure.
struct line_sampler *line_sampler_new(const struct simchip *chip, unsigned int line);
struct line_sampler *line_sampler_free(struct line_sampler *sampler);

// Waits until the line is requested and returns the physical levels of the chip's first n_lines at
// that moment, by bit. 0, or -ETIMEDOUT.
int line_sampler_wait(struct line_sampler *sampler, unsigned int n_lines, int timeout_ms,
	uint64_t *ret_levels);

#endif
