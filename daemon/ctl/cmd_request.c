// SPDX-License-Identifier: MIT
//
// Subcommands that send one request without arguments.
#include <stdio.h>

#include "ctl/options.h"
#include "ctl/request.h"
#include "ctl/subcommand.h"

static int run_request(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *data = NULL;
	struct options options;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	r = request_open(&options, &broker);
	if (r == EXIT_OK)
		r = request_send(broker, &options, self->name, NULL, &data);
	if (r == EXIT_OK)
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
