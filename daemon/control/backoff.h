// SPDX-License-Identifier: MIT
//
// How long to wait before the next attempt to connect: twice as long each time, and never the
// same as everyone else who lost the same peer. Pure: no clock, no I/O.
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

// The next wait, min_us ... max_us.
int64_t backoff_next_us(struct backoff *backoff);

// An attempt succeeded: begin again with short waits.
void backoff_reset(struct backoff *backoff);

#endif
