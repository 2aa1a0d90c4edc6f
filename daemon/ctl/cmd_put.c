// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/folder.h"
#include "config/text.h"
#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

#define WRAP_INDENT 4
#define PLACE_SIZE  24

// The name of the file's profile: "my-shoulders" of "/home/me/my-shoulders.cfg". To be freed.
static char *name_of(const char *file)
{
	size_t length;
	const char *stem = folder_stem(file, &length);

	return strndup(stem, length);
}

// "12:", or "" if it has none.
static void place(const json_t *problem, const char *key, char buf[PLACE_SIZE])
{
	json_int_t number = json_integer_value(json_object_get(problem, key));

	buf[0] = '\0';
	if (number > 0)
		snprintf(buf, PLACE_SIZE, "%" JSON_INTEGER_FORMAT ":", number);
}

// As chairctl check prints them; warnings, too.
static void print_problems(json_t *checked, const char *file)
{
	struct terminal terminal = terminal_detect(stdout);
	json_t *problem;
	size_t i;

	json_array_foreach(json_object_get(checked, "findings"), i, problem)
	{
		const char *severity = "", *path = "", *text = "";
		char line[PLACE_SIZE], column[PLACE_SIZE];

		json_unpack(problem, "{s:s, s:s, s:s}", "severity", &severity, "path", &path,
			"text", &text);
		place(problem, "line", line);
		place(problem, "column", column);
		terminal_put(&terminal, WRAP_INDENT, "%s:%s%s %s%s%s%s", file, line, column,
			strcmp(severity, "warning") ? "" : "warning: ", path, *path ? ": " : "",
			text);
	}
}

static void print_stored(const struct options *options, const json_t *data)
{
	const json_t *profile = json_object_get(data, "profile");
	double minutes = json_number_value(json_object_get(profile, "minutes"));
	struct terminal terminal = terminal_detect(stdout);
	char name[NAME_SIZE];

	view_word(profile, "name", "?", name);
	terminal_put(&terminal, WRAP_INDENT,
		"%s: stored %s, %.1f min. Play it: chairctl run %s --intensity 0 --follow",
		options->id, name, minutes, name);
}

static int put(struct broker *broker, const struct options *options, const char *file,
	const char *name, const char *text)
{
	json_auto_t *args = json_pack("{s:s, s:s}", "profile", name, "text", text);
	json_auto_t *checked = NULL, *stored = NULL;
	int r;

	if (!args) {
		terminal_error("usage", NULL, "%s: the name or the text is not UTF-8", file);
		return EXIT_USAGE;
	}
	r = request_send(broker, options, "check", args, &checked);
	if (r != EXIT_OK)
		return r;
	print_problems(checked, file);
	if (!json_is_true(json_object_get(checked, "valid"))) {
		terminal_error("unproved", NULL, "%s is not proved on %s; nothing was stored", file,
			options->id);
		return EXIT_REFUSED;
	}
	r = request_send(broker, options, "put", args, &stored);
	if (r == EXIT_OK)
		print_stored(options, stored);
	return r;
}

static int run_put(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	text_auto *text = NULL;
	text_auto *name = NULL;
	struct options options;
	size_t size;
	int r;

	if (!options_parse(self, NULL, argc, argv, &options, &r))
		return r;
	if (text_read(options.operands[0], &problems, &text, &size) < 0 ||
		!(name = name_of(options.operands[0]))) {
		options_print_problems(stderr, &problems);
		return EXIT_USAGE;
	}
	r = request_open(&options, &broker);
	return r == EXIT_OK ? put(broker, &options, options.operands[0], name, text) : r;
}

const struct subcommand cmd_put = {
	.name = "put",
	.operands = "FILE",
	.operands_min = 1,
	.operands_max = 1,
	.common = COMMON_BROKER,
	.summary = "prove a profile on the chair, and store it there",
	.details =
		"The chair proves it as `chairctl check` does, and refuses one that breaks a\n"
		"rule, or while a session runs. It is called as the file without .cfg, takes the\n"
		"place of a profile of that name, can be played at once, and survives updates.\n"
		"This is for the technician's user of the broker.",
	.example = "chairctl put my-shoulders.cfg",
	.run = run_put,
};
