// SPDX-License-Identifier: MIT
//
// Units and sizes of every layer.
//
// A quantity has its unit in its name: _us, _ms, _s, _mm, _um, _n (newton), _ma (milliampere),
// _permille (of full drive, signed if it has a direction). Time is int64_t microseconds of a
// monotonic clock, and always an argument.
#ifndef CHAIRD_CORE_UNITS_H
#define CHAIRD_CORE_UNITS_H

#include <stdint.h>

#define US_PER_MS INT64_C(1000)
#define US_PER_S  INT64_C(1000000)

#define TIME_NEVER INT64_MAX // no deadline

#define NAME_SIZE  48 // bytes of a name with its NUL: [a-z0-9._-]+
#define TITLE_SIZE 96 // bytes of a title shown to people, UTF-8, with its NUL

#define PERMILLE_FULL 1000

static inline double clamp_double(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

// For operands that are not NAN; faster than the calls fmin(), fmax() and lround().
static inline double min_double(double a, double b)
{
	return a < b ? a : b;
}

static inline double max_double(double a, double b)
{
	return a > b ? a : b;
}

static inline int64_t round_double(double x)
{
	int64_t whole = (int64_t)x;
	double rest = x - (double)whole;

	return whole + (rest >= 0.5) - (rest <= -0.5);
}

static inline int64_t clamp_i64(int64_t x, int64_t low, int64_t high)
{
	return x < low ? low : x > high ? high : x;
}

static inline int64_t min_i64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
