// SPDX-License-Identifier: MIT
//
// chairctl doctor --commission on a simulated chair: right wires are proven, wrong ones are found,
// and no output is left on.
//
// The heartbeat of a jog is in real time: the chair's time passes only twenty times as fast here,
// so that a jog can be kept up.
#include "rig.h"

#include <jansson.h>
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

#define SPEED "--speed=20"

// A chair with this fault from the start, at a speed that allows heartbeats.
static void start(struct rig *rig, const char *fault)
{
	rig_start_broker(rig);
	rig_start_guard(rig, SPEED);
	if (fault)
		rig_happen(rig, fault);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static struct process *start_doctor(const struct rig *rig, const char *more)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], chair[200], root[100];
	const char *const argv[] = { program, "doctor", "--json", "--timeout=30", config, chair,
		root, "--commission", more, NULL };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	snprintf(root, sizeof(root), "--root=%s", rig->dir);
	return process_start(argv, NULL);
}

static json_t *end_doctor(struct process *process)
{
	json_t *report;
	char *output;

	assert_int_equal(WEXITSTATUS(process_wait(process, SOON_MS)), 1); // the broker is open
	process_logged(process, "\n}\n", SOON_MS);
	output = process_output(process);
	report = json_loads(output, 0, NULL);
	if (!report)
		fail_msg("no JSON: %s", output);
	free(output);
	process_free(process);
	return report;
}

// Assert that a finding on directions has these texts.
static void expect(const json_t *report, const char *result, const char *text, const char *remedy)
{
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(report, "findings"), i, finding)
	{
		const char *level = json_string_value(json_object_get(finding, "result"));
		const char *found = json_string_value(json_object_get(finding, "text"));
		const char *advice = json_string_value(json_object_get(finding, "remedy"));

		if (strcmp(json_string_value(json_object_get(finding, "check")), "direction") != 0)
			continue;
		if (strcmp(level, result) == 0 && strstr(found, text) &&
			(!remedy || (advice && strstr(advice, remedy))))
			return;
		print_message("%s: %s (%s)\n", level, found, advice ? advice : "no remedy");
	}
	fail_msg("no %s \"%s\"", result, text);
}

static void expect_nothing_on(struct rig *rig)
{
	int64_t now_us = rig_pass(rig, "halt");

	assert_int_equal(pins_safe_since(rig_pins(rig), now_us), now_us);
	rig_go(rig);
}

static void commission(struct rig *rig, const char *fault, const char *result, const char *text,
	const char *remedy)
{
	json_t *report;

	start(rig, fault);
	report = end_doctor(start_doctor(rig, "--yes"));
	expect(report, result, text, remedy);
	json_decref(report);
	expect_nothing_on(rig);
}

static void a_good_bench_is_proven(void **state)
{
	struct rig *rig = *state;

	commission(rig, NULL, "ok", "press: its home switch opens on forward", NULL);
	assert_true(pins_first(rig_pins(rig), "press.forward", true, 0) >= 0);
	assert_true(pins_first(rig->pins, "press.reverse", true, 0) >= 0);
}

static void a_good_recliner_is_proven(void **state)
{
	struct rig *rig = *state;
	json_t *report;

	start(rig, NULL);
	report = end_doctor(start_doctor(rig, "--yes"));
	expect(report, "ok", "depth: its home switch opens on forward", NULL);
	expect(report, "ok", "carriage: its home switch opens on forward", NULL);
	json_decref(report);
	expect_nothing_on(rig);
}

static void exchanged_wires_of_a_press_are_found(void **state)
{
	commission(*state, "exchanged:press", "problem", "press: its home switch does not",
		"swap the motor's two wires");
}

static void exchanged_wires_of_a_carriage_are_found(void **state)
{
	commission(*state, "exchanged:carriage", "problem", "carriage: its home switch does not",
		"swap the motor's two wires");
}

static void a_dead_motor_is_found(void **state)
{
	commission(*state, "dead:press", "problem",
		"press: its home switch does not close on reverse", "without power");
}

// The same with a press that is at its home when the fault begins: then it does not come out.
static void commission_at_home(struct rig *rig, const char *fault)
{
	json_t *report;

	start(rig, NULL);
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "state", "\"pressed\":[]", SOON_MS);
	rig_happen(rig, fault);
	report = end_doctor(start_doctor(rig, "--yes"));
	expect(report, "problem", "press: its home switch does not open on forward",
		"swap the motor's two wires");
	json_decref(report);
	expect_nothing_on(rig);
}

