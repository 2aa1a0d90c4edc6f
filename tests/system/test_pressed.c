// SPDX-License-Identifier: MIT
//
// An actuator that is not proven released is reported everywhere, in plain words, until it is.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "rig.h"

#define AGAIN_MS 200

// Assert that chairctl prints both texts.
static void expect_chairctl(struct rig *rig, const char *subcommand, const char *one,
	const char *other)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[240];
	const char *const argv[] = { program, subcommand, config, NULL };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	struct process *process = process_start(argv, NULL);

	assert_int_not_equal(process_wait(process, SOON_MS), -1);
	if (!process_logged(process, one, SOON_MS) || !process_logged(process, other, SOON_MS)) {
		char *output = process_output(process);

		fail_msg("chairctl %s does not mention \"%s\" and \"%s\": %s", subcommand, one,
			other, output);
	}
	process_free(process);
}

static void stop(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "set/session", "stop");
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
}

// Stop as a panel does: a stop too soon after another, by the computer's clock, is dropped.
static void stop_until_released(struct rig *rig, size_t mark)
{
	char topic[100];

	rig_topic(rig, "state", topic);
	do
		rig_publish(rig, "set/session", "stop");
	while (!client_wait(rig->client, mark, topic, "\"pressed\":[]", AGAIN_MS));
}

// The motor dies in a hold: a stop cannot retract the press, and it is not reported as released.
static void a_dead_motor_is_reported(void **state)
{
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "press", NULL);

	rig_happen(rig, "dead:press");
	stop(rig);
	rig_pass(rig, "halt+30");
	rig_expect(rig, mark, "state", "\"code\":\"not-released\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"pressed\":[{\"actuator\":\"press\"", SOON_MS);
	assert_true(rig_expect(rig, mark, "alert/pressed", "emergency stop", SOON_MS)->retain);
	expect_chairctl(rig, "status", "press", "emergency stop");
	expect_chairctl(rig, "doctor", "not proven released", "emergency stop");
	mark = client_mark(rig->client);
	rig_publish(rig, "request/start", "{\"id\":1,\"args\":{\"profile\":\"press\"}}");
	rig_expect(rig, mark, "response/start", "\"ok\":false", SOON_MS);
}

// The same motor is repaired: a stop now releases, although the fault is latched; so does the
// reset.
static void a_stop_releases_from_a_latched_fault(void **state)
{
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "press", NULL);

	rig_happen(rig, "dead:press+60");
	stop(rig);
	int64_t mended_us = rig_pass(rig, "halt+90");

	rig_expect(rig, mark, "alert/pressed", "press", SOON_MS);
	rig_expect(rig, mark, "state", "\"code\":\"not-released\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_go(rig);
	stop_until_released(rig, mark);
	rig_expect(rig, mark, "alert/pressed", "", SOON_MS);
	assert_true(pins_first(rig_pins(rig), "press.reverse", true, mended_us) >= mended_us);
	assert_int_equal(pins_first(rig->pins, "press.forward", true, mended_us), -1);
}

// A vent that sticks: the sensor measures the force that remains.
static void a_vent_that_sticks_is_reported_with_its_force(void **state)
{
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "cells", NULL);

	rig_happen(rig, "vent-sticks:calf_cells");
	stop(rig);
	rig_pass(rig, "halt+30");
	rig_expect(rig, mark, "state", "\"code\":\"not-released\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"actuator\":\"calf_cells\",\"force_n\":", SOON_MS);
	rig_refute(rig, client_mark(rig->client), "state", "\"force_n\":null");
	rig_expect(rig, mark, "alert/pressed", "calf_cells", SOON_MS);
}

// Later clients and controllers receive it, too: the alert is retained, and the guard reports it
// again.
static void a_controller_that_returns_receives_it(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	rig_happen(rig, "dead:press");
	process_signal(rig->chaird, SIGKILL);
	assert_true(process_logged(rig->guard, "the controller has gone", SOON_MS));
	rig_pass(rig, "halt+30");
	assert_true(process_logged(rig->guard, "may still be pressed", SOON_MS));
	size_t mark = client_mark(rig->client);

	rig_start_chaird(rig);
	rig_expect(rig, mark, "state", "\"pressed\":[{\"actuator\":\"press\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"code\":\"not-released\"", SOON_MS);
	rig_expect(rig, mark, "alert/pressed", "press", SOON_MS);
}

int main(void)
{
#define ON_BENCH(test)    cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
#define ON_RECLINER(test) cmocka_unit_test_setup_teardown(test, rig_setup_recliner, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_dead_motor_is_reported),
		ON_BENCH(a_stop_releases_from_a_latched_fault),
		ON_RECLINER(a_vent_that_sticks_is_reported_with_its_force),
		ON_BENCH(a_controller_that_returns_receives_it),
	};

	return cmocka_run_group_tests_name("pressed", tests, NULL, NULL);
}
