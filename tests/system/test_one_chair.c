// SPDX-License-Identifier: MIT
//
// One chair in both programs: with different chair files they report it and move nothing, and a
// reload never leaves the two with different chairs.
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

static const char start_short[] = "{\"id\":1,\"args\":{\"profile\":\"cells\"}}";

// --- chair files ------------------------------------------------------------------------------

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

// The block { ... } of an actuator.
static char *block(char *text, const char *name, size_t *ret_size)
{
	char key[64], *at;

	snprintf(key, sizeof(key), "name = \"%s\"", name);
	at = strstr(text, key);
	assert_non_null(at);
	while (*at != '{')
		at--;
	*ret_size = (size_t)(strstr(at, "\n  }") + 4 - at);
	return at;
}

// The recliner with two of its blocks exchanged: each has the other's index.
static void write_exchanged(const char *path, const char *first, const char *second)
{
	char *text = rig_read("profiles/chairs/recliner.cfg"), *exchanged = strdup(text);
	size_t size_a, size_b, between;
	char *a = block(text, first, &size_a), *b = block(text, second, &size_b);

	assert_true(a < b);
	between = (size_t)(b - a) - size_a;
	memcpy(exchanged + (a - text), b, size_b);
	memcpy(exchanged + (a - text) + size_b, a + size_a, between);
	memcpy(exchanged + (a - text) + size_b + between, a, size_a);
	write_text(path, exchanged);
	free(exchanged);
	free(text);
}

// The recliner, with one piece of its text replaced.
static void write_edited(const char *path, const char *find, const char *replace)
{
	char *text = rig_read("profiles/chairs/recliner.cfg"), *at = strstr(text, find);
	char *edited = malloc(strlen(text) + strlen(replace) + 1);

	assert_non_null(at);
	sprintf(edited, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	write_text(path, edited);
	free(edited);
	free(text);
}

// --- both running -----------------------------------------------------------------------------

// Start everything; the controller reads `file` as it is, the guard reads it after the change.
static void start_all(struct rig *rig, const char *file)
{
	snprintf(rig->chair, sizeof(rig->chair), "recliner");
	snprintf(rig->chair_file, sizeof(rig->chair_file), "%.150s", file);
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
}

static void assert_told_and_still(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_expect(rig, 0, "state", "\"fault\":{\"code\":\"other-chair\"", SOON_MS);
	rig_expect(rig, 0, "alert/other-chair", "another chair file", SOON_MS);
	rig_publish(rig, "request/start", start_short);
	rig_expect(rig, mark, "response/start", "\"code\":\"other_chair\"", SOON_MS);
	rig_publish(rig, "request/jog",
		"{\"id\":2,\"args\":{\"actuator\":\"calf_cells\","
		"\"drive_permille\":100,\"heartbeat_ms\":500}}");
	rig_expect(rig, mark, "response/jog", "\"code\":\"other_chair\"", SOON_MS);
	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "response/stop", "\"ok\":true", SOON_MS);
	rig_refute(rig, mark, "event", NULL);
	rig_pass(rig, "halt+30"); // a stop releases with any chair file
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
	assert_true(process_logged(rig->chaird, "restart both", SOON_MS));
}

// Assert on the output of chairctl.
static void expect_chairctl(const struct rig *rig, const char *subcommand, const char *text)
{
	const char *build = getenv("CHAIRD_BUILD");
	char path[400], config[200], chair[200];
	const char *const argv[] = { path, subcommand, config, chair, NULL };
	struct process *process;

	snprintf(path, sizeof(path), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	process = process_start(argv, NULL);
	if (!process_logged(process, text, SOON_MS)) {
		char *output = process_output(process);

		fail_msg("chairctl %s does not print %s:\n%s", subcommand, text, output);
	}
	process_free(process);
}

// --- tests ------------------------------------------------------------------------------------

// Only the guard was restarted after the file had changed. A hold at the thighs would fill the
// calves' cells, and the session would rely on the thighs' values.
static void exchanged_cells_are_noticed(void **state)
{
	struct rig *rig = *state;
	char file[200];
	size_t mark;

	write_edited(rig_path(rig, "chair.cfg", file), "pwm_hz", "pwm_hz");
	start_all(rig, file);
	process_signal(rig->guard, SIGTERM);
	assert_int_equal(process_wait(rig->guard, SOON_MS), 0);
	write_exchanged(file, "calf_cells", "thigh_cells");
	mark = client_mark(rig->client);
	rig_start_guard(rig, NULL);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
	assert_told_and_still(rig);
	expect_chairctl(rig, "status", "fault      other-chair");
	expect_chairctl(rig, "doctor", "different chair files");

	// With the right file in the guard, everything works without a restart of the controller.
	mark = client_mark(rig->client);
	process_signal(rig->guard, SIGTERM);
	assert_int_equal(process_wait(rig->guard, SOON_MS), 0);
	write_edited(file, "pwm_hz", "pwm_hz");
	rig_start_guard(rig, NULL);
	rig_expect(rig, mark, "alert/other-chair", "", SOON_MS);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
	rig_refute(rig, mark, "state", "\"other-chair\"");
	rig_publish(rig, "request/start", "{\"id\":3,\"args\":{\"profile\":\"cells\"}}");
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"homing\"", SOON_MS);
}

// Another number of actuators is reported in the same way, and not as a missing guard.
static void another_machine_is_noticed(void **state)
{
	struct rig *rig = *state;
	char file[200];

	write_edited(rig_path(rig, "chair.cfg", file), "pwm_hz", "pwm_hz");
	snprintf(rig->chair, sizeof(rig->chair), "recliner");
	snprintf(rig->chair_file, sizeof(rig->chair_file), "%.150s", file);
	rig_start_broker(rig); // the settings have this file
	snprintf(rig->chair_file, sizeof(rig->chair_file), "profiles/chairs/bench.cfg");
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	assert_told_and_still(rig);
}

static void a_reload_does_not_take_another_chair(void **state)
{
	struct rig *rig = *state;
	char file[200];
	size_t mark;

	write_edited(rig_path(rig, "chair.cfg", file), "pwm_hz", "pwm_hz");
	start_all(rig, file);

	// Another title or comment is not another chair.
	mark = client_mark(rig->client);
	write_edited(file, "model = \"", "# a comment\nmodel = \"My ");
	rig_publish(rig, "request/reload", "{\"id\":1}");
	rig_expect(rig, mark, "response/reload", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "info", "\"model\":\"My ", SOON_MS);

	mark = client_mark(rig->client);
	write_edited(file, "session_max_s = 1800", "session_max_s = 1700");
	rig_publish(rig, "request/reload", "{\"id\":2}");
	rig_expect(rig, mark, "response/reload", "\"code\":\"other_chair\"", SOON_MS);
	rig_refute(rig, mark, "response/reload", "\"ok\":true");
	rig_refute(rig, mark, "info", NULL);
	process_signal(rig->chaird, SIGHUP);
	assert_true(process_logged(rig->chaird, "reload: refused: ", SOON_MS));

	// Both continue with their chair.
	rig_publish(rig, "request/start", start_short);
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"homing\"", SOON_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(exchanged_cells_are_noticed, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(another_machine_is_noticed, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_reload_does_not_take_another_chair,
			rig_setup_bare, rig_teardown),
	};

	return cmocka_run_group_tests_name("one chair", tests, NULL, NULL);
}
