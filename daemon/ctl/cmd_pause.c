// SPDX-License-Identifier: MIT
#include "ctl/subcommand.h"

const struct subcommand cmd_pause = {
	.name = "pause",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "let go and wait",
	.details = "The chair lets go and stays where it is until `chairctl resume`.",
	.run = subcommand_run_request,
};
