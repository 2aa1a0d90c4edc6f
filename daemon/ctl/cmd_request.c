// SPDX-License-Identifier: MIT
//
// Subcommands that send one request, with one argument at most.
#include <stdio.h>

#include "ctl/request.h"
#include "ctl/subcommand.h"
#include "ctl/terminal.h"
#include "service/percent.h"

// Arguments of the request from the operand; NULL after printing an error.
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
	.example = "chairctl stop",
	.run = run_request,
};

const struct subcommand cmd_pause = {
	.name = "pause",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "release and wait",
	.details = "The chair releases and stays where it is until `chairctl resume`.",
	.example = "chairctl pause",
	.run = run_request,
};

const struct subcommand cmd_resume = {
	.name = "resume",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "go on after a pause",
	.details = "Begins again with the point that the pause interrupted.",
	.example = "chairctl resume",
	.run = run_request,
};

const struct subcommand cmd_skip = {
	.name = "skip",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "release and go on to the next point",
	.example = "chairctl skip",
	.run = run_request,
};

const struct subcommand cmd_home = {
	.name = "home",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "drive every carriage to its home switch",
	.details = "Moves the chair without a session; refused while one runs.",
	.example = "chairctl home",
	.run = run_request,
};

const struct subcommand cmd_reset = {
	.name = "reset",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "end a trip after its cause is removed",
	.details = "In sight of the chair. Starts no session; releases every actuator that is not\n"
		   "proven released. On a chair with a reset button, a trip of the emergency stop\n"
		   "ends only with the button.",
	.example = "chairctl reset",
	.run = run_request,
};

// --- with an argument -------------------------------------------------------------------------

static json_t *intensity_args(const char *operand)
{
	double percent;

	if (!percent_parse(operand, &percent) || percent > 100) {
		terminal_error("usage", "write 50, 50.5 or 50%",
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
	.details = "Holds for this session and those that follow.",
	.example = "chairctl intensity 60",
	.run = run_intensity,
};

// chaird checks the word.
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
	.summary = "answer how the press feels",
	.details =
		"less lowers the force for the rest of the session, more raises it for the next\n"
		"point, eased ends a hold once it has lasted its minimum. Refused while nothing\n"
		"is pressed, eased also outside a hold.",
	.example = "chairctl feedback eased",
	.run = run_feedback,
};
