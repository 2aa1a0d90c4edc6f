// SPDX-License-Identifier: MIT
//
// Normal random numbers from random bits, by the ziggurat: 128 slabs of equal area under the bell
// curve, so that 98 of 100 numbers need one comparison and one product (Marsaglia and Tsang, 2000;
// slab and place are drawn from different bits, as Doornik, 2005).
#ifndef CHAIRD_HAL_SIM_NORMAL_H
#define CHAIRD_HAL_SIM_NORMAL_H

#include <stdint.h>

#define NORMAL_SLABS 128

// Constant once normal_init() has filled it.
struct normal {
	double edge[NORMAL_SLABS + 1]; // the right end of each slab, from the tail's to the peak
	double inside[NORMAL_SLABS];   // the share of a slab that lies whole below the curve
};

void normal_init(struct normal *normal);

// Mean 0 and deviation 1. The same bits give the same number.
double normal_of_bits(const struct normal *normal, uint64_t bits);

#endif
