// SPDX-License-Identifier: MIT
#include "core/hold_stats.h"

#include <math.h>

#include "core/units.h"

void hold_stats_start(struct hold_stats *stats, int64_t now_us)
{
	*stats = (struct hold_stats){ .last_us = now_us };
}

void hold_stats_add(struct hold_stats *stats, int64_t now_us, double value, double setpoint,
	double target)
{
	double dt_s = (double)(now_us - stats->last_us) / US_PER_S;

	if (dt_s <= 0)
		return;
	if (stats->seconds == 0)
		stats->minimum = stats->peak = value;
	stats->last_us = now_us;
	stats->seconds += dt_s;
	stats->sum += value * dt_s;
	stats->minimum = fmin(stats->minimum, value);
	stats->peak = fmax(stats->peak, value);
	// Exactly the target while it does not change.
	stats->target += (target - stats->target) * (dt_s / stats->seconds);
	if (fabs(value - setpoint) <= HOLD_STATS_BAND * setpoint)
		stats->in_band_s += dt_s;
}

double hold_stats_mean(const struct hold_stats *stats)
{
	return stats->seconds > 0 ? stats->sum / stats->seconds : 0;
}

double hold_stats_in_band(const struct hold_stats *stats)
{
	return stats->seconds > 0 ? stats->in_band_s / stats->seconds : 0;
}
