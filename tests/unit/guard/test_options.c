// SPDX-License-Identifier: MIT
#include <errno.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "core/wire.h"
#include "guard/options.h"

#define ARGS_MAX 8

static int parse(struct options *ret, const char *const args[])
{
	char *argv[ARGS_MAX + 2] = { (char *)"chairguard" };
	int argc = 1;

	while (args[argc - 1]) {
		argv[argc] = (char *)args[argc - 1];
		argc++;
	}
	optind = 0; // start over
	opterr = 0;
	return options_parse(argc, argv, ret);
}

static void defaults_are_for_the_real_chair(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse(&options, (const char *[]){ NULL }), 0);
	assert_string_equal(options.chair_file, OPTIONS_DEFAULT_CHAIR);
	assert_string_equal(options.socket_path, WIRE_DEFAULT_SOCKET);
	assert_false(options.simulated);
	assert_int_equal(options.speed, 1);
	assert_false(options.safe_off || options.check);
}

static void a_simulated_chair_is_described(void **state)
{
	struct options options;

	(void)state;
	assert_int_equal(parse(&options,
				 (const char *[]){ "--backend=sim", "--seed=42", "--speed", "5",
					 "--fault=estop=1@3", "--fault=dead:depth", "--empty-seat",
					 NULL }),
		0);
	assert_true(options.simulated && options.empty_seat);
	assert_int_equal(options.seed, 42);
	assert_int_equal(options.speed, 5);
	assert_int_equal(options.faults.n, 2);
	assert_string_equal(options.faults.items[1], "dead:depth");
}

static void nonsense_is_refused_and_changes_nothing(void **state)
{
	static const char *const bad[][3] = {
		{ "--backend=gpio", NULL },
		{ "--backend=sim", "--speed=0", NULL },
		{ "--backend=sim", "--speed=1001", NULL },
		{ "--backend=sim", "--speed=5x", NULL },
		{ "--backend=sim", "--speed=maximum", NULL },
		{ "--backend=sim", "--seed=", NULL },
		{ "--backend=sim", "--seed=99999999999999999999", NULL },
		{ "--backend=sim", "--seed=0x10", NULL },
		{ "--backend=sim", "--speed=010", NULL },
		{ "--chair=", NULL },
		{ "--chair=chair.cfg ", NULL },
		{ "--socket=", NULL },
		{ "--socket=/run/chairguard/", NULL },
		{ "--socket=/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789"
		  "/0123456789/0123456789/0123456789/012345678",
			NULL },
		{ "--speed=5", NULL }, // of real motors
		{ "--fault=estop=1", NULL },
		{ "--unknown", NULL },
		{ "chair.cfg", NULL },
	};
	struct options options = { .seed = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(parse(&options, bad[i]), -EINVAL);
		assert_int_equal(options.seed, 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_for_the_real_chair),
		cmocka_unit_test(a_simulated_chair_is_described),
		cmocka_unit_test(nonsense_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
