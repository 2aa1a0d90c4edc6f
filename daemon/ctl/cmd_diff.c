// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ctl/comparison.h"

static int run_diff(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(planned_profile_clear))) struct planned_profile a = { 0 };
	__attribute__((cleanup(planned_profile_clear))) struct planned_profile b = { 0 };
	double intensity = 100;
	const struct option_row rows[] = {
		{ "intensity", 'I', OPTION_PERCENT, &intensity, "PERCENT",
			"between floor and target (100)", 0, 100 },
		{ 0 },
	};
	struct terminal terminal = terminal_detect(stdout);
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	if (planned_profile_load(&options, options.operands[0], &a) < 0 ||
		planned_profile_load(&options, options.operands[1], &b) < 0)
		return EXIT_REFUSED;
	r = comparison_print(stdout, &terminal, &a, &b, intensity);
	if (r < 0) {
		terminal_error("failed", NULL, "%s", strerror(-r));
		return EXIT_REFUSED;
	}
	return EXIT_OK;
}

const struct subcommand cmd_diff = {
	.name = "diff",
	.operands = "A B",
	.operands_min = 2,
	.operands_max = 2,
	.common = COMMON_LIBRARY | COMMON_PERSON,
	.summary = "describe what changes for the person from profile A to profile B",
	.details =
		"A and B are names of profiles or files (FOLDER/NAME, NAME.cfg). It compares what\n"
		"they do on this chair: duration, breath, and at each place force, time under\n"
		"pressure, dose and kneading. Which lines differ does not count. Exit 0 also if\n"
		"they differ.",
	.example = "chairctl diff gentle ./my-gentle.cfg --chair profiles/chairs/recliner.cfg",
	.run = run_diff,
};
