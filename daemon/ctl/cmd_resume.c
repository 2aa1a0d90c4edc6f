// SPDX-License-Identifier: MIT
#include "ctl/subcommand.h"

const struct subcommand cmd_resume = {
	.name = "resume",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "go on after a pause",
	.details = "Begins again with the point that the pause interrupted.",
	.run = subcommand_run_request,
};
