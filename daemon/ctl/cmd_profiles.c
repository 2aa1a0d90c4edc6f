// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "ctl/request.h"
#include "ctl/terminal.h"

#define TITLE_COLUMN 36

static const char *text(const json_t *profile, const char *key)
{
	const char *value = json_string_value(json_object_get(profile, key));

	return value ? value : "";
}

static void print_profile(const struct terminal *terminal, const json_t *profile)
{
	size_t unreachable = json_array_size(json_object_get(profile, "unreachable"));
	const json_t *minutes = json_object_get(profile, "minutes");
	const char *problem = text(profile, "problem");
	char time[16] = "    -    ", out[48] = "";

	if (json_is_number(minutes))
		snprintf(time, sizeof(time), "%5.1f min", json_number_value(minutes));
	if (unreachable > 0)
		snprintf(out, sizeof(out), " (%zu points out of reach)", unreachable);
	terminal_put(terminal, TITLE_COLUMN, "%-24s %s  %s%s%s%s%s", text(profile, "name"), time,
		text(profile, "title"), out, *problem ? " (cannot be played: " : "", problem,
		*problem ? ")" : "");
}

static int run_profiles(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 0, OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	json_auto_t *data = NULL;
	struct terminal terminal = terminal_detect(stdout);
	struct options options;
	json_t *profile;
	size_t i;
	int r = request_run(self, rows, argc, argv, "profiles", &options, &data);

	if (!data)
		return r;
	if (json)
		request_print(data);
	else
		json_array_foreach(json_object_get(data, "profiles"), i, profile)
			print_profile(&terminal, profile);
	return EXIT_OK;
}

const struct subcommand cmd_profiles = {
	.name = "profiles",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "list the profiles that the chair can play",
	.details = "Name, duration on this chair, title, and what this chair cannot play of it.",
	.example = "chairctl profiles",
	.run = run_profiles,
};
