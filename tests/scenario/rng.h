// SPDX-License-Identifier: MIT
//
// Random numbers, reproducible by their seed (splitmix64).
#ifndef TESTS_SCENARIO_RNG_H
#define TESTS_SCENARIO_RNG_H

#include <stdbool.h>
#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *rng)
{
	uint64_t z = rng->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline double rng_unit(struct rng *rng) // [0, 1)
{
	return (double)(rng_next(rng) >> 11) * 0x1p-53;
}

static inline double rng_between(struct rng *rng, double low, double high)
{
	return low + (high - low) * rng_unit(rng);
}

static inline int rng_below(struct rng *rng, int n) // 0 ... n - 1
{
	return (int)(rng_unit(rng) * n);
}

static inline bool rng_chance(struct rng *rng, double probability)
{
	return rng_unit(rng) < probability;
}

#endif
