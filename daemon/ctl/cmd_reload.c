// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "ctl/request.h"
#include "ctl/terminal.h"

// "a, b, c"
static void print_list(json_t *list)
{
	json_t *word;
	size_t i;

	json_array_foreach(list, i, word)
	{
		fputs(i ? ", " : "", stdout);
		terminal_print(stdout, json_string_value(word) ? json_string_value(word) : "?");
	}
}

static int count(json_t *data, const char *key)
{
	return (int)json_integer_value(json_object_get(data, key));
}

static void print_reloaded(const char *id, json_t *data)
{
	json_t *unusable = json_object_get(data, "unusable"), *reason;
	const char *what;

	printf("%s: reloaded: ", id);
	print_list(json_object_get(data, "reloaded"));
	printf(" (points: %d, pathways: %d, profiles: %d)\n", count(data, "points"),
		count(data, "pathways"), count(data, "profiles"));
	json_object_foreach(json_object_get(data, "not_reloaded"), what, reason)
	{
		fputs("not reloaded: ", stdout);
		terminal_print(stdout, what);
		fputs(": ", stdout);
		terminal_print(stdout, json_string_value(reason) ? json_string_value(reason) : "?");
		putchar('\n');
	}
	if (!json_array_size(unusable))
		return;
	fputs("cannot be played: ", stdout);
	print_list(unusable);
	fputs("\n  hint: chairctl profiles shows the first error of each, "
	      "journalctl -u chaird all\n",
		stdout);
}

static int run_reload(const struct subcommand *self, int argc, char *argv[])
{
	json_auto_t *data = NULL;
	struct options options;
	int r = request_run(self, NULL, argc, argv, self->name, &options, &data);

	if (data)
		print_reloaded(options.id, data);
	return r;
}

const struct subcommand cmd_reload = {
	.name = "reload",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "read the atlas, pathways and profiles again",
	.details = "Refused while a session runs, and as a whole if the atlas, a pathway or the\n"
		   "chair file has an error. A profile with an error is left out alone: see\n"
		   "`chairctl profiles`. A new chair file needs a restart:\n"
		   "systemctl restart chairguard chaird.",
	.example = "chairctl reload",
	.run = run_reload,
};
