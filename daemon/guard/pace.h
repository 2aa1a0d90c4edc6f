// SPDX-License-Identifier: MIT
//
// How fast the time of a simulated chair may pass: at most `speed` times as fast as the computer's.
// What a slow computer has lost is lost: it is made up for only where it is less than a moment.
#ifndef CHAIRD_GUARD_PACE_H
#define CHAIRD_GUARD_PACE_H

#include "core/units.h"

#define PACE_CREDIT_US (20 * US_PER_MS)

struct pace {
	int64_t speed;             // 0: no bound
	int64_t real_us, chair_us; // a moment on both clocks
};

// Begin anew: no credit from before.
static inline void pace_begin(struct pace *pace, int64_t real_us, int64_t chair_us)
{
	pace->real_us = real_us;
	pace->chair_us = chair_us;
}

// When the chair may get to chair_us, on the computer's clock; may be past.
static inline int64_t pace_due_us(struct pace *pace, int64_t real_us, int64_t chair_us)
{
	int64_t due_us;

	if (!pace->speed)
		return real_us;
	due_us = pace->real_us + (chair_us - pace->chair_us) / pace->speed;
	if (due_us < real_us - PACE_CREDIT_US)
		pace->real_us += real_us - PACE_CREDIT_US - due_us;
	return due_us;
}

#endif
