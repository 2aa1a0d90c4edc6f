// SPDX-License-Identifier: MIT
//
// Stateless random numbers: each depends on the seed, its stream, its owner and its count alone, so
// that the number and order of calls do not matter.
#ifndef CHAIRD_HAL_SIM_NOISE_H
#define CHAIRD_HAL_SIM_NOISE_H

#include <stdint.h>

// The purpose of a number.
enum noise_stream {
	NOISE_GAIN,
	NOISE_START,
	NOISE_CONTACT,
	NOISE_STIFFNESS,
	NOISE_BOUNCE,
	NOISE_SENSOR,
	NOISE_SLIP,
	NOISE_MEASUREMENT,
};

// The mixer of splitmix64 (Steele, Lea and Flood 2014), public domain by Vigna.
static inline uint64_t noise_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

// An owner's numbers in a stream: noise_mix() of this and a count.
static inline uint64_t noise_owner(uint64_t seed, enum noise_stream stream, uint64_t whose)
{
	return noise_mix(noise_mix(seed ^ ((uint64_t)stream << 56)) + whose);
}

static inline uint64_t noise_bits(uint64_t seed, enum noise_stream stream, uint64_t whose,
	uint64_t count)
{
	return noise_mix(noise_owner(seed, stream, whose) + count);
}

// Uniform in [low, high).
static inline double noise_between(uint64_t bits, double low, double high)
{
	return low + (high - low) * ((double)(bits >> 11) * 0x1p-53);
}

#endif
