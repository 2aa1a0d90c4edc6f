// SPDX-License-Identifier: MIT
//
// The requests of chairctl, each against a real chair: what it prints, its exit code, and what the
// chair has heard.
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

// The exit code; *ret_output is for the caller to free.
static int chairctl(const struct rig *rig, const char *subcommand, const char *operand,
	char **ret_output)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200];
	const char *const argv[] = { program, subcommand, config, operand, NULL };
	struct process *process;
	int code;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process = process_start(argv, NULL);
	code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "all of it", SOON_MS);
	*ret_output = process_output(process);
	process_free(process);
	return code;
}

static void expect(const struct rig *rig, const char *subcommand, const char *operand, int code,
	const char *text)
{
	char *output;
	int r = chairctl(rig, subcommand, operand, &output);

	if (r != code || !strstr(output, text))
		fail_msg("%s %s: exit %d: %s", subcommand, operand ? operand : "", r, output);
	free(output);
}

// --- what it asks -----------------------------------------------------------------------------

static void intensity(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "intensity", "40", 0, "bench: intensity 40 accepted");
	rig_expect(rig, mark, "target", "\"intensity\":40.0", SOON_MS);
	expect(rig, "intensity", "62.5", 0, "accepted");
	rig_expect(rig, mark, "target", "\"intensity\":62.5", SOON_MS);
	expect(rig, "intensity", "50%", 0, "bench: intensity 50% accepted");
	rig_expect(rig, mark, "target", "\"intensity\":50.0", SOON_MS);
	expect(rig, "intensity", "0", 0, "accepted");
	rig_expect(rig, mark, "target", "\"intensity\":0.0", SOON_MS);
}

static void an_intensity_that_is_none(void **state)
{
	static const char *const wrong[] = { "101", "50,5", "much", "", "50%%", "nan", "1e9" };
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect(rig, "intensity", wrong[i], 2, "is not a number in 0 ... 100");
	expect(rig, "intensity", "-1", 2, "");
	expect(rig, "intensity", "50,5", 2, "write it like 50, 62.5 or 50%");
	expect(rig, "intensity", NULL, 2, "chairctl intensity [OPTION]... PERCENT");
	rig_refute(rig, mark, "response/intensity", NULL);
}

static void feedback(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	expect(rig, "feedback", "less", 1, "chairctl: "); // nothing is held
	mark = rig_hold(rig, "press", NULL);
	expect(rig, "feedback", "less", 0, "bench: feedback less accepted");
	rig_expect(rig, mark, "response/feedback", "\"ok\":true", SOON_MS);
	expect(rig, "feedback", "harder", 1, "feedback");
	expect(rig, "feedback", NULL, 2, "less|eased|more");
}

static void home(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "home", NULL, 0, "recliner: home accepted");
	rig_expect(rig, mark, "event", "\"homed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"homed\":true", SOON_MS);
}

static void reset(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "reset", NULL, 1, "no fault is latched");
	rig_happen(rig, "read-fail+1");
	rig_expect(rig, mark, "state", "\"code\":\"hal\"", SOON_MS);
	rig_pass(rig, "halt+2");
	rig_go(rig);
	expect(rig, "reset", NULL, 0, "bench: reset accepted");
	rig_expect(rig, mark, "event", "\"reset\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_happen(rig, "estop=1");
	rig_expect(rig, mark, "state", "\"code\":\"estop\"", SOON_MS);
	expect(rig, "reset", NULL, 1,
		"hint: pull out the emergency stop and press the reset button");
}

static void reload(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	expect(rig, "reload", NULL, 0, "bench: reload accepted");
	rig_expect(rig, mark, "response/reload", "\"ok\":true", SOON_MS);
	assert_true(process_logged(rig->chaird, "reloaded: ", SOON_MS));
	rig_hold(rig, "press", NULL);
	expect(rig, "reload", NULL, 1, "reload: ");
}

// --- what is not known ------------------------------------------------------------------------

static void status_without_a_guard(void **state)
{
	static const char *const lines[] = { "bench: idle (no guard)\n", "occupied   unknown\n",
		"homed      unknown\n", "pressed    unknown\n", "e-stop     unknown\n",
		"guard      not connected\n", "fault      unknown\n" };
	struct rig *rig = *state;
	char *output;

	rig_start_broker(rig);
	rig_start_chaird(rig);
	rig->client = client_new(rig->port);
	rig_expect(rig, 0, "availability", "online", SOON_MS);
	assert_int_equal(chairctl(rig, "status", NULL, &output), 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!strstr(output, lines[i]))
			fail_msg("no \"%s\" in: %s", lines[i], output);
	}
	free(output);
	rig_expect(rig, 0, "state",
		"\"occupied\":null,\"homed\":null,\"pressed\":null,\"estop_good\":null", SOON_MS);
}

static void status_while_lines_fail(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_happen(rig, "read-fail");
	rig_expect(rig, mark, "state", "\"estop_good\":null,\"guard\":true", SOON_MS);
	expect(rig, "status", NULL, 0, "occupied   unknown\n");
	expect(rig, "status", NULL, 0, "e-stop     unknown\n");
	expect(rig, "status", NULL, 0, "guard      connected\n");
	expect(rig, "status", NULL, 0, "which line: sudo chairctl doctor");
}

#define test_bench(name) cmocka_unit_test_setup_teardown(name, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_bench(intensity),
		test_bench(an_intensity_that_is_none),
		test_bench(feedback),
		cmocka_unit_test_setup_teardown(home, rig_setup_recliner, rig_teardown),
		test_bench(reset),
		test_bench(reload),
		cmocka_unit_test_setup_teardown(status_without_a_guard, rig_setup_bare,
			rig_teardown),
		test_bench(status_while_lines_fail),
	};

	return cmocka_run_group_tests_name("chairctl", tests, NULL, NULL);
}
