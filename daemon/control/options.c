// SPDX-License-Identifier: MIT
#include "control/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "service/clock.h"

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
	"  --speed N       the clock runs N times faster, 1 ... 100; for a simulated chair\n"
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
		fprintf(stderr, "chaird: --%s: %s is not a whole number in %ld ... %ld\n", name, text,
			low, high);
		return false;
	}
	*ret = number;
	return true;
}

bool options_parse(int argc, char *argv[], struct options *ret_options, int *ret_exit)
{
	enum { CONFIG = 1, CHAIR, PROFILES, SOCKET, HOST, PORT, PREFIX, SPEED, VERBOSE, CHECK,
		HELP, VERSION };
	static const struct option names[] = {
		{ "config", required_argument, NULL, CONFIG },
		{ "chair", required_argument, NULL, CHAIR },
		{ "profiles", required_argument, NULL, PROFILES },
		{ "socket", required_argument, NULL, SOCKET },
		{ "host", required_argument, NULL, HOST },
		{ "port", required_argument, NULL, PORT },
		{ "prefix", required_argument, NULL, PREFIX },
		{ "speed", required_argument, NULL, SPEED },
		{ "verbose", no_argument, NULL, VERBOSE },
		{ "check", no_argument, NULL, CHECK },
		{ "help", no_argument, NULL, HELP },
		{ "version", no_argument, NULL, VERSION },
		{ 0 },
	};
	struct options options = { .speed = 1 };
	long number = 0;
	int option;

	*ret_exit = EX_USAGE;
	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case CONFIG: options.config = optarg; break;
		case CHAIR: options.chair = optarg; break;
		case PROFILES: options.profiles = optarg; break;
		case SOCKET: options.socket = optarg; break;
		case HOST: options.host = optarg; break;
		case PREFIX: options.prefix = optarg; break;
		case VERBOSE: options.verbose = true; break;
		case CHECK: options.check = true; break;
		case PORT:
			if (!parse_number("port", optarg, 1, 65535, &number))
				return false;
			options.port = (int)number;
			break;
		case SPEED:
			if (!parse_number("speed", optarg, 1, CLOCK_SPEED_MAX, &number))
				return false;
			options.speed = number;
			break;
		case HELP:
			fputs(help, stdout);
			*ret_exit = EXIT_SUCCESS;
			return false;
		case VERSION:
			puts("chaird " CHAIRD_VERSION);
			*ret_exit = EXIT_SUCCESS;
			return false;
		default:
			return false;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "chaird: %s: not an option; see --help\n", argv[optind]);
		return false;
	}
	*ret_options = options;
	return true;
}
