// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/options.h"

static void own_settings_come_first(void **state)
{
	const struct subcommand asks = {
		.name = "ask", .operands = "", .common = COMMON_BROKER, .summary = "", .details = ""
	};
	char home[] = "/tmp/chaird-home-XXXXXX", folder[60], file[80];
	char ask[] = "ask", id[] = "--id=x", *words[] = { ask, id, NULL };
	struct options options;
	FILE *stream;
	int r;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(folder, sizeof(folder), "%s/.config", home);
	snprintf(file, sizeof(file), "%s/chairctl.cfg", folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	stream = fopen(file, "we");
	assert_non_null(stream);
	fputs("broker = { username = \"technician\"; password_file = \"pw\"; };", stream);
	assert_int_equal(fclose(stream), 0);
	setenv("HOME", home, 1);
	assert_true(options_parse(&asks, NULL, 2, words, &options, &r));
	assert_string_equal(options.settings.broker.username, "technician");
	assert_string_equal(options.settings.broker.password_file, "pw");
	unlink(file);
	rmdir(folder);
	rmdir(home);
	assert_true(options_parse(&asks, NULL, 2, words, &options, &r));
	assert_string_not_equal(options.settings.broker.username, "technician");
}

// The check covers options as well as files.
static void no_password_leaves_in_the_clear(void **state)
{
	const struct subcommand asks = {
		.name = "ask", .operands = "", .common = COMMON_BROKER, .summary = "", .details = ""
	};
	char ask[] = "ask", id[] = "--id=x", user[] = "--username=panel", far[] = "--host=far";
	char near[] = "--host=localhost", *words[] = { ask, id, user, far, NULL };
	struct options options;
	int r;

	(void)state;
	setenv("HOME", "/nowhere", 1);
	assert_false(options_parse(&asks, NULL, 4, words, &options, &r));
	assert_int_equal(r, EXIT_USAGE);
	words[3] = near;
	optind = 0;
	assert_true(options_parse(&asks, NULL, 4, words, &options, &r));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_settings_come_first),
		cmocka_unit_test(no_password_leaves_in_the_clear),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
