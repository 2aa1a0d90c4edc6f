// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/terminal.h"

#define WRAP_INDENT 4

// "a, b, c"; to be freed; "" without memory.
static char *joined(json_t *list)
{
	char *text = NULL;
	size_t size, i;
	FILE *stream = open_memstream(&text, &size);
	json_t *word;

	if (!stream)
		return strdup("");
	json_array_foreach(list, i, word) fprintf(stream, "%s%s", i ? ", " : "",
		json_string_value(word) ? json_string_value(word) : "?");
	fclose(stream);
	return text;
}

static int count(json_t *data, const char *key)
{
	return (int)json_integer_value(json_object_get(data, key));
}

static void print_reloaded(const char *id, json_t *data)
{
	json_t *unusable = json_object_get(data, "unusable"), *reason;
	char *reloaded = joined(json_object_get(data, "reloaded")), *left = joined(unusable);
	struct terminal terminal = terminal_detect(stdout);
	const char *what;

	terminal_put(&terminal, WRAP_INDENT,
		"%s: reloaded: %s (points: %d, pathways: %d, profiles: %d)", id, reloaded,
		count(data, "points"), count(data, "pathways"), count(data, "profiles"));
	json_object_foreach(json_object_get(data, "not_reloaded"), what, reason)
		terminal_put(&terminal, WRAP_INDENT, "not reloaded: %s: %s", what,
			json_string_value(reason) ? json_string_value(reason) : "?");
	if (json_array_size(unusable)) {
		terminal_put(&terminal, WRAP_INDENT, "cannot be played: %s", left);
		terminal_put(&terminal, WRAP_INDENT,
			"  hint: chairctl profiles shows the first error of each, "
			"journalctl -u chaird all");
	}
	free(reloaded);
	free(left);
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
