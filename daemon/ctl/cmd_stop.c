// SPDX-License-Identifier: MIT
#include "ctl/subcommand.h"

const struct subcommand cmd_stop = {
	.name = "stop",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "let go and end the session",
	.details = "The chair lets go at once and the session is over. Never refused.\n"
		   "This is a convenience, not the emergency stop: that is the wired button.",
	.run = subcommand_run_request,
};
