// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "ctl/progress.h"

static const struct progress hold = {
	.phase = "hold",
	.points = "rhomboid.left/right",
	.step = 2,
	.n_steps = 12,
	.fraction = 0.41,
	.phase_s = 18.7,
	.target = 40,
	.now = 39.84,
	.remaining_s = 492,
	.guard = true,
};
static const struct progress idle = {
	.phase = "idle",
	.points = "",
	.fraction = NAN,
	.phase_s = NAN,
	.now = NAN,
	.remaining_s = NAN,
	.guard = true,
};

static void a_bar_has_every_value(void **state)
{
	struct progress lonely = idle;
	char buf[PROGRESS_SIZE];

	(void)state;
	assert_string_equal(progress_bar(buf, &hold, 120, false),
		"[########............]  41 %  hold 18 s  rhomboid.left/right  39.8/40.0 N  "
		"place 2 of 12  8:12 left");
	assert_string_equal(progress_bar(buf, &idle, 120, false), "idle");
	lonely.guard = false;
	assert_string_equal(progress_bar(buf, &lonely, 120, false), "idle (no guard)");
	lonely.guard = true;
	lonely.pressed = "depth below 3 N"; // as before the first homing
	assert_string_equal(progress_bar(buf, &lonely, 120, false),
		"idle  not proven released: depth below 3 N");
	lonely.pressed = "depth 19.8 N";
	lonely.pressing = true;
	assert_string_equal(progress_bar(buf, &lonely, 120, false),
		"idle  STILL PRESSED by depth 19.8 N");
}

static void a_utf8_bar_is_as_wide(void **state)
{
	char ascii[PROGRESS_SIZE], utf8[PROGRESS_SIZE];
	size_t columns = 0;

	(void)state;
	progress_bar(ascii, &hold, 80, false);
	progress_bar(utf8, &hold, 80, true);
	for (const char *c = utf8; *c; c++)
		columns += ((unsigned char)*c & 0xc0) != 0x80;
	assert_int_equal(columns, strlen(ascii));
	assert_non_null(strstr(utf8, "█"));
}

static void no_width_is_overrun(void **state)
{
	char buf[PROGRESS_SIZE];

	(void)state;
	for (int columns = 0; columns < 120; columns++) {
		progress_bar(buf, &hold, columns, false);
		assert_true(strlen(buf) <= (size_t)columns);
	}
}

static void a_number_is_never_cut(void **state)
{
	char buf[PROGRESS_SIZE];

	(void)state;
	// Too narrow for the force: it is left out whole, and a shorter part still fits.
	assert_string_equal(progress_bar(buf, &hold, 67, false),
		"[########............]  41 %  hold 18 s  rhomboid.left/right  2/12");
}

static void a_fraction_out_of_range_is_clamped(void **state)
{
	struct progress over = idle;
	char buf[PROGRESS_SIZE];

	(void)state;
	over.fraction = 7;
	assert_string_equal(progress_bar(buf, &over, 120, false),
		"[####################] 100 %  idle");
	over.fraction = -1;
	assert_string_equal(progress_bar(buf, &over, 120, false),
		"[....................]   0 %  idle");
}

static void a_line_always_has_the_same_keys(void **state)
{
	char buf[PROGRESS_SIZE];

	(void)state;
	assert_string_equal(progress_line(buf, &hold),
		"phase=hold points=rhomboid.left/right step=2/12 remaining_s=492 guard=yes");
	assert_string_equal(progress_line(buf, &idle),
		"phase=idle points=- step=- remaining_s=- guard=yes");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bar_has_every_value),
		cmocka_unit_test(a_utf8_bar_is_as_wide),
		cmocka_unit_test(no_width_is_overrun),
		cmocka_unit_test(a_number_is_never_cut),
		cmocka_unit_test(a_fraction_out_of_range_is_clamped),
		cmocka_unit_test(a_line_always_has_the_same_keys),
	};

	return cmocka_run_group_tests_name("progress", tests, NULL, NULL);
}
