// SPDX-License-Identifier: MIT
//
// Look-up in the atlas. Its exit codes: 0 found, 1 nothing found, 2 not understood, or a file is
// not valid.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/atlas_view.h"
#include "ctl/options.h"

struct wish {
	const char *refers, *name; // at most one of them
	bool zones, json;
};

static void library_freep(struct library **library)
{
	library_free(*library);
}

static int print_zones(const struct atlas *atlas)
{
	struct atlas_zone *zones;
	size_t n;

	if (atlas_zones(atlas, &zones, &n) < 0)
		return EXIT_REFUSED;
	for (size_t i = 0; i < n; i++)
		printf("%.*s\n", (int)zones[i].length, zones[i].text);
	free(zones);
	return n > 0 ? EXIT_OK : EXIT_REFUSED;
}

static int no_such_zone(const struct atlas *atlas, const char *words)
{
	const struct terminal terminal = terminal_detect(stderr);
	char meant[NAME_SIZE], hint[NAME_SIZE + 20] = "", *line = NULL;
	struct atlas_zone *zones;
	size_t n, size;
	FILE *text;

	atlas_suggest_zone(atlas, words, meant);
	if (*meant)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?", meant);
	terminal_error("atlas", hint, "no point is felt in \"%s\"", words);
	if (atlas_zones(atlas, &zones, &n) < 0)
		return EXIT_REFUSED;
	if ((text = open_memstream(&line, &size))) {
		fprintf(text, "  zones:");
		for (size_t i = 0; i < n; i++)
			fprintf(text, "%s %.*s", i ? "," : "", (int)zones[i].length, zones[i].text);
		fputc('\n', text);
		if (fclose(text) == 0)
			terminal_wrap(stderr, &terminal, 4, line);
	}
	free(line);
	free(zones);
	return EXIT_REFUSED;
}

// A zone in the place of a name is a likely mistake.
static int no_such_name(const struct atlas *atlas, const char *name)
{
	char meant[NAME_SIZE], hint[2 * NAME_SIZE + 80] = "chairctl atlas lists all";
	struct atlas_found felt;

	atlas_search_zone(atlas, name, &felt);
	atlas_suggest_name(atlas, name, meant);
	if (felt.n_points + felt.n_pathways > 0)
		snprintf(hint, sizeof(hint),
			"chairctl atlas --refers \"%.*s\" finds what is felt "
			"there",
			NAME_SIZE, name);
	else if (*meant)
		snprintf(hint, sizeof(hint), "did you mean \"%s\"?", meant);
	terminal_error("atlas", hint, "no point, pathway, muscle or region is called \"%s\"", name);
	return EXIT_REFUSED;
}

static int nothing_found(const struct wish *wish, const struct atlas *atlas)
{
	if (wish->refers)
		return no_such_zone(atlas, wish->refers);
	if (wish->name)
		return no_such_name(atlas, wish->name);
	terminal_error("atlas", NULL, "it is empty");
	return EXIT_REFUSED;
}

static void print_found(const struct wish *wish, const struct atlas_scope *scope,
	const struct atlas_found *found)
{
	struct terminal terminal = terminal_detect(stdout);

	if (wish->json) {
		json_auto_t *json = atlas_json(scope, found);

		json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		putchar('\n');
	} else if (wish->name) {
		atlas_view_whole(stdout, &terminal, scope, found);
	} else {
		atlas_view_list(stdout, &terminal, scope, found);
	}
}

static int look_up(const struct wish *wish, const struct atlas_scope *scope)
{
	const struct atlas *atlas = &scope->library->atlas;
	struct atlas_found found;

	if (wish->zones)
		return print_zones(atlas);
	if (wish->refers)
		atlas_search_zone(atlas, wish->refers, &found);
	else if (wish->name)
		atlas_search_name(atlas, wish->name, &found);
	else
		atlas_search_all(atlas, &found);
	if (found.n_points + found.n_pathways == 0)
		return nothing_found(wish, atlas);
	print_found(wish, scope, &found);
	return EXIT_OK;
}

static int run_atlas(const struct subcommand *self, int argc, char *argv[])
{
	__attribute__((cleanup(library_freep))) struct library *library = NULL;
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	struct wish wish = { 0 };
	const struct option_row rows[] = {
		{ "refers", 'r', OPTION_TEXT, &wish.refers, "ZONE",
			"points and pathways that are felt there", 0, 0 },
		{ "zones", 0, OPTION_SWITCH, &wish.zones, NULL, "list the zones", 0, 0 },
		{ "json", 'j', OPTION_SWITCH, &wish.json, NULL, "print JSON", 0, 0 },
		{ 0 },
	};
	struct options options;
	char dir[PATH_MAX];
	bool has_chair;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	wish.name = options.n_operands ? options.operands[0] : NULL;
	if ((wish.name != NULL) + (wish.refers != NULL) + wish.zones > 1) {
		terminal_error("usage", NULL, "NAME, --refers and --zones do not go together");
		return EXIT_USAGE;
	}
	// The chair of the settings is optional: without one, nothing is said about reach.
	has_chair = options.chair || access(options.settings.chair_file, R_OK) == 0;
	if (library_load(options_library(&options, NULL, dir),
		    has_chair ? options.settings.chair_file : NULL, &problems, &library) < 0) {
		options_print_problems(stderr, &problems);
		return EXIT_USAGE;
	}
	return look_up(&wish, &(struct atlas_scope){ library, has_chair });
}

const struct subcommand cmd_atlas = {
	.name = "atlas",
	.operands = "[NAME]",
	.operands_max = 1,
	.common = COMMON_LIBRARY,
	.summary = "look up points and pathways, also by where they are felt",
	.details =
		"Without NAME a line for each point and pathway; NAME (of a point, a pathway, a\n"
		"muscle or a region) shows everything: place, the zones in which it is felt, what\n"
		"it bears, whether the chair reaches it, and the profiles that press it.\n"
		"--refers finds points and pathways by words of a zone; --zones lists the zones.\n"
		"The chair is that of --chair or of the settings, if there is one.\n\n"
		"exit: 0 found; 1 nothing found; 2 not understood, or a file is not valid",
	.example = "chairctl atlas --refers temple\n"
		   "chairctl atlas trapezius.upper --chair recliner.cfg",
	.run = run_atlas,
};
