// SPDX-License-Identifier: MIT
//
// Subcommands that send one request without arguments.
#include <stdio.h>

#include "ctl/request.h"
#include "ctl/subcommand.h"

static int run_request(const struct subcommand *self, int argc, char *argv[])
{
	json_auto_t *data = NULL;
	struct options options;
	int r = request_run(self, NULL, argc, argv, self->name, &options, &data);

	if (data)
		printf("%s: %s accepted\n", options.id, self->name);
	return r;
}

const struct subcommand cmd_stop = {
	.name = "stop",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "release and end the session",
	.details = "The chair releases at once and the session is over. Never refused.\n"
		   "This is a convenience, not the emergency stop: that is the wired button.",
	.run = run_request,
};

const struct subcommand cmd_pause = {
	.name = "pause",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "release and wait",
	.details = "The chair releases and stays where it is until `chairctl resume`.",
	.run = run_request,
};

const struct subcommand cmd_resume = {
	.name = "resume",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "go on after a pause",
	.details = "Begins again with the point that the pause interrupted.",
	.run = run_request,
};

const struct subcommand cmd_skip = {
	.name = "skip",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "release and go on to the next point",
	.run = run_request,
};
