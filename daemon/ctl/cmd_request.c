// SPDX-License-Identifier: MIT
//
// The subcommands that are one request, with one argument at most.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/units.h"
#include "ctl/options.h"
#include "ctl/request.h"
#include "ctl/subcommand.h"

#include "ctl/terminal.h"

// The request's arguments, made of the operand; NULL after an error, which is printed.
typedef json_t *(*make_args)(const char *operand);

static int run_with(const struct subcommand *self, int argc, char *argv[], make_args make)
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *data = NULL, *args = NULL;
	struct options options;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	if (make && !(args = make(options.operands[0])))
		return EXIT_USAGE;
	r = request_open(&options, &broker);
	if (r == EXIT_OK)
		r = request_send(broker, &options, self->name, args, &data);
	if (r == EXIT_OK)
		printf("%s: %s%s%s accepted\n", options.id, self->name, make ? " " : "",
			make ? options.operands[0] : "");
	return r;
}

static int run_request(const struct subcommand *self, int argc, char *argv[])
{
	return run_with(self, argc, argv, NULL);
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

const struct subcommand cmd_home = {
	.name = "home",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "drive every carriage to its home switch",
	.details = "Moves the chair without a session; refused while one runs.",
	.run = run_request,
};

const struct subcommand cmd_reset = {
	.name = "reset",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "lift a trip whose cause is gone",
	.details = "In sight of the chair. Starts no session, and releases what is not proven\n"
		   "released. A trip of the emergency stop is lifted by the button, where the\n"
		   "chair has one.",
	.run = run_request,
};

const struct subcommand cmd_reload = {
	.name = "reload",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "read the atlas, pathways and profiles again",
	.details = "Refused while a session runs, and as a whole where any file is wrong. A new\n"
		   "chair file needs a restart: systemctl restart chairguard chaird.",
	.run = run_request,
};

// --- with an argument -------------------------------------------------------------------------

// "50", "62.5" or "50%".
static json_t *intensity_args(const char *operand)
{
	char *end;
	double percent = strtod(operand, &end);

	if (end == operand || (*end && strcmp(end, "%") != 0) ||
		!(percent >= 0 && percent <= 100)) {
		terminal_error("usage", "write it like 50, 62.5 or 50%",
			"\"%s\" is not a number in 0 ... 100 (percent)", operand);
		return NULL;
	}
	return json_pack("{s:f}", "intensity", percent);
}

static int run_intensity(const struct subcommand *self, int argc, char *argv[])
{
	return run_with(self, argc, argv, intensity_args);
}

const struct subcommand cmd_intensity = {
	.name = "intensity",
	.operands = "PERCENT",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "press between the profile's floor (0) and its target (100)",
	.details = "Of the session that runs, and of the next one.",
	.run = run_intensity,
};

// chaird has the list of words.
static json_t *feedback_args(const char *operand)
{
	json_t *args = json_pack("{s:s}", "feedback", operand);

	if (!args)
		terminal_error("usage", "send less, eased or more", "the word is not UTF-8");
	return args;
}

static int run_feedback(const struct subcommand *self, int argc, char *argv[])
{
	return run_with(self, argc, argv, feedback_args);
}

const struct subcommand cmd_feedback = {
	.name = "feedback",
	.operands = "less|eased|more",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "how the present hold feels",
	.details = "less: it hurts, press less from now on. eased: the point has eased, the hold\n"
		   "may end. more: it may press harder, within the target. Refused while nothing\n"
		   "is held.",
	.run = run_feedback,
};
