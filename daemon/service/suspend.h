// SPDX-License-Identifier: MIT
//
// Notices that the computer was suspended.
//
// CLOCK_BOOTTIME goes on in a suspend and CLOCK_MONOTONIC does not: what one is ahead of the other
// is the time spent asleep (clock_gettime(2)). Leases and deadlines are on CLOCK_MONOTONIC and see
// nothing of it.
#ifndef CHAIRD_SERVICE_SUSPEND_H
#define CHAIRD_SERVICE_SUSPEND_H

#include <stdbool.h>
#include <stdint.h>

struct suspend {
	bool started;
	int64_t asleep_us; // in all, as far as it is known
};

// True once after each suspend; never at the first call. boot_us must have been read before
// monotonic_us: what comes between the two makes the time asleep look shorter, never longer.
bool suspend_update(struct suspend *suspend, int64_t boot_us, int64_t monotonic_us);

// The same with the clocks of now. Real-time safe.
bool suspend_happened(struct suspend *suspend);

#endif
