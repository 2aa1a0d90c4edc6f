// SPDX-License-Identifier: MIT
//
// Errors of opening the real lines. The lines themselves are tested on a real kernel: tests/kernel.
#include "tests/unit/hal/sim_rig.h"

#include <unistd.h>

#include "hal/hal_gpio.h"

static void opening_fails(const char *dev_dir, int expected, const char *part)
{
	const struct hal_gpio_options options = { .dev_dir = dev_dir };
	struct hal_error error = { "" };
	struct chair chair;
	struct hal *hal = (struct hal *)&error;

	fixture_recliner(&chair);
	assert_int_equal(hal_gpio_open(&chair, &options, &hal, &error), expected);
	assert_ptr_equal(hal, &error);
	if (!strstr(error.text, part))
		fail_msg("\"%s\" does not speak of \"%s\"", error.text, part);
	memset(&error, 0, sizeof(error));
	assert_int_equal(hal_gpio_safe_off(&chair, &options, &error), expected);
	assert_non_null(strstr(error.text, part));
}

static void no_chip_at_all(void **state)
{
	char dir[] = "/tmp/chaird-dev-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	opening_fails(dir, -ENODEV, "there is no GPIO chip");
	rmdir(dir);
}

static void no_directory(void **state)
{
	(void)state;
	opening_fails("/nonexistent", -ENOENT, "cannot read /nonexistent");
}

static void a_file_that_is_no_chip(void **state)
{
	char dir[] = "/tmp/chaird-dev-XXXXXX", path[64];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/gpiochip0", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	opening_fails(dir, -ENOTTY, "gpiochip0, but that cannot be opened");
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_chip_at_all),
		cmocka_unit_test(no_directory),
		cmocka_unit_test(a_file_that_is_no_chip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
