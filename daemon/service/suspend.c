// SPDX-License-Identifier: MIT
#include "service/suspend.h"

#include <time.h>

#include "core/units.h"

// Shorter than any suspend, and longer than a delay between two readings of the clocks.
#define SHORTEST_US (100 * US_PER_MS)

bool suspend_update(struct suspend *suspend, int64_t boot_us, int64_t monotonic_us)
{
	int64_t asleep_us = boot_us - monotonic_us;
	bool slept = suspend->started && asleep_us - suspend->asleep_us >= SHORTEST_US;

	if (!suspend->started || asleep_us > suspend->asleep_us)
		suspend->asleep_us = asleep_us;
	suspend->started = true;
	return slept;
}

static int64_t clock_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

bool suspend_happened(struct suspend *suspend)
{
	int64_t boot_us = clock_us(CLOCK_BOOTTIME);

	return suspend_update(suspend, boot_us, clock_us(CLOCK_MONOTONIC));
}
