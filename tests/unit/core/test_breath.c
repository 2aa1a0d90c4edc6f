// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/breath.h"
#include "core/units.h"

static const struct breath breath = { .origin_us = 7 * US_PER_S, .inhale_s = 4, .exhale_s = 6 };

static void exhale_comes_first(void **state)
{
	(void)state;
	assert_true(breath_exhales(&breath, 7 * US_PER_S));
	assert_true(breath_exhales(&breath, 13 * US_PER_S - 1));
	assert_false(breath_exhales(&breath, 13 * US_PER_S));
	assert_false(breath_exhales(&breath, 17 * US_PER_S - 1));
	assert_true(breath_exhales(&breath, 17 * US_PER_S));
	assert_false(breath_exhales(&breath, 7 * US_PER_S - 1)); // before the origin as well
}

static void without_a_rhythm_it_is_always_exhale(void **state)
{
	const struct breath none = { 0 };

	(void)state;
	for (int64_t t = 0; t < 30 * US_PER_S; t += US_PER_S / 2)
		assert_true(breath_exhales(&none, t));
	assert_true(breath_ramp_max_s(&none, 5) == 5);
}

// A ramp from every start within a breath takes at most breath_ramp_max_s().
static void ramps_end_in_their_longest_time(void **state)
{
	const int64_t tick = 10 * US_PER_MS;

	(void)state;
	for (double ramp_s = 1; ramp_s < 20; ramp_s += 0.5) {
		double worst_s = 0;

		for (int64_t start = 0; start < 10 * US_PER_S; start += US_PER_S / 4) {
			double moved_s = 0;
			int64_t t = start;

			for (; moved_s < ramp_s - 1e-9; t += tick)
				moved_s += breath_exhales(&breath, t) ? 0.01 : 0;
			worst_s = fmax(worst_s, (double)(t - start) / US_PER_S);
		}
		assert_true(worst_s <= breath_ramp_max_s(&breath, ramp_s) + 0.02);
		assert_true(worst_s >=
			breath_ramp_max_s(&breath, ramp_s) - 4.02); // and the bound is tight
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exhale_comes_first),
		cmocka_unit_test(without_a_rhythm_it_is_always_exhale),
		cmocka_unit_test(ramps_end_in_their_longest_time),
	};

	return cmocka_run_group_tests_name("breath", tests, NULL, NULL);
}
