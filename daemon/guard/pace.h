// SPDX-License-Identifier: MIT
//
// The pace of a simulated chair: its time passes at most `speed` times as fast as the computer's.
// Time that a slow computer has lost is caught up with only up to PACE_CREDIT_US.
#ifndef CHAIRD_GUARD_PACE_H
#define CHAIRD_GUARD_PACE_H

#include "core/units.h"

#define PACE_CREDIT_US (20 * US_PER_MS)

struct pace {
	int64_t speed;             // 0: no bound
	int64_t real_us, chair_us; // the same moment on both clocks
};

// Restart without credit.
static inline void pace_begin(struct pace *pace, int64_t real_us, int64_t chair_us)
{
	pace->real_us = real_us;
	pace->chair_us = chair_us;
}

// The time on the computer's clock at which the chair may reach chair_us; may be past.
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
