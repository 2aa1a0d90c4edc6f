// SPDX-License-Identifier: MIT
#include "tests.h"

#include "control/ejections.h"

static void the_third_in_a_row_is_no_accident(void **state)
{
	struct ejections ejections = { 0 };

	(void)state;
	assert_false(ejections_contested(&ejections, 0));
	ejections_add(&ejections, 0);
	ejections_add(&ejections, EJECTION_US);
	assert_false(ejections_contested(&ejections, EJECTION_US));
	ejections_add(&ejections, 2 * EJECTION_US);
	assert_true(ejections_contested(&ejections, 2 * EJECTION_US));
	for (int i = 3; i < 1000; i++)
		ejections_add(&ejections, i * EJECTION_US);
	assert_true(ejections_contested(&ejections, 1000 * EJECTION_US));
}

static void it_is_over_when_none_comes(void **state)
{
	struct ejections ejections = { 0 };

	(void)state;
	for (int i = 0; i < 3; i++)
		ejections_add(&ejections, i);
	assert_true(ejections_contested(&ejections, EJECTION_US + 2));
	assert_false(ejections_contested(&ejections, EJECTION_US + 3));
	ejections_add(&ejections, 2 * EJECTION_US); // the first of others
	assert_false(ejections_contested(&ejections, 2 * EJECTION_US));
	ejections_add(&ejections, 2 * EJECTION_US + 1);
	ejections_add(&ejections, 2 * EJECTION_US + 2);
	assert_true(ejections_contested(&ejections, 2 * EJECTION_US + 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_third_in_a_row_is_no_accident),
		cmocka_unit_test(it_is_over_when_none_comes),
	};

	return cmocka_run_group_tests_name("ejections", tests, NULL, NULL);
}
