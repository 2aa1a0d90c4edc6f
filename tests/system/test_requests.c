// SPDX-License-Identifier: MIT
//
// Reused request ids: by a panel after a reload, and by a slider with one id.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <cmocka.h>

#include "rig.h"

// Send a request; expect an answer with ok, and a topic with the result.
static size_t ask(struct rig *rig, const char *verb, const char *payload, const char *topic,
	const char *text)
{
	size_t mark = client_mark(rig->client);
	char request[64], response[64];

	snprintf(request, sizeof(request), "request/%s", verb);
	snprintf(response, sizeof(response), "response/%s", verb);
	rig_publish(rig, request, payload);
	rig_expect(rig, mark, response, "\"ok\":true", SOON_MS);
	if (topic)
		rig_expect(rig, mark, topic, text, SOON_MS);
	return mark;
}

// Each page of a panel counts its requests from 1.
static void a_panels_second_pause_pauses(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_pass(rig, "halt:paused");
	ask(rig, "resume", "{\"id\":\"2\"}", "event", "\"resumed\"");
	int64_t again_us = rig_pass(rig, "halt:hold");

	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_expect_safe(rig, again_us, 6000);
}

// The same id for everything it asks.
static void a_client_may_have_one_id_for_all_verbs(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_pass(rig, "halt:paused");
	ask(rig, "resume", "{\"id\":\"1\"}", "event", "\"resumed\"");
	int64_t again_us = rig_pass(rig, "halt:hold");

	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_expect_safe(rig, again_us, 6000);
}

static void a_sliders_id_is_its_own(void **state)
{
	struct rig *rig = *state;

	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":80}}", "target",
		"\"intensity\":80.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":90}}", "target",
		"\"intensity\":90.0");
	// Back to the first value within ten seconds: a decrease is always carried out ...
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	// ... but a duplicate does not increase it.
	size_t mark = ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":90}}", NULL,
		NULL);

	ask(rig, "ping", "{\"id\":\"then\"}", NULL, NULL);
	rig_refute(rig, mark, "target", "\"intensity\":90.0");
}

// What chairctl prints, and its exit status.
static char *chairctl(const struct rig *rig, const char *const words[], int *ret_code)
{
	const char *build = getenv("CHAIRD_BUILD"), *argv[12];
	char program[400], config[200], chair[200];
	struct process *process;
	size_t n = 0;
	char *output;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	argv[n++] = program;
	while (*words)
		argv[n++] = *words++;
	argv[n++] = config;
	argv[n++] = chair;
	argv[n] = NULL;
	process = process_start(argv, NULL);
	*ret_code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS); // its end
	output = process_output(process);
	process_free(process);
	return output;
}

static void chairctl_takes_per_cent_as_people_write_it(void **state)
{
	static const char *const shapes[][2] = { { "50%", "\"intensity\":50.0" },
		{ "50,5", "\"intensity\":50.5" }, { "+51.5 %", "\"intensity\":51.5" } };
	struct rig *rig = *state;
	int code;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const char *const words[] = { "run", "press", "-I", shapes[i][0], NULL };
		size_t mark = client_mark(rig->client);

		rig_will_halt(rig, "halt:hold");
		free(chairctl(rig, words, &code));
		assert_int_equal(code, 0);
		rig_halted(rig);
		rig_expect(rig, mark, "target", shapes[i][1], SOON_MS);
		mark = client_mark(rig->client);
		rig_publish(rig, "request/stop", "{}");
		rig_go(rig);
		rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	}
	const char *const words[] = { "run", "press", "-I", "half", NULL };
	char *output = chairctl(rig, words, &code);

	assert_int_not_equal(code, 0);
	assert_non_null(strstr(output,
		"--intensity: half is not a number (0 ... 100: write 50, 50.5 or 50%)"));
	free(output);
}

static void a_refusal_names_its_code_once(void **state)
{
	const char *const words[] = { "run", "prass", NULL };
	struct rig *rig = *state;
	int code;
	char *output = chairctl(rig, words, &code);

	assert_int_not_equal(code, 0);
	assert_non_null(strstr(output,
		"chairctl: profile: start: there is no profile of that name\n"
		"  hint: did you mean press?\n"));
	free(output);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_panels_second_pause_pauses, rig_setup_bench,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_client_may_have_one_id_for_all_verbs,
			rig_setup_bench, rig_teardown),
		cmocka_unit_test_setup_teardown(a_sliders_id_is_its_own, rig_setup_bench,
			rig_teardown),
		cmocka_unit_test_setup_teardown(chairctl_takes_per_cent_as_people_write_it,
			rig_setup_bench, rig_teardown),
		cmocka_unit_test_setup_teardown(a_refusal_names_its_code_once, rig_setup_bench,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
