// SPDX-License-Identifier: MIT
#include "core/breath.h"

#include <math.h>

#include "core/units.h"

static bool has_rhythm(const struct breath *breath)
{
	return breath->inhale_s > 0 && breath->exhale_s > 0;
}

bool breath_exhales(const struct breath *breath, int64_t now_us)
{
	double cycle_s = breath->inhale_s + breath->exhale_s;
	double t_s = (double)(now_us - breath->origin_us) / US_PER_S;

	if (!has_rhythm(breath))
		return true;
	return t_s - cycle_s * floor(t_s / cycle_s) < breath->exhale_s;
}

double breath_ramp_max_s(const struct breath *breath, double ramp_s)
{
	if (!has_rhythm(breath))
		return ramp_s;
	// The worst case begins with an inhale, and takes a whole number of exhales.
	return ramp_s + breath->inhale_s * (1 + floor(ramp_s / breath->exhale_s));
}

double breath_ramp_likely_s(const struct breath *breath, double ramp_s)
{
	return (ramp_s + breath_ramp_max_s(breath, ramp_s)) / 2;
}
