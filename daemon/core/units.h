// SPDX-License-Identifier: MIT
//
// Units and sizes that every layer shares.
//
// A quantity says its unit in its name: _us, _ms, _s, _mm, _um, _n (newton),
// _ma (milliampere), _permille (of full drive, signed where a direction is meant).
// Time is int64_t microseconds on a monotonic clock that the caller passes in.
#ifndef CHAIRD_CORE_UNITS_H
#define CHAIRD_CORE_UNITS_H

#include <stdint.h>

#define US_PER_MS INT64_C(1000)
#define US_PER_S  INT64_C(1000000)

#define TIME_NEVER INT64_MAX // a deadline that does not come

#define NAME_SIZE  48 // bytes of a name with its NUL: [a-z0-9._-]+
#define TITLE_SIZE 96 // bytes of a title shown to people, UTF-8, with its NUL

#define PERMILLE_FULL 1000

static inline double clamp_double(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

// Of two numbers that are numbers: fmin() and fmax() are calls, for what they do with NAN.
static inline double min_double(double a, double b)
{
	return a < b ? a : b;
}

static inline double max_double(double a, double b)
{
	return a > b ? a : b;
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
