// SPDX-License-Identifier: MIT
#include "hal/sim/tissue.h"

#include <math.h>

#include "core/units.h"

#define FRESH_MM 20.0 // rolling distance after which all tissue under the roller is new

double tissue_press(struct tissue *tissue, double depth_mm, double rolled_mm, double dt_s)
{
	double depth = max_double(depth_mm, 0.0);
	double q = tissue->q_n + tissue->k_relax_n_mm * (depth - tissue->depth_mm);

	q -= q * min_double(dt_s / tissue->tau_s, 1.0);
	if (rolled_mm != 0)
		q += (tissue->k_relax_n_mm * depth - q) *
			min_double(fabs(rolled_mm) / FRESH_MM, 1.0);
	// The force is never negative: a roller that leaves fast does not pull the skin.
	tissue->q_n = max_double(q, -tissue->k_n_mm * depth);
	tissue->depth_mm = depth;
	return tissue_force_n(tissue);
}

double tissue_force_n(const struct tissue *tissue)
{
	return tissue->k_n_mm * tissue->depth_mm + tissue->q_n;
}
