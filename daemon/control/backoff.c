// SPDX-License-Identifier: MIT
#include "control/backoff.h"

#include "core/units.h"

void backoff_init(struct backoff *backoff, int64_t min_us, int64_t max_us, uint64_t seed)
{
	*backoff =
		(struct backoff){ .min_us = min_us, .max_us = max_us, .random = seed ? seed : 1 };
	backoff_reset(backoff);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->limit_us = min_i64(2 * backoff->min_us, backoff->max_us);
}

// xorshift64: Marsaglia, Xorshift RNGs, 2003.
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

int64_t backoff_next_us(struct backoff *backoff)
{
	uint64_t span = (uint64_t)(backoff->limit_us - backoff->min_us) + 1;
	int64_t wait_us = backoff->min_us + (int64_t)(next_random(&backoff->random) % span);

	backoff->limit_us = min_i64(2 * backoff->limit_us, backoff->max_us);
	return wait_us;
}
