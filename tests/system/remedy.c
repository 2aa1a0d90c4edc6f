// SPDX-License-Identifier: MIT
#include "remedy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

json_t *remedy_report(const struct rig *rig)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], config[200], chair[200], *output, *begin;
	const char *const argv[] = { program, "doctor", "--json", "--timeout=5", config, chair,
		NULL };
	struct process *process;
	json_t *report;

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	snprintf(chair, sizeof(chair), "--chair=%s", rig->chair_file);
	process = process_start(argv, NULL);
	assert_true(process_wait(process, SOON_MS) >= 0);
	process_logged(process, "\n}\n", SOON_MS); // its last line
	output = process_output(process);
	begin = strchr(output, '{'); // a sanitizer may print before and after
	report = begin ? json_loads(begin, JSON_DISABLE_EOF_CHECK, NULL) : NULL;
	if (!report)
		fail_msg("no JSON: %s", output);
	free(output);
	process_free(process);
	return report;
}

static const json_t *find(const json_t *report, const char *check)
{
	const json_t *list = json_object_get(report, "findings"), *finding;

	for (size_t i = 0; i < json_array_size(list); i++) {
		finding = json_array_get(list, i);
		if (!strcmp(json_string_value(json_object_get(finding, "check")), check))
			return finding;
	}
	fail_msg("no check %s", check);
	return NULL;
}

static const char *part(const json_t *finding, const char *key)
{
	const char *text = json_string_value(json_object_get(finding, key));

	return text ? text : "";
}

static void expect_parts(const char *name, const char *text, const char *const parts[3])
{
	for (size_t i = 0; i < 3 && parts[i]; i++) {
		if (!strstr(text, parts[i]))
			fail_msg("%s: no \"%s\" in: %s", name, parts[i], text);
	}
}

const json_t *remedy_expect(const json_t *report, const char *name,
	const struct expected_finding *expected)
{
	const json_t *finding = find(report, expected->check);

	if (strcmp(part(finding, "result"), expected->result) != 0)
		fail_msg("%s: %s: %s: %s", name, expected->check, part(finding, "result"),
			part(finding, "text"));
	expect_parts(name, part(finding, "text"), expected->text);
	expect_parts(name, part(finding, "remedy"), expected->remedy);
	return finding;
}

void remedy_expect_ok(const json_t *report, const char *name, const char *check)
{
	remedy_expect(report, name, &(struct expected_finding){ .check = check, .result = "ok" });
}

void remedy_follow(const struct rig *rig, const char *name, const char *command,
	const json_t *finding)
{
	const char *const argv[] = { "bash", "-euo", "pipefail", "-c", command, NULL };
	struct process *process;

	setenv("remedy", part(finding, "remedy"), 1);
	setenv("folder", rig->dir, 1);
	setenv("chair", rig->chair_file, 1);
	process = process_start(argv, NULL);
	if (process_wait(process, SOON_MS) != 0)
		fail_msg("%s: cannot be followed: %s: %s", name, part(finding, "remedy"),
			process_output(process));
	process_free(process);
}
