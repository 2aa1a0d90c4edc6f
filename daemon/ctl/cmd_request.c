// SPDX-License-Identifier: MIT
//
// Subcommands that send one request.
#include <stdio.h>
#include <stdlib.h>

#include "ctl/request.h"
#include "ctl/subcommand.h"
#include "ctl/terminal.h"

static int send(const struct subcommand *self, const struct options *options, json_t *args)
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *data = NULL;
	int r = request_open(options, &broker);

	if (r == EXIT_OK)
		r = request_send(broker, options, self->name, args, &data);
	if (r == EXIT_OK)
		printf("%s: %s accepted\n", options->id, self->name);
	return r;
}

static int run_request(const struct subcommand *self, int argc, char *argv[])
{
	struct options options;
	int r;

	return options_parse(self, NULL, argc, argv, &options, &r) ? send(self, &options, NULL) : r;
}

// The argument has the verb's name; chaird checks its value.
static int run_word(const struct subcommand *self, int argc, char *argv[])
{
	json_auto_t *args = NULL;
	struct options options;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	args = json_pack("{s:s}", self->name, options.operands[0]);
	return send(self, &options, args);
}

static int run_number(const struct subcommand *self, int argc, char *argv[])
{
	json_auto_t *args = NULL;
	struct options options;
	double number;
	char *end;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	number = strtod(options.operands[0], &end);
	args = json_pack("{s:f}", self->name, number);
	if (*end || end == options.operands[0] || !args) { // JSON has finite numbers only
		terminal_error("usage", NULL, "\"%s\" is not a number", options.operands[0]);
		return EXIT_USAGE;
	}
	return send(self, &options, args);
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

const struct subcommand cmd_feedback = {
	.name = "feedback",
	.operands = "WORD",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "say how it feels: less, eased or more",
	.details =
		"less lowers the force for the rest of the session, more raises it for the next\n"
		"point, eased ends a hold once it has lasted its minimum.",
	.run = run_word,
};

const struct subcommand cmd_intensity = {
	.name = "intensity",
	.operands = "PERCENT",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "between the profile's floor (0) and its target (100)",
	.details = "Holds for this session and those that follow.",
	.run = run_number,
};
