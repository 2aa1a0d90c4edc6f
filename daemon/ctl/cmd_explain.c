// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ctl/explain.h"

static int run_explain(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(planned_profile_clear))) struct planned_profile planned = { 0 };
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
	if (planned_profile_load(&options, options.operands[0], &planned) < 0)
		return EXIT_REFUSED;
	r = explain(stdout, &terminal, &planned, intensity);
	if (r < 0) {
		terminal_error("failed", NULL, "%s", strerror(-r));
		return EXIT_REFUSED;
	}
	return EXIT_OK;
}

const struct subcommand cmd_explain = {
	.name = "explain",
	.operands = "PROFILE",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_LIBRARY | COMMON_PERSON,
	.summary = "describe in plain words what a profile does, minute by minute",
	.details =
		"PROFILE is a profile's name or a file (FOLDER/NAME, NAME.cfg). Times are those\n"
		"expected on this chair. In brackets, for the technician: points, actuator,\n"
		"position, target and ramp.",
	.example = "chairctl explain gentle --chair profiles/chairs/recliner.cfg",
	.run = run_explain,
};
