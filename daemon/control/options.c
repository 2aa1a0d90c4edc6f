// SPDX-License-Identifier: MIT
#include "control/options.h"

#include "service/option_table.h"

int options_parse(int argc, char *argv[], struct options *ret_options)
{
	struct options options = { 0 };
	const struct option_row rows[] = {
		{ "config", 0, OPTION_TEXT, &options.config, "FILE",
			"settings (" DEFAULT_CONFIG ")", 0, 0 },
		{ "chair", 0, OPTION_TEXT, &options.chair, "FILE", "chair description", 0, 0 },
		{ "profiles", 0, OPTION_TEXT, &options.profiles, "DIR",
			"atlas, pathways and profiles", 0, 0 },
		{ "socket", 0, OPTION_TEXT, &options.socket, "PATH", "socket of the guard", 0, 0 },
		{ "host", 0, OPTION_TEXT, &options.host, "HOST", "broker", 0, 0 },
		{ "port", 0, OPTION_INTEGER, &options.port, "N", "port of the broker (1 ... 65535)",
			1, 65535 },
		{ "prefix", 0, OPTION_TEXT, &options.prefix, "TOPIC", "first part of every topic",
			0, 0 },
		{ "verbose", 0, OPTION_SWITCH, &options.verbose, NULL, "log more", 0, 0 },
		{ "check", 0, OPTION_SWITCH, &options.check, NULL,
			"check all files, print their problems, and exit", 0, 0 },
		{ 0 },
	};
	const struct option_table table = {
		.program = "chaird",
		.operands = "",
		.summary = "Control a massage chair: take commands over MQTT, play\n"
			   "profiles, and send setpoints to the guard.",
		.example = "chaird --check\n"
			   "chaird --config=chaird.cfg --chair=profiles/chairs/recliner.cfg "
			   "--verbose",
		.version = CHAIRD_VERSION,
		.rows = rows,
	};
	int r = option_table_parse(&table, argc, argv, NULL);

	if (r == 0)
		*ret_options = options;
	return r;
}
