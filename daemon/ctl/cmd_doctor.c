// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>

#include "ctl/doctor.h"
#include "ctl/options.h"
#include "ctl/terminal.h"

static const struct {
	const char *word, *sign;
} levels[] = {
	[FINDING_OK] = { "ok", "ok" },
	[FINDING_WARNING] = { "warning", "warning" },
	[FINDING_PROBLEM] = { "problem", "PROBLEM" },
	[FINDING_NOT_APPLICABLE] = { "not applicable", "-" },
};

static void print_finding(const struct terminal *terminal, const char *name,
	const struct finding *finding)
{
	const char *color = finding->level == FINDING_OK ? terminal_good(terminal) :
		finding->level == FINDING_PROBLEM ? terminal_bad(terminal) : "";

	printf("%s%-8s%s %-11s ", color, levels[finding->level].sign,
		*color ? terminal_plain(terminal) : "", name);
	printf("%s\n", finding->text);
	if (*finding->remedy)
		printf("%*s-> %s\n", 21, "", finding->remedy);
	fflush(stdout); // the next one may have to wait for somebody
}

static void add_json(json_t *list, const char *name, const struct finding *finding)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:o}", "check", name, "result",
		levels[finding->level].word, "text", finding->text, "remedy", *finding->remedy ?
			json_string(finding->remedy) : json_null()));
}

// What came from elsewhere may be anything; JSON and terminals want it plain.
static void make_plain(char *text)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			*text = '?';
	}
}

// Run them all; how many there were of each level. list: NULL to print them.
static void examine(struct doctor *doctor, json_t *list, size_t counts[])
{
	struct terminal terminal = terminal_detect(stdout);

	for (const struct doctor_check *check = doctor_checks; check->name; check++) {
		struct finding finding = { .level = FINDING_OK };

		check->run(doctor, &finding);
		make_plain(finding.text);
		make_plain(finding.remedy);
		counts[finding.level]++;
		if (list)
			add_json(list, check->name, &finding);
		else
			print_finding(&terminal, check->name, &finding);
	}
}

static int run_doctor(const struct subcommand *self, int argc, char *argv[])
{
	struct doctor doctor = { .root = "", .timeout_s = 5, .adjtimex = adjtimex };
	size_t counts[FINDING_NOT_APPLICABLE + 1] = { 0 };
	bool json = false;
	const struct flag flags[] = {
		{ "json", 'j', FLAG_SWITCH, &json, NULL, "for machines", 0, 0 },
		{ "chair", 0, FLAG_TEXT, &doctor.chair_file, "FILE", "the chair's description", 0, 0 },
		{ "config", 'c', FLAG_TEXT, &doctor.config, "FILE",
			"settings (" OPTIONS_DEFAULT_CONFIG ")", 0, 0 },
		{ "root", 0, FLAG_TEXT, &doctor.root, "DIR", "look below it, instead of below /", 0, 0 },
		{ "timeout", 't', FLAG_NUMBER, &doctor.timeout_s, "SECONDS",
			"longest wait for an answer (5)", 0.1, 600 },
		{ 0 }
	};
	json_auto_t *list = NULL;
	struct options options;
	int r;

	if (!options_parse(self, flags, argc, argv, &options, &r))
		return r;
	if (json)
		list = json_array();
	examine(&doctor, list, counts);
	broker_close(doctor.broker);
	if (json) {
		json_auto_t *all = json_pack("{s:b, s:O}", "ok", counts[FINDING_PROBLEM] == 0, "findings",
			list);

		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		printf("problems: %zu, warnings: %zu\n", counts[FINDING_PROBLEM], counts[FINDING_WARNING]);
	}
	return counts[FINDING_PROBLEM] ? EXIT_REFUSED : EXIT_OK;
}

const struct subcommand cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.summary = "find what keeps this machine from driving the chair",
	.details = "Files, lines, the guard, the broker and the machine itself; what is not as it should\n"
		   "be comes with its remedy. Nothing is changed and nothing moves. To be asked with sudo,\n"
		   "so that it may read the controller's password and look at the lines. Exit 0: no\n"
		   "problem (warnings do not count).",
	.run = run_doctor,
};
