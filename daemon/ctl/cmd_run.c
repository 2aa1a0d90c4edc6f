// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ctl/follow.h"
#include "ctl/request.h"

static int start(struct broker *broker, const struct options *options, double intensity,
	const char *person)
{
	json_auto_t *args = json_pack("{s:s, s:o*, s:s*}", "profile", options->operands[0],
		"intensity", json_real(intensity), // NAN gives no JSON value: the key is left out
		"person", person);
	json_auto_t *data = NULL;
	json_t *unreachable, *closed, *name, *point;
	size_t i;
	int r;

	if (!args) {
		terminal_error("usage", NULL, "the profile's or the person's name is not UTF-8");
		return EXIT_USAGE;
	}
	r = request_send(broker, options, "start", args, &data);
	if (r != EXIT_OK)
		return r;
	unreachable = json_object_get(data, "unreachable");
	json_array_foreach(unreachable, i, name)
	{
		fputs("left out, because this chair cannot reach them: ", stdout);
		terminal_print(stdout, json_is_string(name) ? json_string_value(name) : "?");
		putchar('\n');
	}
	closed = json_object_get(data, "closed");
	json_array_foreach(closed, i, point)
	{
		const char *place = "?", *reason = "?";

		json_unpack(point, "{s?s, s?s}", "point", &place, "reason", &reason);
		fputs("left out, because it is closed: ", stdout);
		terminal_print(stdout, place);
		fputs(": ", stdout);
		terminal_print(stdout, reason);
		putchar('\n');
	}
	return EXIT_OK;
}

static int run_run(const struct subcommand *self, int argc, char *argv[])
{
	double intensity = NAN;
	const char *person = NULL;
	bool watch = false;
	const struct option_row rows[] = {
		{ "intensity", 'I', OPTION_PERCENT, &intensity, "PERCENT",
			"between the profile's floor and target (as last\nset; 100 on a new chair)",
			0, 100 },
		{ "person", 'P', OPTION_TEXT, &person, "NAME",
			"whose body, limits and dose count (persons.cfg)", 0, 0 },
		{ "follow", 'f', OPTION_SWITCH, &watch, NULL, "watch until the session ends", 0,
			0 },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	struct options options;
	struct follow follow;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	r = request_open(&options, &broker);
	if (r != EXIT_OK)
		return r;
	if (watch && (r = follow_begin(&follow, broker)) < 0) {
		terminal_error("no-broker", NULL, "%s", strerror(-r));
		return EXIT_NO_ANSWER;
	}
	r = start(broker, &options, intensity, person);
	if (r == EXIT_OK && watch)
		return follow_session(&follow, broker, &options);
	if (r == EXIT_OK)
		printf("%s: %s started\n", options.id, options.operands[0]);
	return r;
}

const struct subcommand cmd_run = {
	.name = "run",
	.operands = "PROFILE",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "start a session",
	.details = "With --follow it shows the session live, ends with a table of every hold, and\n"
		   "exits with 0 only if the session was completed and every hold was within 10 %\n"
		   "of its target for 95 % of its time. Ctrl-C then stops the session; a second "
		   "one\n"
		   "only ends the display. Without --follow the session goes on by itself: see\n"
		   "`chairctl watch`.",
	.example = "chairctl run gentle --intensity 60 --follow\n"
		   "chairctl run gentle --person anna",
	.run = run_run,
};
