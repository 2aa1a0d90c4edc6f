// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/number.h"

static void decimal_numbers_that_fit_are_good(void **state)
{
	static const char *const good[] = { "0", "-0", "+5", "30", "-2147483648", "2147483647",
		"0.5", ".5", "5.", "-.5", "00.5", "1e5", "1E-5", "1.5e+300", "-1e-999" };
	char fault[NUMBER_FAULT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		if (!number_check(good[i], strlen(good[i]), fault))
			fail_msg("%s: %s", good[i], fault);
		assert_true(number_check_form(good[i], strlen(good[i]), fault));
	}
}

// The form is good, and another range may take them.
static void numbers_beyond_32_bits_have_a_good_form(void **state)
{
	static const char *const big[] = { "2147483648", "-2147483649", "4294967326",
		"99999999999999999999999", "1e999", "-1e999" };
	char fault[NUMBER_FAULT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(big) / sizeof(big[0]); i++) {
		assert_true(number_check_form(big[i], strlen(big[i]), fault));
		assert_false(number_check(big[i], strlen(big[i]), fault));
	}
}

static void other_forms_say_what_to_write(void **state)
{
	static const struct {
		const char *word, *fault;
	} bad[] = {
		{ "", " is not a number" },
		{ "-", "- is not a number" },
		{ "e5", "e5 is not a number" },
		{ " 5", " 5 is not a number" },
		{ "5 ", "5  is not a number" },
		{ "1e", "1e is not a number (without its unit: write 1)" },
		{ "50%", "50% is not a number (without its unit: write 50)" },
		{ "-50,25", "-50,25 has a decimal comma: write -50.25" },
		{ "1,000,000", "1,000,000 is not a number" },
		{ "017", "017 begins with 0: write 17" },
		{ "-0017", "-0017 begins with 0: write -17" },
		{ "+01", "+01 begins with 0: write 1" },
		{ "-0x10", "-0x10 is hexadecimal: write -16" },
		{ "0xfg", "0xfg is hexadecimal: write a decimal number" },
		{ "0x", "0x is hexadecimal: write a decimal number" },
		{ "5L", "5L has the suffix L: write 5" },
		{ "5Lux", "5Lux is not a number (without its unit: write 5)" },
		{ "inf", "inf is not a number" },
		{ "nan", "nan is not a number" },
		{ "0x1p3", "0x1p3 is hexadecimal: write a decimal number" },
	};
	char fault[NUMBER_FAULT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(number_check(bad[i].word, strlen(bad[i].word), fault));
		assert_string_equal(fault, bad[i].fault);
	}
}

// A word ends where its length says, whatever stands behind it.
static void a_word_need_not_end_with_nul(void **state)
{
	char fault[NUMBER_FAULT_SIZE];

	(void)state;
	assert_true(number_check("30;x", 2, fault));
	assert_true(number_begins("30", 2) && number_begins("-.5", 3) && number_begins("+5", 2));
	assert_false(number_begins("-", 1) || number_begins("-5", 1) || number_begins("x5", 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decimal_numbers_that_fit_are_good),
		cmocka_unit_test(numbers_beyond_32_bits_have_a_good_form),
		cmocka_unit_test(other_forms_say_what_to_write),
		cmocka_unit_test(a_word_need_not_end_with_nul),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
