// SPDX-License-Identifier: MIT
//
// What lines are driven to while somebody holds them for a moment only, as `--safe-off` does.
//
// A simulated line falls back to its pull as soon as it is let go, so looking afterwards shows
// nothing. The kernel tells a watcher of each line that is requested; this machine has one
// processor, so a watcher of higher priority runs before the requester's next instruction.
#ifndef TESTS_KERNEL_GRIP_H
#define TESTS_KERNEL_GRIP_H

#include <stdint.h>

#include "simchip.h"

struct grip;

// Watches a line from here on. Until grip_free() the caller has a high real-time priority; what
// it starts has not. Aborts where it cannot.
struct grip *grip_new(const struct simchip *chip, unsigned int line);
struct grip *grip_free(struct grip *grip);

// Waits until the line is requested and tells the physical levels of the chip's first n_lines, by
// bit, of that moment. 0, or -ETIMEDOUT.
int grip_wait(struct grip *grip, unsigned int n_lines, int timeout_ms, uint64_t *ret_levels);

#endif
