// SPDX-License-Identifier: MIT
//
// The simulated sensors' noise has the law of a normal distribution.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "hal/sim/noise.h"
#include "hal/sim/normal.h"

#define NUMBERS 4000000
#define SIGMAS  5.0 // of what a fair sample may differ; the numbers are the same in each run

static double number(const struct normal *normal, uint64_t i)
{
	return normal_of_bits(normal, noise_bits(7, NOISE_SENSOR, 0, i));
}

// A count of independent events of this chance.
static void assert_count(uint64_t count, double chance)
{
	double mean = NUMBERS * chance, deviation = sqrt(mean * (1 - chance));

	assert_true(fabs((double)count - mean) < SIGMAS * deviation);
}

static double chance_below(double x)
{
	return 0.5 * erfc(-x / sqrt(2.0));
}

static void each_stretch_has_its_share(void **state)
{
	// The last ones are in the tail that no slab has.
	static const double bound[] = { -INFINITY, -4.0, -3.5, -3.4, -3, -2, -1, -0.5, -0.1, 0, 0.1,
		0.5, 1, 2, 3, 3.4, 3.5, 4.0, INFINITY };
	enum { STRETCHES = sizeof(bound) / sizeof(*bound) - 1 };
	uint64_t count[STRETCHES] = { 0 };
	struct normal normal;

	(void)state;
	normal_init(&normal);
	for (uint64_t i = 0; i < NUMBERS; i++) {
		double x = number(&normal, i);

		for (size_t k = 0; k < STRETCHES; k++)
			count[k] += x >= bound[k] && x < bound[k + 1];
	}
	for (size_t k = 0; k < STRETCHES; k++)
		assert_count(count[k], chance_below(bound[k + 1]) - chance_below(bound[k]));
}

static void its_mean_is_0_and_its_deviation_1(void **state)
{
	double sum = 0, squares = 0, fourth = 0;
	struct normal normal;

	(void)state;
	normal_init(&normal);
	for (uint64_t i = 0; i < NUMBERS; i++) {
		double x = number(&normal, i);

		sum += x;
		squares += x * x;
		fourth += x * x * x * x;
	}
	assert_true(fabs(sum / NUMBERS) < SIGMAS / sqrt(NUMBERS));
	assert_true(fabs(squares / NUMBERS - 1) < SIGMAS * sqrt(2.0 / NUMBERS));
	assert_true(fabs(fourth / NUMBERS - 3) < SIGMAS * sqrt(96.0 / NUMBERS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_stretch_has_its_share),
		cmocka_unit_test(its_mean_is_0_and_its_deviation_1),
	};

	return cmocka_run_group_tests_name("normal", tests, NULL, NULL);
}
