// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "config/text.h"
#include "ctl/terminal.h"
#include "ctl/tune_screen.h"
#include "ctl/tune_session.h"

static void free_tuning(struct tuning **tuning)
{
	tuning_free(*tuning);
}

#define tuning_auto __attribute__((cleanup(free_tuning))) struct tuning

// The text as it is must be one that the chair may play: then every nudge can be judged.
static int load(const char *text, const struct tune_file *file, struct tune_chair *chair,
	struct tuning **ret_tuning)
{
	problems_auto problems = { 0 };
	char why[TUNE_WHY_SIZE];

	if (tuning_new(file->shown, text, &problems, ret_tuning) < 0) {
		options_print_problems(stderr, &problems);
		terminal_error("profile", NULL, "%s is no profile as it is", file->shown);
		return EXIT_REFUSED;
	}
	if (tune_chair_proves(chair, file->name, text, 0, why))
		return EXIT_OK;
	terminal_error("unproved", "chairctl check lists everything that is wrong with it",
		"%s: %s", file->shown, why);
	return EXIT_REFUSED;
}

static int run_tune(const struct subcommand *self, int argc, char *argv[])
{
	const char *person = NULL;
	const struct option_row rows[] = {
		{ "person", 'P', OPTION_TEXT, &person, "NAME", "on whom it is tried (persons.cfg)",
			0, 0 },
		{ 0 },
	};
	__attribute__((cleanup(tune_chair_close))) struct tune_chair chair = { 0 };
	__attribute__((cleanup(tune_file_close))) struct tune_file file = { 0 };
	tuning_auto *tuning = NULL;
	text_auto *text = NULL;
	struct options options;
	char why[TUNE_WHY_SIZE];
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	if (!tune_screen_is_possible(why)) {
		terminal_error("usage", "in a script: chairctl check, and chairctl run", "%s", why);
		return EXIT_USAGE;
	}
	r = tune_chair_open(&chair, &options, person);
	if (r == EXIT_OK)
		r = tune_file_open(&file, options.operands[0], &chair, &text);
	if (r == EXIT_OK)
		r = load(text, &file, &chair, &tuning);
	return r == EXIT_OK ? tune_session_run(tuning, &chair, &file) : r;
}

const struct subcommand cmd_tune = {
	.name = "tune",
	.operands = "FILE|PROFILE",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "tune the steps of a profile on the chair, at a terminal",
	.details =
		"Choose a number of a step with the arrow keys, and nudge it: it changes only if\n"
		"this chair may play the profile with it. t plays the step on the chair, with its\n"
		"trace; the space bar stops at any time; s saves, and only the numbers that were\n"
		"nudged change in the file. ? lists all keys. A trial is not stored on the chair,\n"
		"which releases when this program ends, is killed, or loses the network.\n"
		"PROFILE is one of the chair's, and is saved to PROFILE.cfg in this folder.\n"
		"\n"
		"  chairctl tune my-shoulders.cfg",
	.run = run_tune,
};