static void exchanged_wires_are_found_at_home(void **state)
{
	commission_at_home(*state, "exchanged:press");
}

static void a_dead_motor_is_found_at_home(void **state)
{
	commission_at_home(*state, "dead:press");
}

static void a_switch_that_stays_closed_is_found(void **state)
{
	commission(*state, "stuck:press.home=1", "problem",
		"press: its home switch does not open on forward", "repair the switch");
}

static void a_switch_that_stays_open_is_found(void **state)
{
	commission(*state, "stuck:press.home=0", "problem",
		"press: its home switch does not close on reverse", "repair the switch");
}

static void an_empty_seat_is_reported(void **state)
{
	commission(*state, "seat=0", "problem", "press: not proven: nobody sits in the chair",
		"sit down");
}

// A latched fault must be reset first.
static void a_chair_with_a_fault_is_left_alone(void **state)
{
	struct rig *rig = *state;
	json_t *report;

	start(rig, "estop=1");
	rig_expect(rig, 0, "state", "\"code\":\"estop\"", SOON_MS);
	report = end_doctor(start_doctor(rig, "--yes"));
	expect(report, "problem", "nothing was moved", "solve the problems above");
	json_decref(report);
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, 0), -1);
	assert_int_equal(pins_first(rig->pins, "press.reverse", true, 0), -1);
}

// Nothing moves without --commission, nor without a confirmation.
static void nothing_moves_unasked(void **state)
{
	struct rig *rig = *state;
	struct process *process;

	start(rig, NULL);
	process = start_doctor(rig, NULL);
	assert_int_equal(WEXITSTATUS(process_wait(process, SOON_MS)), 2);
	process_free(process);
	rig_pass(rig, "halt+5");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", true, 0), -1);
	assert_int_equal(pins_first(rig->pins, "press.reverse", true, 0), -1);
}

// --- interruptions: the chair stops -----------------------------------------------------------

// The chair's time stands still when the jog begins.
static struct process *begin_jog(struct rig *rig, size_t *ret_mark)
{
	struct process *process;

	start(rig, NULL);
	rig_will_halt(rig, "halt:jog");
	process = start_doctor(rig, "--yes");
	rig_halted(rig);
	*ret_mark = client_mark(rig->client);
	return process;
}

static void expect_end(struct rig *rig)
{
	rig_go(rig);
	rig_pass(rig, "halt+60");
	expect_nothing_on(rig);
}

static void ctrl_c_stops(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	struct process *process = begin_jog(rig, &mark);
	json_t *report;

	process_signal(process, SIGINT);
	rig_expect(rig, mark, "response/stop", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	rig_go(rig);
	report = end_doctor(process);
	expect(report, "problem", "press: not proven: interrupted", NULL);
	json_decref(report);
	expect_nothing_on(rig);
}

static void a_dead_terminal_stops(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	struct process *process = begin_jog(rig, &mark);

	process_signal(process, SIGKILL);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	process_free(process);
	expect_end(rig);
}

static void a_lost_broker_stops(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	struct process *process = begin_jog(rig, &mark);
	json_t *report;

	process_signal(rig->broker, SIGKILL);
	report = end_doctor(process);
	expect(report, "problem", "press: not proven: the connection to the broker is lost",
		"stops without a heartbeat");
	json_decref(report);
	expect_end(rig);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bare, rig_teardown)
#define ON_RECLINER(test) \
	cmocka_unit_test_setup_teardown(test, rig_setup_bare_recliner, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_good_bench_is_proven),
		ON_RECLINER(a_good_recliner_is_proven),
		ON_BENCH(exchanged_wires_of_a_press_are_found),
		ON_RECLINER(exchanged_wires_of_a_carriage_are_found),
		ON_BENCH(a_dead_motor_is_found),
		ON_BENCH(exchanged_wires_are_found_at_home),
		ON_BENCH(a_dead_motor_is_found_at_home),
		ON_BENCH(a_switch_that_stays_closed_is_found),
		ON_BENCH(a_switch_that_stays_open_is_found),
		ON_BENCH(an_empty_seat_is_reported),
		ON_BENCH(a_chair_with_a_fault_is_left_alone),
		ON_BENCH(nothing_moves_unasked),
		ON_BENCH(ctrl_c_stops),
		ON_BENCH(a_dead_terminal_stops),
		ON_BENCH(a_lost_broker_stops),
	};

	return cmocka_run_group_tests_name("commission", tests, NULL, NULL);
}
