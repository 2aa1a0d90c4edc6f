// SPDX-License-Identifier: MIT
//
// Statistics of a hold: mean, minimum, peak, and the share of its time near the target.
#ifndef CHAIRD_CORE_HOLD_STATS_H
#define CHAIRD_CORE_HOLD_STATS_H

#include <stdint.h>

#define HOLD_STATS_BAND 0.10 // of the target, to either side

struct hold_stats {
	int64_t last_us;
	double seconds, in_band_s; // duration, and the part of it within the band
	double sum, minimum, peak; // value times seconds; extremes of the value
	double target;             // the mean of the targets so far
};

void hold_stats_start(struct hold_stats *stats, int64_t now_us);

// Add a value that has lasted since the last call, with its setpoint, and the target to which that
// was on its way.
void hold_stats_add(struct hold_stats *stats, int64_t now_us, double value, double setpoint,
	double target);

// 0 if nothing was added.
double hold_stats_mean(const struct hold_stats *stats);
double hold_stats_target(const struct hold_stats *stats);  // the mean, as it may have changed
double hold_stats_in_band(const struct hold_stats *stats); // 0 ... 1

#endif
