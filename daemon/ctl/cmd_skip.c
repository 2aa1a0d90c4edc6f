// SPDX-License-Identifier: MIT
#include "ctl/subcommand.h"

const struct subcommand cmd_skip = {
	.name = "skip",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "let go and pass on to the next point",
	.details = "",
	.run = subcommand_run_request,
};
