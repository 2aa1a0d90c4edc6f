// SPDX-License-Identifier: MIT
//
// A held key, from the times of its repeats.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/units.h"
#include "ctl/held_key.h"

#define MS US_PER_MS

static bool is_down(const struct held_key *key, int64_t now_ms)
{
	return held_key_is_down(key, now_ms * MS);
}

static void a_key_that_is_tapped_is_held_for_a_moment(void **state)
{
	struct held_key key = { 0 };

	(void)state;
	assert_false(is_down(&key, 1000));
	held_key_press(&key, 1000 * MS);
	assert_true(is_down(&key, 1000));
	assert_true(is_down(&key, 1749));
	assert_false(is_down(&key, 1750));
}

// The slowest usual terminal: 660 ms to the first repeat, then ten a second.
static void a_key_that_repeats_is_held_without_a_gap(void **state)
{
	struct held_key key = { 0 };
	int64_t last_ms = 0;

	(void)state;
	held_key_press(&key, 1000 * MS);
	for (int64_t now_ms = 1000; now_ms < 5000; now_ms++) {
		if (now_ms >= 1660 && (now_ms - 1660) % 100 == 0) {
			held_key_press(&key, now_ms * MS);
			last_ms = now_ms;
		}
		assert_true(is_down(&key, now_ms));
	}
	assert_true(is_down(&key, last_ms + 299));
	assert_false(is_down(&key, last_ms + 300));
}

static void a_fast_repeat_does_not_shorten_the_first_moment(void **state)
{
	struct held_key key = { 0 };

	(void)state;
	held_key_press(&key, 1000 * MS);
	held_key_press(&key, 1030 * MS);
	assert_true(is_down(&key, 1749));
	assert_false(is_down(&key, 1750));
}

static void another_key_releases(void **state)
{
	struct held_key key = { 0 };

	(void)state;
	held_key_press(&key, 1000 * MS);
	held_key_release(&key);
	assert_false(is_down(&key, 1001));
	held_key_press(&key, 1002 * MS); // it begins anew
	assert_true(is_down(&key, 1751));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_that_is_tapped_is_held_for_a_moment),
		cmocka_unit_test(a_key_that_repeats_is_held_without_a_gap),
		cmocka_unit_test(a_fast_repeat_does_not_shorten_the_first_moment),
		cmocka_unit_test(another_key_releases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
