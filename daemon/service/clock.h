// SPDX-License-Identifier: MIT
//
// The daemons' clock: monotonic, and N times faster where a simulated chair is asked to be.
#ifndef CHAIRD_SERVICE_CLOCK_H
#define CHAIRD_SERVICE_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "core/units.h"

struct service_clock {
	int64_t base_us; // CLOCK_MONOTONIC when the clock was made
	int64_t speed;   // 1 ... 100
};

#define CLOCK_SPEED_MAX 100

static inline int64_t clock_monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

static inline struct service_clock clock_start(int64_t speed)
{
	return (struct service_clock){ .base_us = clock_monotonic_us(), .speed = speed };
}

// Now, on this clock.
static inline int64_t clock_now_us(const struct service_clock *clock)
{
	return clock->base_us + (clock_monotonic_us() - clock->base_us) * clock->speed;
}

// When CLOCK_MONOTONIC will show what this clock calls t_us, rounded up. TIME_NEVER stays.
static inline int64_t clock_to_monotonic_us(const struct service_clock *clock, int64_t t_us)
{
	if (t_us == TIME_NEVER)
		return TIME_NEVER;
	return clock->base_us + (t_us - clock->base_us + clock->speed - 1) / clock->speed;
}

// The other way round, for the kernel's event times.
static inline int64_t clock_from_monotonic_us(const struct service_clock *clock, int64_t mono_us)
{
	return clock->base_us + (mono_us - clock->base_us) * clock->speed;
}

#endif
