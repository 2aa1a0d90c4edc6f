// SPDX-License-Identifier: MIT
//
// What a hold was like: mean, minimum, peak, and the share of its time near the target.
#ifndef CHAIRD_CORE_HOLD_STATS_H
#define CHAIRD_CORE_HOLD_STATS_H

#include <stdint.h>

#define HOLD_STATS_BAND 0.10 // of the target, either way

struct hold_stats {
	int64_t last_us;
	double seconds, in_band_s; // how long, and how long within the band
	double sum, minimum, peak; // value times seconds; extremes of the value
	double target;             // the mean of the targets so far
};

void hold_stats_start(struct hold_stats *stats, int64_t now_us);

// The value since the last call, the setpoint that it should have had, and the target on the way to
// which that was.
void hold_stats_add(struct hold_stats *stats, int64_t now_us, double value, double setpoint,
	double target);

// 0 where nothing was measured.
double hold_stats_mean(const struct hold_stats *stats);
double hold_stats_target(const struct hold_stats *stats);  // the mean, as it may have changed
double hold_stats_in_band(const struct hold_stats *stats); // 0 ... 1

#endif
