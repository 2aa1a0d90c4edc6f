// SPDX-License-Identifier: MIT
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/library.h"
#include "ctl/lines_channels.h"
#include "ctl/options.h"
#include "ctl/terminal.h"
#include "hal/gpio_list.h"

#define WANTED_SIZE (2 * NAME_SIZE)

struct listing {
	struct chair chair;
	bool chair_good;
	struct gpio_listed *lines;
	size_t n;
	struct lines_channels channels;
};

// "depth.forward", or "seat" of the chair itself; "" if the chair does not want the line.
static const char *wanted_as(const struct listing *listing, const struct gpio_listed *listed,
	char buf[WANTED_SIZE])
{
	const struct line *line = listed->line < 0 ? NULL : &listing->chair.lines[listed->line];
	bool own = line && line->actuator >= 0;

	snprintf(buf, WANTED_SIZE, "%s%s%s",
		own ? listing->chair.actuators[line->actuator].name : "", own ? "." : "",
		line ? line_role_name(line->role) : "");
	return buf;
}

static bool begins_chip(const struct listing *listing, size_t i)
{
	return i == 0 || strcmp(listing->lines[i].chip, listing->lines[i - 1].chip) != 0;
}

// --- table ------------------------------------------------------------------------------------

static unsigned lines_of_chip(const struct listing *listing, size_t first)
{
	unsigned n = 1;

	while (first + n < listing->n && !begins_chip(listing, first + n))
		n++;
	return n;
}

static void print_line(const struct listing *listing, const struct gpio_listed *listed)
{
	static const char *const levels[] = { "", "inactive", "active" };
	char wanted[WANTED_SIZE], row[4 * NAME_SIZE + 64];
	int end;

	end = snprintf(row, sizeof(row), "%6u  %-16s %-6s  %-12s %-24s %s", listed->offset,
		*listed->info.name ? listed->info.name : "-",
		listed->info.output ? "output" : "input",
		*listed->info.holder ? listed->info.holder : "free",
		wanted_as(listing, listed, wanted), levels[listed->level + 1]);
	while (end > 0 && row[end - 1] == ' ')
		row[--end] = '\0';
	terminal_print(stdout, row);
	putchar('\n');
}

static void print_table(const struct listing *listing)
{
	for (size_t i = 0; i < listing->n; i++) {
		if (begins_chip(listing, i)) {
			printf("%s%s [", i ? "\n" : "", listing->lines[i].chip);
			terminal_print(stdout, listing->lines[i].label);
			printf("], %u lines\noffset  %-16s %-6s  %-12s %-24s %s\n",
				lines_of_chip(listing, i), "name", "is", "holder", "chair",
				"level");
		}
		print_line(listing, &listing->lines[i]);
	}
}

// --- JSON -------------------------------------------------------------------------------------

static json_t *text_or_null(const char *text)
{
	return *text ? json_stringn_nocheck(text, strlen(text)) : json_null();
}

static json_t *line_json(const struct listing *listing, const struct gpio_listed *listed)
{
	char wanted[WANTED_SIZE];

	return json_pack("{s:i, s:o, s:s, s:o, s:o, s:o}", "offset", (int)listed->offset, "name",
		text_or_null(listed->info.name), "direction",
		listed->info.output ? "output" : "input", "holder",
		text_or_null(listed->info.holder), "chair",
		text_or_null(wanted_as(listing, listed, wanted)), "active",
		listed->level < 0 ? json_null() : json_boolean(listed->level));
}

static void print_json(const struct listing *listing, const char *problem)
{
	json_auto_t *all = json_pack("{s:[], s:o, s:o}", "chips", "pwm_chips",
		lines_channels_json(&listing->channels), "problem", text_or_null(problem));
	json_t *lines = NULL;

	for (size_t i = 0; i < listing->n; i++) {
		if (begins_chip(listing, i)) {
			lines = json_array();
			json_array_append_new(json_object_get(all, "chips"),
				json_pack("{s:s, s:s, s:o}", "chip", listing->lines[i].chip,
					"label", listing->lines[i].label, "lines", lines));
		}
		json_array_append_new(lines, line_json(listing, &listing->lines[i]));
	}
	json_dumpf(all, stdout, JSON_INDENT(2));
	putchar('\n');
}

// --- the subcommand ---------------------------------------------------------------------------

static void read_chair(struct listing *listing, const char *file)
{
	struct problems problems = { 0 };

	listing->chair_good = chair_load(file, &problems, &listing->chair) == 0;
	options_print_problems(stderr, &problems);
	problems_clear(&problems);
}

static const char *hint_for(int r)
{
	if (r == -EACCES || r == -EPERM)
		return "run it again with sudo";
	return r == -EBUSY ? "something took the line just now: run it again" : NULL;
}

static int run_lines(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the lines as JSON", 0, 0 },
		{ 0 },
	};
	struct listing listing = { 0 };
	struct hal_error error = { "" }, channel_error = { "" };
	struct options options;
	int r, r_channels;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	read_chair(&listing, options.settings.chair_file);
	r = gpio_list(listing.chair_good ? &listing.chair : NULL, "/dev", &listing.lines,
		&listing.n, &error);
	r_channels = lines_channels_read(listing.chair_good ? &listing.chair : NULL,
		&listing.channels, &channel_error);
	if (r == 0 && r_channels < 0) {
		r = r_channels;
		error = channel_error;
	}
	if (r == 0 && !listing.n) {
		r = -ENODEV;
		snprintf(error.text, sizeof(error.text), "there is no GPIO chip on this machine");
	}
	if (json) {
		print_json(&listing, error.text);
	} else {
		print_table(&listing);
		lines_channels_print(&listing.channels);
	}
	if (r < 0)
		terminal_error("lines", hint_for(r), "%s", error.text);
	free(listing.lines);
	lines_channels_clear(&listing.channels);
	return r < 0 || !listing.chair_good ? EXIT_REFUSED : EXIT_OK;
}

const struct subcommand cmd_lines = {
	.name = "lines",
	.operands = "",
	.common = COMMON_LIBRARY,
	.summary = "list the lines of all GPIO chips, and the channels of kernel PWM",
	.details =
		"Name, direction and holder of each line, and what the chair's file wants of it.\n"
		"The chair's inputs that nobody holds are read, as the guard would read them:\n"
		"stop it first (sudo systemctl stop chairguard) to see a switch being pressed.\n"
		"Nothing is driven. Exit 0: every line of the chair is there.\n"
		"\n"
		"A channel of kernel PWM that no program holds any more goes on as it was set;\n"
		"only root sees who holds one.\n"
		"\n"
		"  sudo chairctl lines --chair /etc/chaird/chair.cfg",
	.run = run_lines,
};
