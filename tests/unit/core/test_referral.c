// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/referral.h"

static void a_referral_is_its_zones(void **state)
{
	static const struct {
		const char *referral, *zones; // each zone with "|" behind it
	} rows[] = {
		{ "temple", "temple|" },
		{ "temple, behind the eye,jaw", "temple|behind the eye|jaw|" },
		{ "  temple  ,  jaw  ", "temple|jaw|" },
		{ ",, temple,,", "temple|" },
		{ ", ,", "" },
		{ "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *at = rows[i].referral, *zone;
		char zones[80] = "";
		size_t length;

		while ((zone = referral_next(&at, &length))) {
			strncat(zones, zone, length);
			strcat(zones, "|");
		}
		assert_string_equal(zones, rows[i].zones);
	}
}

static void words_are_found_whole(void **state)
{
	static const char referral[] = "Behind the eye, mid-buttock, C7 to T3, H\xc3\xbc"
				       "fte";
	static const char *const there[] = { "eye", "the eye", "behind the eye", "EYE", "buttock",
		"mid-buttock", "c7", "T3",
		"h\xc3\xbc"
		"fte" };
	static const char *const not_there[] = { "", "ey", "eyes", "hind", "eye, mid", "the  eye",
		"T", "fte", "temple", "a zone that is longer than all of them together are" };

	(void)state;
	for (size_t i = 0; i < sizeof(there) / sizeof(there[0]); i++) {
		if (!referral_has(referral, there[i]))
			fail_msg("not found: %s", there[i]);
	}
	for (size_t i = 0; i < sizeof(not_there) / sizeof(not_there[0]); i++) {
		if (referral_has(referral, not_there[i]))
			fail_msg("found: %s", not_there[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_referral_is_its_zones),
		cmocka_unit_test(words_are_found_whole),
	};

	return cmocka_run_group_tests_name("referral", tests, NULL, NULL);
}
