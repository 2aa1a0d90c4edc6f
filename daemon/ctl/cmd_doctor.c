// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>
#include <sys/timex.h>
#include <unistd.h>

#include "ctl/direction.h"
#include "ctl/doctor.h"
#include "ctl/interrupt.h"
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

#define TEXT_COLUMN 21 // of the findings

static void print_finding(const struct terminal *terminal, const char *name,
	const struct finding *finding)
{
	const char *color = finding->level == FINDING_OK ? terminal_good(terminal)
		: finding->level == FINDING_PROBLEM      ? terminal_bad(terminal)
							 : "";
	char line[sizeof(finding->text) + 64];

	snprintf(line, sizeof(line), "%s%-8s%s %-11s %s\n", color, levels[finding->level].sign,
		*color ? terminal_plain(terminal) : "", name, finding->text);
	terminal_wrap(stdout, terminal, TEXT_COLUMN, line);
	// On one line of any length: people copy it.
	if (*finding->remedy)
		terminal_put(terminal, TEXT_COLUMN + 3, "%*s-> %s", TEXT_COLUMN, "",
			finding->remedy);
	fflush(stdout); // the next check may wait long
}

static void add_json(json_t *list, const char *name, const struct finding *finding)
{
	json_array_append_new(list,
		json_pack("{s:s, s:s, s:s, s:o}", "check", name, "result",
			levels[finding->level].word, "text", finding->text, "remedy",
			*finding->remedy ? json_string(finding->remedy) : json_null()));
}

// Texts from outside may have any bytes: keep printable ASCII for JSON and terminals.
static void make_plain(char *text)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			*text = '?';
	}
}

struct report {
	struct terminal terminal;
	json_t *list; // NULL: print each at once
	size_t counts[FINDING_NOT_APPLICABLE + 1];
};

static void add(struct report *report, const char *name, struct finding *finding)
{
	make_plain(finding->text);
	make_plain(finding->remedy);
	report->counts[finding->level]++;
	if (report->list)
		add_json(report->list, name, finding);
	else
		print_finding(&report->terminal, name, finding);
}

static void examine(struct doctor *doctor, struct report *report)
{
	for (const struct doctor_check *check = doctor_checks; check->name; check++) {
		struct finding finding = { .level = FINDING_OK };

		check->run(doctor, &finding);
		add(report, check->name, &finding);
	}
}

// --- directions -------------------------------------------------------------------------------

// On stderr: stdout may be read by a machine.
static bool confirm(const struct chair *chair)
{
	char answer[8] = "";

	fprintf(stderr,
		"\nNow each motor of the chair %s that has a home switch will be moved a "
		"little,\n"
		"out and back, with little force. A press needs a person in the seat. Hold the\n"
		"emergency stop in your hand, and keep all hands out of the chair.\n"
		"Type yes to continue: ",
		chair->id);
	return fgets(answer, sizeof(answer), stdin) && strcmp(answer, "yes\n") == 0;
}

// Presses first: a carriage moves only when all of them are at home.
static void prove_directions(struct doctor *doctor, struct report *report)
{
	static const enum actuator_kind order[] = { ACTUATOR_PRESS, ACTUATOR_TRAVEL };
	const struct chair *chair = &doctor->chair;

	interrupt_block();
	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
		for (size_t i = 0; i < chair->n_actuators && !doctor->interrupted; i++) {
			struct finding finding = { .level = FINDING_OK };

			if (chair->actuators[i].kind != order[k] ||
				!direction_applies(&chair->actuators[i]))
				continue;
			check_direction(doctor, &chair->actuators[i], &finding);
			add(report, "direction", &finding);
		}
	}
}

static void commission(struct doctor *doctor, struct report *report, bool yes)
{
	struct finding finding;

	if (doctor->ready && (yes || confirm(&doctor->chair))) {
		prove_directions(doctor, report);
		return;
	}
	if (doctor->ready)
		finding_set(&finding, FINDING_PROBLEM, "answer yes, or give --yes",
			"nothing was moved, so nothing is proven: it was not confirmed");
	else
		finding_set(&finding, FINDING_PROBLEM,
			"solve the problems above, then run it again",
			"nothing was moved, so nothing is proven: the chair is not ready");
	add(report, "direction", &finding);
}

static void print_end(const struct report *report)
{
	size_t problems = report->counts[FINDING_PROBLEM];

	if (report->list) {
		json_auto_t *all = json_pack("{s:b, s:O}", "ok", problems == 0, "findings",
			report->list);

		json_dumpf(all, stdout, JSON_INDENT(2));
		putchar('\n');
	} else {
		printf("problems: %zu, warnings: %zu\n", problems, report->counts[FINDING_WARNING]);
	}
}

static int run_doctor(const struct subcommand *self, int argc, char *argv[])
{
	struct doctor doctor = { .root = "", .timeout_s = 5, .adjtimex = adjtimex };
	struct report report = { .terminal = terminal_detect(stdout) };
	bool json = false, yes = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the findings as JSON", 0, 0 },
		{ "commission", 0, OPTION_SWITCH, &doctor.commission, NULL,
			"then prove directions, which moves the motors", 0, 0 },
		{ "yes", 'y', OPTION_SWITCH, &yes, NULL, "move without a confirmation", 0, 0 },
		{ "chair", 0, OPTION_TEXT, &doctor.chair_file, "FILE", "chair description", 0, 0 },
		{ "config", 'c', OPTION_TEXT, &doctor.config, "FILE",
			"settings (" OPTIONS_DEFAULT_CONFIG ")", 0, 0 },
		{ "root", 0, OPTION_TEXT, &doctor.root, "DIR",
			"check the files below it instead of /", 0, 0 },
		{ "timeout", 't', OPTION_NUMBER, &doctor.timeout_s, "SECONDS",
			"longest wait for an answer (5)", 0.1, 600 },
		{ 0 },
	};
	json_auto_t *list = NULL;
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	if (doctor.commission && !yes && !isatty(STDIN_FILENO)) {
		terminal_error("usage", "give --yes without a terminal",
			"--commission moves the chair, and must be confirmed");
		return EXIT_USAGE;
	}
	if (json)
		report.list = list = json_array();
	examine(&doctor, &report);
	if (doctor.commission)
		commission(&doctor, &report, yes);
	broker_close(doctor.broker);
	print_end(&report);
	return report.counts[FINDING_PROBLEM] ? EXIT_REFUSED : EXIT_OK;
}

const struct subcommand cmd_doctor = {
	.name = "doctor",
	.operands = "",
	.summary = "find what keeps this machine from driving the chair",
	.details =
		"Checks files, lines, the guard, the broker and the machine itself, and prints "
		"a\n"
		"remedy for each problem. Nothing is changed and nothing moves. Run it with\n"
		"sudo, so that it may read the controller's password and see the lines. Exit 0:\n"
		"no problem (warnings do not count).\n"
		"\n"
		"With --commission, for a chair that has just been wired, it then moves each\n"
		"press and carriage a little: the home switch must open on forward and close on\n"
		"reverse. It asks before that. A press needs a person in the seat. Ctrl-C stops\n"
		"the chair.",
	.example = "sudo chairctl doctor\n"
		   "sudo chairctl doctor --commission",
	.run = run_doctor,
};
