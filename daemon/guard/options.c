// SPDX-License-Identifier: MIT
#include "guard/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/settings_rules.h"
#include "core/wire.h"

#define SEED_MAX 9e15 // exact as a double

static int parse_table(int argc, char *argv[], struct options *options, const char **backend)
{
	const struct option_row rows[] = {
		{ "chair", 'c', OPTION_TEXT, &options->chair_file, "FILE",
			"chair description (" OPTIONS_DEFAULT_CHAIR ")", 0, 0 },
		{ "socket", 's', OPTION_TEXT, &options->socket_path, "PATH",
			"where the controller connects\n(" WIRE_DEFAULT_SOCKET ")", 0, 0 },
		{ "backend", 0, OPTION_TEXT, backend, "NAME",
			"gpiod: the real lines (default);\nsim: a simulated chair", 0, 0 },
		{ "safe-off", 0, OPTION_SWITCH, &options->safe_off, NULL,
			"drive every line to its safe level, and exit", 0, 0 },
		{ "check", 0, OPTION_SWITCH, &options->check, NULL,
			"check the chair description, and exit", 0, 0 },
		{ "verbose", 'v', OPTION_SWITCH, &options->verbose, NULL, "log more", 0, 0 },
		{ "seed", 0, OPTION_INTEGER, &options->seed, "N", "sim: seed of all noise (1)", 0,
			SEED_MAX },
		{ "fault", 0, OPTION_LIST, &options->faults, "SPEC",
			"sim: KIND[:NAME][=VALUE][@AT_S][+FOR_S];\nmay be repeated", 0, 0 },
		{ "sim-control", 0, OPTION_TEXT, &options->control_path, "PATH",
			"sim: a socket that takes fault specs and halts\nthe clock", 0, 0 },
		{ "empty-seat", 0, OPTION_SWITCH, &options->empty_seat, NULL,
			"sim: the seat is empty at first", 0, 0 },
		{ "trace", 0, OPTION_TEXT, &options->trace_file, "FILE",
			"sim: write every change of a pin", 0, 0 },
		{ "speed", 0, OPTION_INTEGER_OR_MAX, &options->speed, "N",
			"sim: time passes at most N times as fast\n(1 ... 1000, or max)", 1,
			OPTIONS_SPEED_MAX },
		{ 0 },
	};
	const struct option_table table = {
		.program = "chairguard",
		.operands = "",
		.summary = "Hold the motors of a massage chair, and release the person on every "
			   "fault.",
		.example = "chairguard --check --chair=recliner.cfg\n"
			   "chairguard --backend=sim --chair=recliner.cfg --socket=guard.sock",
		.version = CHAIRD_VERSION,
		.rows = rows,
	};

	return option_table_parse(&table, argc, argv, NULL);
}

// The rules of the settings file for the same paths.
static int check_paths(const struct options *options)
{
	const struct {
		const char *option, *key, *value;
	} paths[] = {
		{ "chair", "chair_file", options->chair_file },
		{ "socket", "guard_socket", options->socket_path },
		{ "sim-control", "guard_socket", options->control_path },
	};
	char fault[SETTING_FAULT_SIZE];

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (!paths[i].value || setting_check(paths[i].key, paths[i].value, fault))
			continue;
		fprintf(stderr, "chairguard: --%s: %s\n", paths[i].option, fault);
		return -EINVAL;
	}
	return 0;
}

static int parse_backend(const char *name, bool *ret_simulated)
{
	*ret_simulated = strcmp(name, "sim") == 0;
	if (*ret_simulated || strcmp(name, "gpiod") == 0)
		return 0;
	fprintf(stderr, "chairguard: --backend: %s is neither gpiod nor sim\n", name);
	return -EINVAL;
}

// Refuse options of the simulated chair with a real one.
static int check_simulation(const struct options *options)
{
	bool needs_sim = options->faults.n || options->control_path || options->trace_file ||
		options->empty_seat || options->speed != 1;

	if (!needs_sim || options->simulated)
		return 0;
	fprintf(stderr,
		"chairguard: --fault, --sim-control, --trace, --empty-seat and --speed need "
		"--backend=sim\n");
	return -EINVAL;
}

int options_parse(int argc, char *argv[], struct options *ret_options)
{
	struct options options = {
		.chair_file = OPTIONS_DEFAULT_CHAIR,
		.socket_path = WIRE_DEFAULT_SOCKET,
		.seed = 1,
		.speed = 1,
	};
	const char *backend = "gpiod";
	int r = parse_table(argc, argv, &options, &backend);

	if (r == 0)
		r = parse_backend(backend, &options.simulated);
	if (r == 0)
		r = check_simulation(&options);
	if (r == 0)
		r = check_paths(&options);
	if (r == 0)
		*ret_options = options;
	return r;
}
