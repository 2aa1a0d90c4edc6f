// SPDX-License-Identifier: MIT
#include "hal/sim/normal.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#include "hal/sim/noise.h"

// For 128 slabs: where the tail begins, and the area of each slab (Marsaglia and Tsang, 2000).
#define TAIL 3.442619855899
#define AREA 9.91256303526217e-3

static double curve(double x)
{
	return exp(-0.5 * x * x);
}

void normal_init(struct normal *normal)
{
	normal->edge[0] = AREA / curve(TAIL); // of the slab with the tail, as if it were a box
	normal->edge[1] = TAIL;
	for (size_t i = 2; i < NORMAL_SLABS; i++) {
		double below = normal->edge[i - 1];

		normal->edge[i] = sqrt(-2.0 * log(AREA / below + curve(below)));
	}
	normal->edge[NORMAL_SLABS] = 0;
	for (size_t i = 0; i < NORMAL_SLABS; i++)
		normal->inside[i] = normal->edge[i + 1] / normal->edge[i];
}

static double uniform(uint64_t *bits)
{
	*bits = noise_mix(*bits);
	return noise_between(*bits, 0x1p-53, 1.0);
}

// Beyond TAIL (Marsaglia, 1964).
static double tail(uint64_t bits)
{
	double x, y;

	do {
		x = -log(uniform(&bits)) / TAIL;
		y = -log(uniform(&bits));
	} while (y + y < x * x);
	return TAIL + x;
}

// Whether a point at x, at a random height within its slab, is below the curve.
static bool is_below(const struct normal *normal, size_t slab, double x, uint64_t *bits)
{
	double low = curve(normal->edge[slab]);
	double high = curve(normal->edge[slab + 1]);

	return low + uniform(bits) * (high - low) < curve(x);
}

// The number of a place that is not whole below the curve, or of the next place that is drawn.
static double at_the_edge(const struct normal *normal, size_t slab, double place, uint64_t bits)
{
	if (slab == 0)
		return copysign(tail(bits), place);
	if (is_below(normal, slab, place * normal->edge[slab], &bits))
		return place * normal->edge[slab];
	return normal_of_bits(normal, noise_mix(bits));
}

double normal_of_bits(const struct normal *normal, uint64_t bits)
{
	size_t slab = bits % NORMAL_SLABS;
	double place = noise_between(bits, -1.0, 1.0); // of the bits above the slab's

	if (fabs(place) < normal->inside[slab])
		return place * normal->edge[slab];
	return at_the_edge(normal, slab, place, bits);
}
