// SPDX-License-Identifier: MIT
//
// A suspend of the computer ends a session and releases, and nothing resumes by itself. The
// daemons' clocks are changed to show one (preload/asleep.c).
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rig.h"

enum { GUARD = 1, CHAIRD = 2 };

#define REPORT_US 20000 // longest time of the guard between two readings

// Start everything; the preload is in these daemons.
static void start_all(struct rig *rig, int who)
{
	char file[200];

	rig_start_broker(rig);
	setenv("ASLEEP", rig_path(rig, "asleep", file), 1);
	rig_preload(who & GUARD ? "asleep" : "");
	rig_start_guard(rig, NULL);
	rig_preload(who & CHAIRD ? "asleep" : "");
	rig_start_chaird(rig);
	rig_preload("");
	rig_listen(rig);
}

static void suspend(struct rig *rig)
{
	char path[200];
	FILE *file = fopen(rig_path(rig, "asleep", path), "we");

	assert_non_null(file);
	fclose(file);
}

static void assert_ended_and_still(struct rig *rig, size_t mark, int64_t since_us)
{
	rig_expect(rig, mark, "event", "\"cause\":\"suspend\"", SOON_MS);
	rig_expect_safe(rig, since_us, 6000);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_publish(rig, "request/resume", "{\"id\":\"r\"}");
	rig_expect(rig, mark, "response/resume", "\"code\":\"idle\"", SOON_MS);
	rig_pass(rig, "halt+60");
	assert_true(pins_safe_since(rig_pins(rig), since_us) >= 0);
}

// The guard sees it in its next step, with or without the controller.
static void a_suspend_in_a_hold_releases(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	int64_t since_us;

	start_all(rig, GUARD);
	mark = rig_hold(rig, "press", &since_us);
	suspend(rig);
	rig_will_halt(rig, "halt+30"); // the halt after the suspend
	assert_true(process_logged(rig->guard, "the computer was asleep", SOON_MS));
	rig_halted(rig);
	assert_in_range(pins_first(rig_pins(rig), "press.forward", false, since_us), since_us,
		since_us + REPORT_US);
	assert_ended_and_still(rig, mark, since_us);
}

// In a pause everything is released already; the session still ends.
static void a_suspend_in_a_pause_ends_it(void **state)
{
	struct rig *rig = *state;
	int64_t since_us;
	size_t mark;

	start_all(rig, CHAIRD);
	rig_hold(rig, "press", NULL);
	mark = client_mark(rig->client);
	rig_publish(rig, "request/pause", "{\"id\":\"p\"}");
	rig_expect(rig, mark, "state", "\"phase\":\"pausing\"", SOON_MS);
	since_us = rig_pass(rig, "halt:paused");
	suspend(rig);
	rig_publish(rig, "request/resume", "{\"id\":\"first\"}");
	rig_expect(rig, mark, "response/resume", "\"ok\":false", SOON_MS);
	assert_ended_and_still(rig, mark, since_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_suspend_in_a_hold_releases, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_suspend_in_a_pause_ends_it, rig_setup_bare,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("suspend", tests, NULL, NULL);
}
