// SPDX-License-Identifier: MIT
#include "control/options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

static const char help[] =
	"Usage: chaird [OPTION]...\n"
	"Controls a massage chair: takes commands over MQTT, plays profiles, and tells the guard\n"
	"what to do.\n"
	"\n"
	"  --config FILE   settings (" DEFAULT_CONFIG ")\n"
	"  --chair FILE    the chair's description\n"
	"  --profiles DIR  atlas, pathways and profiles\n"
	"  --socket PATH   the guard's socket\n"
	"  --host HOST     the broker\n"
	"  --port N        the broker's port, 1 ... 65535\n"
	"  --prefix TOPIC  the first part of every topic\n"
	"  --verbose       say more\n"
	"  --check         look at all files, say what is wrong with them, and end\n"
	"  --help          this\n"
	"  --version       the version\n";

// A whole number in a range.
static bool parse_number(const char *name, const char *text, long low, long high, long *ret)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno || end == text || *end || number < low || number > high) {
		fprintf(stderr, "chaird: --%s: %s is not a whole number in %ld ... %ld\n", name,
			text, low, high);
		return false;
	}
	*ret = number;
	return true;
}

// What an option sets. Of a text the pointer, of a switch true, of a number its value.
enum option_type { OPTION_TEXT, OPTION_SWITCH, OPTION_NUMBER, OPTION_HELP, OPTION_VERSION };

static const struct {
	const char *name;
	enum option_type type;
	size_t offset; // into struct options
	long max;      // of a number; the least is 1
} known[] = {
	{ "config", OPTION_TEXT, offsetof(struct options, config), 0 },
	{ "chair", OPTION_TEXT, offsetof(struct options, chair), 0 },
	{ "profiles", OPTION_TEXT, offsetof(struct options, profiles), 0 },
	{ "socket", OPTION_TEXT, offsetof(struct options, socket), 0 },
	{ "host", OPTION_TEXT, offsetof(struct options, host), 0 },
	{ "prefix", OPTION_TEXT, offsetof(struct options, prefix), 0 },
	{ "port", OPTION_NUMBER, offsetof(struct options, port), 65535 },
	{ "verbose", OPTION_SWITCH, offsetof(struct options, verbose), 0 },
	{ "check", OPTION_SWITCH, offsetof(struct options, check), 0 },
	{ "help", OPTION_HELP, 0, 0 },
	{ "version", OPTION_VERSION, 0, 0 },
};

#define N_KNOWN (sizeof(known) / sizeof(known[0]))

// False to end with *ret_exit.
static bool take(int index, const char *text, struct options *options, int *ret_exit)
{
	void *field = (char *)options + known[index].offset;

	switch (known[index].type) {
	case OPTION_TEXT:
		*(const char **)field = text;
		return true;
	case OPTION_SWITCH:
		*(bool *)field = true;
		return true;
	case OPTION_NUMBER:
		return parse_number(known[index].name, text, 1, known[index].max, field);
	case OPTION_HELP:
		fputs(help, stdout);
		break;
	case OPTION_VERSION:
		puts("chaird " CHAIRD_VERSION);
		break;
	}
	*ret_exit = EXIT_SUCCESS;
	return false;
}

bool options_parse(int argc, char *argv[], struct options *ret_options, int *ret_exit)
{
	struct option names[N_KNOWN + 1] = { 0 };
	struct options options = { 0 };
	int index;

	for (size_t i = 0; i < N_KNOWN; i++)
		names[i] = (struct option){ known[i].name,
			known[i].type == OPTION_TEXT || known[i].type == OPTION_NUMBER, NULL,
			(int)i };
	*ret_exit = EX_USAGE;
	while ((index = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (index == '?' || !take(index, optarg, &options, ret_exit))
			return false;
	}
	if (optind < argc) {
		fprintf(stderr, "chaird: %s: not an option; see --help\n", argv[optind]);
		return false;
	}
	*ret_options = options;
	return true;
}
