// SPDX-License-Identifier: MIT
//
// chairctl doctor with real brokers and a real chair: its findings, and that it changes nothing.
#include "shipped.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <cmocka.h>

struct report {
	int exit_code;
	json_t *json;
};

// Run it with a settings file of the rig's folder, which is also its root.
static struct report ask(const struct rig *rig, const char *settings)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], chair[200], root[100];
	const char *const argv[] = { program, "doctor", "--json", "--timeout=1", config, chair,
		root, NULL };
	struct process *process;
	struct report report;
	char *output;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/%s", rig->dir, settings);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	snprintf(root, sizeof(root), "--root=%s", rig->dir);
	process = process_start(argv, NULL);
	report.exit_code = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, "\n}\n", SOON_MS); // its last line
	output = process_output(process);
	report.json = json_loads(output, 0, NULL);
	if (!report.json)
		fail_msg("no JSON: %s", output);
	free(output);
	process_free(process);
	return report;
}

static void expect(const struct report *report, const char *check, const char *result,
	const char *text)
{
	const char *found_result, *found_text;
	json_t *finding;
	size_t i;

	json_array_foreach(json_object_get(report->json, "findings"), i, finding)
	{
		if (strcmp(json_string_value(json_object_get(finding, "check")), check) != 0)
			continue;
		found_result = json_string_value(json_object_get(finding, "result"));
		found_text = json_string_value(json_object_get(finding, "text"));
		if (strcmp(found_result, result) != 0 || !strstr(found_text, text))
			fail_msg("%s: %s: %s", check, found_result, found_text);
		if (strcmp(result, "problem") == 0)
			assert_true(json_is_string(json_object_get(finding, "remedy")));
		return;
	}
	fail_msg("%s: not found", check);
}

static void write_settings(const struct rig *rig, int port, const char *login)
{
	char text[300];

	snprintf(text, sizeof(text), "broker = { host = \"127.0.0.1\"; port = %d; %s };", port,
		login);
	rig_write(rig, "doctor.cfg", text);
}

static void an_open_broker_is_a_problem(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	struct report report = ask(rig, "chaird.cfg");

	assert_int_equal(report.exit_code, 1);
	assert_true(json_is_false(json_object_get(report.json, "ok")));
	expect(&report, "settings", "ok", "chaird.cfg");
	expect(&report, "chair", "ok", "bench");
	expect(&report, "broker", "ok", "mosquitto version 2");
	expect(&report, "anonymous", "problem", "everyone");
	expect(&report, "acl", "problem", "no user may");
	expect(&report, "controller", "problem", "press is not proven released");
	json_decref(report.json);
	size_t stopped = client_mark(rig->client);

	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, stopped, "state", "\"pressed\":[]", SOON_MS);
	rig_expect(rig, stopped, "alert/pressed", "", SOON_MS);
	mark = client_mark(rig->client);
	report = ask(rig, "chaird.cfg");
	expect(&report, "controller", "ok", "idle, and so does its guard");
	json_decref(report.json);

	// The chair has received nothing but the status request.
	rig_expect(rig, mark, "response/status", "\"ok\":true", SOON_MS);
	rig_refute(rig, mark, "event", NULL);
	rig_refute(rig, mark, "state", NULL);
}

static void no_broker_no_chair(void **state)
{
	struct rig *rig = *state;
	struct report report;

	write_settings(rig, 1, "");
	report = ask(rig, "doctor.cfg");
	assert_int_equal(report.exit_code, 1);
	expect(&report, "broker", "problem", "127.0.0.1:1: ");
	expect(&report, "acl", "not applicable", "first the broker");
	expect(&report, "controller", "not applicable", "first the broker");
	json_decref(report.json);
}

static void the_shipped_broker_has_no_problem(void **state)
{
	const struct shipped *shipped = *state;
	struct report report;
	char path[200];

	// Without a password file in the settings: the file of chaird's credential.
	write_settings(shipped->rig, shipped->port, "username = \"daemon\";");
	assert_int_equal(mkdir(rig_path(shipped->rig, "etc", path), 0755), 0);
	assert_int_equal(mkdir(rig_path(shipped->rig, "etc/chaird", path), 0755), 0);
	rig_write(shipped->rig, "etc/chaird/mqtt-password", "daemon\n");
	report = ask(shipped->rig, "doctor.cfg");
	expect(&report, "broker", "ok", "mosquitto version 2");
	expect(&report, "anonymous", "ok", "requires a name");
	expect(&report, "acl", "ok", "denies");
	expect(&report, "controller", "problem", "does not answer");
	json_decref(report.json);
}

static void a_wrong_password_is_a_problem(void **state)
{
	const struct shipped *shipped = *state;
	struct report report;

	write_settings(shipped->rig, shipped->port, "username = \"daemon\";");
	report = ask(shipped->rig, "doctor.cfg");
	expect(&report, "broker", "problem", "the user daemon");
	expect(&report, "acl", "not applicable", "first the broker");
	json_decref(report.json);
}

// --- set-up of a broker -----------------------------------------------------------------------

static void copy(const struct rig *rig, const char *from, const char *to)
{
	char text[8192] = "";
	FILE *file = fopen(from, "re");

	assert_non_null(file);
	assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
	fclose(file);
	rig_write(rig, to, text);
}

static char *set_up(const struct rig *rig)
{
	char etc[100];
	const char *const argv[] = { "systemd/mosquitto/set-up", NULL },
			  *const env[] = { etc, NULL };
	struct process *process;
	char *output;

	snprintf(etc, sizeof(etc), "ETC=%s", rig->dir);
	process = process_start(argv, env);
	assert_int_equal(process_wait(process, SOON_MS), 0);
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	process_free(process);
	return output;
}

static void set_up_may_be_run_again(void **state)
{
	static const char *const folders[] = { "mosquitto", "mosquitto/conf.d", "chaird" };
	const struct rig *rig = *state;
	char path[200], *output, *passwords, *again, *settings, *daemon;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		assert_int_equal(mkdir(rig_path(rig, folders[i], path), 0755), 0);
	copy(rig, "systemd/chaird.cfg", "chaird/chaird.cfg");
	output = set_up(rig);
	assert_non_null(strstr(output, "technician "));
	assert_null(strstr(output, "daemon"));
	passwords = rig_read(rig_path(rig, "mosquitto/chaird.passwd", path));
	for (size_t i = 0; shipped_users[i]; i++)
		assert_non_null(strstr(passwords, shipped_users[i]));
	daemon = rig_read(rig_path(rig, "chaird/mqtt-password", path));
	settings = rig_read(rig_path(rig, "chaird/chaird.cfg", path));
	assert_non_null(strstr(settings, "\n  username = \"daemon\";\n"));
	free(output);

	output = set_up(rig);
	again = rig_read(rig_path(rig, "mosquitto/chaird.passwd", path));
	assert_string_equal(output, "");
	assert_string_equal(again, passwords);
	free(output);
	free(again);
	free(passwords);
	free(daemon);
	free(settings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_open_broker_is_a_problem, rig_setup_bench,
			rig_teardown),
		cmocka_unit_test_setup_teardown(no_broker_no_chair, rig_setup_bare, rig_teardown),
		cmocka_unit_test_setup_teardown(the_shipped_broker_has_no_problem, shipped_set_up,
			shipped_tear_down),
		cmocka_unit_test_setup_teardown(a_wrong_password_is_a_problem, shipped_set_up,
			shipped_tear_down),
		cmocka_unit_test_setup_teardown(set_up_may_be_run_again, rig_setup_bare,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
