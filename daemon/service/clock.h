// SPDX-License-Identifier: MIT
//
// Monotonic clock of the computer, in microseconds: the time base of real chairs and networks.
#ifndef CHAIRD_SERVICE_CLOCK_H
#define CHAIRD_SERVICE_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "core/units.h"

static inline int64_t clock_monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

#endif
