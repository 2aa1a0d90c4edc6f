// SPDX-License-Identifier: MIT
#include "core/measure.h"

#include <math.h>

#include "core/units.h"

void measure_start(struct measure *measure, int64_t now_us)
{
	*measure = (struct measure){ .last_us = now_us };
}

void measure_add(struct measure *measure, int64_t now_us, double value, double target)
{
	double dt_s = (double)(now_us - measure->last_us) / US_PER_S;

	if (dt_s <= 0)
		return;
	if (measure->seconds == 0)
		measure->minimum = measure->peak = value;
	measure->last_us = now_us;
	measure->seconds += dt_s;
	measure->sum += value * dt_s;
	measure->minimum = fmin(measure->minimum, value);
	measure->peak = fmax(measure->peak, value);
	if (fabs(value - target) <= MEASURE_BAND * target)
		measure->in_band_s += dt_s;
}

double measure_mean(const struct measure *measure)
{
	return measure->seconds > 0 ? measure->sum / measure->seconds : 0;
}

double measure_in_band(const struct measure *measure)
{
	return measure->seconds > 0 ? measure->in_band_s / measure->seconds : 0;
}
