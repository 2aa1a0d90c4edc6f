// SPDX-License-Identifier: MIT
//
// Exponential backoff with jitter between attempts to connect.
//
// The bound doubles at each attempt; the wait is a random part of it, so that many clients which
// lost the same peer do not return together. Pure: no clock, no I/O.
#ifndef CHAIRD_CONTROL_BACKOFF_H
#define CHAIRD_CONTROL_BACKOFF_H

#include <stdint.h>

struct backoff {
	int64_t min_us, max_us;
	int64_t limit_us; // the next wait lies in min_us ... limit_us
	uint64_t random;
};

// 0 < min_us <= max_us. Any seed.
void backoff_init(struct backoff *backoff, int64_t min_us, int64_t max_us, uint64_t seed);

// Next wait, min_us ... max_us.
int64_t backoff_next_us(struct backoff *backoff);

// Begin again with short waits, after an attempt that succeeded.
void backoff_reset(struct backoff *backoff);

#endif
