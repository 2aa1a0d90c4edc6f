// SPDX-License-Identifier: MIT
#include <string.h>

#include "ctl/follow.h"
#include "ctl/request.h"

static int run_watch(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	struct options options;
	struct follow follow;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	r = follow_begin(&follow, broker);
	if (r < 0) {
		terminal_error("no-broker", NULL, "%s", strerror(-r));
		return EXIT_NO_ANSWER;
	}
	return follow_watch(&follow, broker);
}

const struct subcommand cmd_watch = {
	.name = "watch",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "show what the chair does until Ctrl-C",
	.details = "On a terminal a live line with a progress bar; otherwise one line "
		   "for each\n"
		   "change:\n"
		   "  state phase=hold points=rhomboid.left/right step=2/12 remaining_s=492 "
		   "guard=yes\n"
		   "  event hold_done points=... target=40.0 mean=40.1 minimum=38.9 unit=N ...\n"
		   "  alert fault TEXT\n"
		   "  availability online\n"
		   "It starts and stops nothing.",
	.run = run_watch,
};
