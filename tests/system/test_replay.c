// SPDX-License-Identifier: MIT
//
// A session is recorded from both sides, its messages by `chairctl watch --record` and its pins by
// the guard, and replayed.
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

static struct process *chairctl(const char *const operands[])
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400];
	const char *argv[12] = { program };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	for (size_t i = 0; operands[i]; i++)
		argv[i + 1] = operands[i];
	return process_start(argv, NULL);
}

static struct process *start_record(const struct rig *rig)
{
	char config[200], record[200];

	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(record, sizeof(record), "--record=%s/record", rig->dir);
	return chairctl((const char *const[]){ "watch", config, record, NULL });
}

// Replay the files of the rig's folder, and expect an exit code and a text.
static void expect_replay(const struct rig *rig, const char *pins, int code, const char *text)
{
	char config[200], record[200], trace[200], svg[200];
	struct process *process;
	char *output;
	int r;

	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(svg, sizeof(svg), "--svg=%s/replay.svg", rig->dir);
	process = chairctl((const char *const[]){ "replay", config, svg,
		rig_path(rig, "record", record), rig_path(rig, pins, trace), NULL });
	r = process_wait(process, SOON_MS);
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	if (WEXITSTATUS(r) != code || !strstr(output, text))
		fail_msg("replay: exit %d: %s", WEXITSTATUS(r), output);
	free(output);
	process_free(process);
}

static char *contents(const struct rig *rig, const char *name)
{
	char path[200], *text;
	size_t size;
	FILE *file = fopen(rig_path(rig, name, path), "re"), *copy = open_memstream(&text, &size);

	assert_true(file && copy);
	for (int c; (c = fgetc(file)) != EOF;)
		fputc(c, copy);
	fclose(file);
	fclose(copy);
	return text;
}

// The guard's trace, with the depth motor driven both ways at once at its end.
static void plant_violation(const struct rig *rig)
{
	char *pins = contents(rig, "pins"), path[200];
	FILE *file = fopen(rig_path(rig, "wrong-pins", path), "we");

	assert_non_null(file);
	fprintf(file,
		"%s9000000000 GPIO12 1\n9000000100 GPIO20 1\n9000000200 GPIO12 0\n"
		"9000000200 GPIO20 0\n",
		pins);
	fclose(file);
	free(pins);
}

static void a_session_is_recorded_and_replayed(void **state)
{
	struct rig *rig = *state;
	struct process *record = start_record(rig);
	size_t mark;
	char *text;

	assert_true(process_logged(record, "state phase=idle", SOON_MS));
	mark = rig_hold(rig, "short", NULL);
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"event_type\":\"completed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	assert_true(process_logged(record, "event completed", SOON_MS));
	process_signal(record, SIGTERM);
	assert_int_equal(process_wait(record, SOON_MS), 0);
	process_free(record);

	text = contents(rig, "record");
	assert_non_null(strstr(text, "\"topic\":\"availability\",\"payload\":\"online\""));
	assert_non_null(strstr(text, "\"topic\":\"telemetry\",\"payload\":{\"t_ms\":"));
	assert_non_null(strstr(text, "\"event_type\":\"completed\""));
	free(text);
	expect_replay(rig, "pins", 0,
		"guard's limits: no violation\n"
		"independent checker, pins: no violation\n"
		"independent checker, forces: no violation\n");
	text = contents(rig, "replay.svg");
	assert_non_null(strstr(text, "It ended: completed"));
	assert_non_null(strstr(text, "depth forward (GPIO12)"));
	free(text);
	plant_violation(rig);
	expect_replay(rig, "wrong-pins", 1, "opposed: depth: forward and reverse together");
	expect_replay(rig, "chaird.cfg", 2, "chaird.cfg:1: is no line of a pin trace");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_session_is_recorded_and_replayed,
			rig_setup_recliner, rig_teardown),
	};

	return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
