// SPDX-License-Identifier: MIT
//
// chairctl: the technician's command-line tool. Exit codes: subcommand.h.
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "config/problems.h"
#include "ctl/subcommand.h"
#include "ctl/terminal.h"

static const struct subcommand *const subcommands[] = {
	&cmd_run,
	&cmd_stop,
	&cmd_pause,
	&cmd_resume,
	&cmd_skip,
	&cmd_intensity,
	&cmd_feedback,
	&cmd_home,
	&cmd_jog,
	&cmd_reset,
	&cmd_status,
	&cmd_watch,
	&cmd_profiles,
	&cmd_atlas,
	&cmd_dose,
	&cmd_person,
	&cmd_put,
	&cmd_reload,
	&cmd_check,
	&cmd_explain,
	&cmd_diff,
	&cmd_simulate,
	&cmd_replay,
	&cmd_tune,
	&cmd_calibrate,
	&cmd_new_chair,
	&cmd_lines,
	&cmd_doctor,
};

#define SUMMARY_COLUMN 13
#define N_SUBCOMMANDS  (sizeof(subcommands) / sizeof(*subcommands))

static void print_help(void)
{
	struct terminal terminal = terminal_detect(stdout);

	terminal_put(&terminal, 2, "Usage: chairctl SUBCOMMAND [OPTION]... [OPERAND]...");
	putchar('\n');
	for (size_t i = 0; i < N_SUBCOMMANDS; i++) {
		char line[160];

		snprintf(line, sizeof(line), "  %-10s %s\n", subcommands[i]->name,
			subcommands[i]->summary);
		terminal_wrap(stdout, &terminal, SUMMARY_COLUMN, line);
	}
	putchar('\n');
	terminal_put(&terminal, 2,
		"  chairctl SUBCOMMAND --help prints its options; chairctl --version the version.");
	putchar('\n');
	terminal_put(&terminal, 2,
		"exit: 0 done; 1 refused or failed; 2 not understood; 3 no answer");
}

static int unknown(const char *name)
{
	const char *names[N_SUBCOMMANDS], *meant;
	char hint[64] = "chairctl --help lists them";

	for (size_t i = 0; i < N_SUBCOMMANDS; i++)
		names[i] = subcommands[i]->name;
	meant = suggest(name, names, N_SUBCOMMANDS);
	if (meant)
		snprintf(hint, sizeof(hint), "did you mean %s?", meant);
	terminal_error("usage", hint, "no subcommand is called \"%s\"", name);
	return EXIT_USAGE;
}

int main(int argc, char *argv[])
{
	// Only the encoding of characters: numbers keep their decimal point.
	setlocale(LC_CTYPE, "");
	// A broker that disconnects, or `chairctl watch | head`, is an error to report, not a
	// signal.
	signal(SIGPIPE, SIG_IGN);

	if (argc < 2) {
		print_help();
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return EXIT_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("chairctl %s\n", CHAIRD_VERSION);
		return EXIT_OK;
	}
	for (size_t i = 0; i < N_SUBCOMMANDS; i++) {
		char name[32]; // for the messages of getopt

		if (strcmp(argv[1], subcommands[i]->name) != 0)
			continue;
		snprintf(name, sizeof(name), "chairctl %s", subcommands[i]->name);
		argv[1] = name;
		return subcommands[i]->run(subcommands[i], argc - 1, argv + 1);
	}
	return unknown(argv[1]);
}
