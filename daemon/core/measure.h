// SPDX-License-Identifier: MIT
//
// What a hold was like: mean, minimum, peak, and the share of its time near the target.
#ifndef CHAIRD_CORE_MEASURE_H
#define CHAIRD_CORE_MEASURE_H

#include <stdint.h>

#define MEASURE_BAND 0.10 // of the target, either way

struct measure {
	int64_t last_us;
	double seconds, in_band_s; // how long, and how long within the band
	double sum, minimum, peak; // value times seconds; extremes of the value
};

void measure_start(struct measure *measure, int64_t now_us);

// The value since the last call, against what it should have been.
void measure_add(struct measure *measure, int64_t now_us, double value, double target);

// 0 where nothing was measured.
double measure_mean(const struct measure *measure);
double measure_in_band(const struct measure *measure); // 0 ... 1

#endif
