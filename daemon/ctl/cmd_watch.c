// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl/follow.h"
#include "ctl/request.h"

static void filep(FILE **file)
{
	if (*file)
		fclose(*file);
}

static int run_watch(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	__attribute__((cleanup(filep))) FILE *record = NULL;
	const char *file = NULL;
	const struct option_row rows[] = {
		{ "record", 0, OPTION_TEXT, &file, "FILE",
			"write every message, for chairctl replay", 0, 0 },
		{ 0 },
	};
	struct options options;
	struct follow follow;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	if (file && !(record = fopen(file, "we"))) {
		terminal_error("file", NULL, "%s: %s", file, strerror(errno));
		return EXIT_REFUSED;
	}
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	r = follow_begin(&follow, broker);
	if (r < 0) {
		terminal_error("no-broker", NULL, "%s", strerror(-r));
		return EXIT_NO_ANSWER;
	}
	follow.record = record;
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
		   "  state phase=hold points=rhomboid.left/right step=2/12 remaining_s=492 ...\n"
		   "  event hold_done points=... target=40.0 mean=40.1 minimum=38.9 unit=N ...\n"
		   "  alert fault TEXT\n"
		   "  availability online\n"
		   "step counts places: each point, repeat and pause of the profile is one. It\n"
		   "starts and stops nothing.",
	.example = "chairctl watch --record session.jsonl",
	.run = run_watch,
};
