// SPDX-License-Identifier: MIT
//
// Detector of a suspend of the computer.
//
// CLOCK_BOOTTIME counts during a suspend and CLOCK_MONOTONIC does not: their difference is the time
// spent suspended (clock_gettime(2)). Leases and deadlines use CLOCK_MONOTONIC, which does not show
// it.
#ifndef CHAIRD_SERVICE_SUSPEND_H
#define CHAIRD_SERVICE_SUSPEND_H

#include <stdbool.h>
#include <stdint.h>

struct suspend {
	bool started;
	int64_t asleep_us; // in total
};

// True once after each suspend; never at the first call. boot_us must be read before monotonic_us:
// a delay between the two then makes the time asleep look shorter, never longer.
bool suspend_update(struct suspend *suspend, int64_t boot_us, int64_t monotonic_us);

// The same with the present clocks. Real-time safe.
bool suspend_happened(struct suspend *suspend);

#endif
