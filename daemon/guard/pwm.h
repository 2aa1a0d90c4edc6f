// SPDX-License-Identifier: MIT
//
// The PWM schedule: levels of all modulated lines, as absolute deadlines.
//
//            period                    period
//   line a   |#########________________|#########_____   duty 360
//   line b   |#########________________|#########_____   duty 360: shares a's edge
//   line c   |##################_______|##############   duty 720
//            ^        ^        ^
//            on       off a,b  off c      wake-ups a period: distinct duties + 1
//
// All lines rise together at the start of a period and fall in order of duty. A duty that grows
// applies from the next period on, or starts a period if every duty was zero; a duty that shrinks
// applies at once. 0 and 1000 make no edges; with every duty at 0 or 1000 there is no deadline.
// Periods follow each other without a gap while a duty is not zero, so deadlines do not drift.
// Pure; real-time safe.
#ifndef CHAIRD_GUARD_PWM_H
#define CHAIRD_GUARD_PWM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/chair.h"

struct pwm {
	int64_t period_us;
	int64_t period_start_us;
	uint64_t lines;                     // modulated lines
	uint16_t demanded[CHAIR_LINES_MAX]; // last duty of pwm_set(), per mille
	uint16_t current[CHAIR_LINES_MAX];  // duty of the running period
	bool grows;                         // a duty waits for the next period
	uint64_t full;                      // lines that are on for the whole running period
	uint64_t levels;                    // as last stepped
	uint64_t rests;                     // lines that stay off in the running period
	int n_edges;                        // falling edges of the running period, ascending
	struct {
		int32_t at_us; // after the start of the period
		uint64_t lines;
	} edge[CHAIR_LINES_MAX];
};

void pwm_init(struct pwm *pwm, int hz, uint64_t lines);

// Set the duties (by line index, per mille).
void pwm_set(struct pwm *pwm, int64_t now_us, const uint16_t duty_permille[CHAIR_LINES_MAX]);

// Levels of the modulated lines at now_us, and the time of their next change (TIME_NEVER: none).
uint64_t pwm_step(struct pwm *pwm, int64_t now_us, int64_t *ret_next_us);

#endif
