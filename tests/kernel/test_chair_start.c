// SPDX-License-Identifier: MIT
//
// The whole system on lines of a real kernel: reasons for which it does not move. Runs inside:
// tests/kernel/run build/.../test_chair_start
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "whole.h"

// As a vendor's kernel on a Pi 5 shows itself: /sys/module is covered by a folder of our own.
static void persist_begin(const struct rig *rig)
{
	static const char *const folders[] = { "module", "module/pinctrl_rp1",
		"module/pinctrl_rp1/parameters" };
	char path[200];
	FILE *file;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(rig_path(rig, folders[i], path), 0755), 0);
	rig_path(rig, "module/pinctrl_rp1/parameters/persist_gpio_outputs", path);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs("Y\n", file);
	fclose(file);
	rig_path(rig, "module", path);
	assert_int_equal(mount(path, "/sys/module", NULL, MS_BIND, NULL), 0);
}

static int teardown_persist(void **state)
{
	umount("/sys/module");
	return whole_teardown(state);
}

static void test_persistent_outputs_need_a_pump(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us = monotonic_us();
	size_t mark;

	persist_begin(whole->rig);
	whole_edit(whole->rig, "enable", "acknowledged = [ \"no-charge-pump\" ];\n");
	whole_start(whole);
	mark = whole_play(whole, "press");
	rig_expect(whole->rig, mark, "event", "\"reason\":\"persist\"", SOON_MS);
	rig_expect(whole->rig, mark, "state", "\"code\":\"persist\"", SOON_MS);
	assert_true(process_logged(whole->rig->guard, "dtparam=strict_gpiod", SOON_MS));
	whole_expect_rest(whole, t0_us);
}

static void test_persistent_outputs_with_a_pump(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us = monotonic_us();

	persist_begin(whole->rig);
	whole_start(whole);
	whole_play(whole, "press");
	assert_true(line_recorder_wait(whole->recorder, PRESS_FORWARD, true, t0_us, SOON_MS) >= 0);
}

static void test_without_realtime_it_does_not_arm(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us;
	size_t mark;

	whole->no_realtime = true;
	whole_start(whole);
	assert_true(process_logged(whole->rig->guard, "the guard will not arm", SOON_MS));
	t0_us = monotonic_us();
	mark = whole_play(whole, "press");
	rig_expect(whole->rig, mark, "state", "\"code\":\"realtime\"", SOON_MS);
	whole_expect_rest(whole, t0_us);
}

static void test_without_realtime_where_the_chair_allows_it(void **state)
{
	struct whole *whole = *state;
	int64_t t0_us = monotonic_us();

	whole->no_realtime = true;
	whole_edit(whole->rig, "current_max_ma",
		"current_max_ma = 2000;\nallow_no_realtime = true;\n");
	whole_start(whole);
	whole_play(whole, "press");
	assert_true(line_recorder_wait(whole->recorder, PRESS_FORWARD, true, t0_us, SOON_MS) >= 0);
}

#define test(name)         cmocka_unit_test_setup_teardown(name, whole_setup_bare, whole_teardown)
#define test_persist(name) cmocka_unit_test_setup_teardown(name, whole_setup_bare, teardown_persist)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_persist(test_persistent_outputs_need_a_pump),
		test_persist(test_persistent_outputs_with_a_pump),
		test(test_without_realtime_it_does_not_arm),
		test(test_without_realtime_where_the_chair_allows_it),
	};

	return cmocka_run_group_tests_name("chair start", tests, NULL, NULL);
}
