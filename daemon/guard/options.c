// SPDX-License-Identifier: MIT
#include "guard/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/wire.h"

enum option_key {
	KEY_CHAIR = 'c',
	KEY_SOCKET = 's',
	KEY_VERBOSE = 'v',
	KEY_HELP = 'h',
	KEY_BACKEND = CHAR_MAX + 1,
	KEY_SEED,
	KEY_FAULT,
	KEY_SIM_CONTROL,
	KEY_EMPTY_SEAT,
	KEY_TRACE,
	KEY_SPEED,
	KEY_SAFE_OFF,
	KEY_CHECK,
	KEY_VERSION,
};

// clang-format off
static const struct {
	const char *name;
	enum option_key key;
	const char *argument; // NULL: takes none
	const char *help;
} table[] = {
	{ "chair",       KEY_CHAIR,       "FILE", "chair description (" OPTIONS_DEFAULT_CHAIR ")" },
	{ "socket",      KEY_SOCKET,      "PATH", "where the controller connects (" WIRE_DEFAULT_SOCKET ")" },
	{ "backend",     KEY_BACKEND,     "NAME", "gpiod: the real lines (default); sim: a simulated chair" },
	{ "safe-off",    KEY_SAFE_OFF,    NULL,   "drive every line to its safe level, and exit" },
	{ "check",       KEY_CHECK,       NULL,   "check the chair description, and exit" },
	{ "verbose",     KEY_VERBOSE,     NULL,   "say more" },
	{ "help",        KEY_HELP,        NULL,   "this text" },
	{ "version",     KEY_VERSION,     NULL,   "the version" },
	{ "seed",        KEY_SEED,        "N",    "sim: seed of all noise (1)" },
	{ "fault",       KEY_FAULT,       "SPEC", "sim: KIND[:NAME][=VALUE][@AT_S][+FOR_S]; may be repeated" },
	{ "sim-control", KEY_SIM_CONTROL, "PATH", "sim: a socket that takes fault specs and halts the clock" },
	{ "empty-seat",  KEY_EMPTY_SEAT,  NULL,   "sim: nobody sits there at first" },
	{ "trace",       KEY_TRACE,       "FILE", "sim: write every change of a pin" },
	{ "speed",       KEY_SPEED,       "N",    "sim: time passes at most N times as fast (1 ... 1000, or max)" },
};
// clang-format on

#define N_OPTIONS (sizeof(table) / sizeof(table[0]))

void options_usage(void)
{
	printf("Usage: chairguard [OPTION]...\n"
	       "Hold the motors of a massage chair, and let go of the person whatever happens.\n\n");
	for (size_t i = 0; i < N_OPTIONS; i++) {
		char left[32];

		snprintf(left, sizeof(left), "--%s%s%s", table[i].name,
			table[i].argument ? "=" : "", table[i].argument ? table[i].argument : "");
		printf("  %-20s %s\n", left, table[i].help);
	}
}

static int number_parse(const char *name, const char *text, int64_t min, int64_t max,
	int64_t *ret_value)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < min || value > max) {
		fprintf(stderr, "chairguard: --%s: %s is not a number from %lld to %lld\n", name,
			text, (long long)min, (long long)max);
		return -EINVAL;
	}
	*ret_value = value;
	return 0;
}

static int backend_parse(const char *name, bool *ret_simulated)
{
	if (strcmp(name, "sim") && strcmp(name, "gpiod")) {
		fprintf(stderr, "chairguard: --backend: %s is neither gpiod nor sim\n", name);
		return -EINVAL;
	}
	*ret_simulated = !strcmp(name, "sim");
	return 0;
}

static int fault_add(struct options *options, const char *spec)
{
	if (options->n_faults == OPTIONS_FAULTS_MAX) {
		fprintf(stderr, "chairguard: --fault: no more than %d\n", OPTIONS_FAULTS_MAX);
		return -EINVAL;
	}
	options->faults[options->n_faults++] = spec;
	return 0;
}

static int option_take(struct options *options, int key, const char *argument)
{
	int64_t number;
	int r;

	switch (key) {
	case KEY_CHAIR:
		options->chair_file = argument;
		return 0;
	case KEY_SOCKET:
		options->socket_path = argument;
		return 0;
	case KEY_BACKEND:
		return backend_parse(argument, &options->simulated);
	case KEY_SEED:
		r = number_parse("seed", argument, 0, INT64_MAX, &number);
		if (r == 0)
			options->seed = (uint64_t)number;
		return r;
	case KEY_SPEED:
		if (!strcmp(argument, "max")) {
			options->speed = 0;
			return 0;
		}
		return number_parse("speed", argument, 1, OPTIONS_SPEED_MAX, &options->speed);
	case KEY_FAULT:
		return fault_add(options, argument);
	case KEY_SIM_CONTROL:
		options->control_path = argument;
		return 0;
	case KEY_TRACE:
		options->trace_file = argument;
		return 0;
	case KEY_EMPTY_SEAT:
		options->empty_seat = true;
		return 0;
	case KEY_VERBOSE:
		options->verbose = true;
		return 0;
	case KEY_SAFE_OFF:
		options->task = TASK_SAFE_OFF;
		return 0;
	case KEY_CHECK:
		options->task = TASK_CHECK;
		return 0;
	case KEY_HELP:
		options->task = TASK_HELP;
		return 0;
	case KEY_VERSION:
		options->task = TASK_VERSION;
		return 0;
	default: // getopt_long has said what is wrong
		return -EINVAL;
	}
}

// What only makes sense with a simulated chair is refused with a real one.
static int options_check(const struct options *options)
{
	bool wants_sim = options->n_faults || options->control_path || options->trace_file ||
		options->empty_seat || options->speed != 1;

	if (wants_sim && !options->simulated) {
		fprintf(stderr,
			"chairguard: --fault, --sim-control, --trace, --empty-seat and --speed "
			"need --backend=sim\n");
		return -EINVAL;
	}
	return 0;
}

int options_parse(int argc, char *argv[], struct options *ret_options)
{
	struct option longs[N_OPTIONS + 1] = { 0 };
	struct options options = {
		.chair_file = OPTIONS_DEFAULT_CHAIR,
		.socket_path = WIRE_DEFAULT_SOCKET,
		.seed = 1,
		.speed = 1,
	};
	int key, r;

	for (size_t i = 0; i < N_OPTIONS; i++) {
		longs[i] = (struct option){ .name = table[i].name,
			.val = table[i].key,
			.has_arg = table[i].argument ? required_argument : no_argument };
	}
	while ((key = getopt_long(argc, argv, "c:s:vh", longs, NULL)) != -1) {
		r = option_take(&options, key, optarg);
		if (r < 0)
			return r;
	}
	if (optind < argc) {
		fprintf(stderr, "chairguard: what is %s?\n", argv[optind]);
		return -EINVAL;
	}
	r = options_check(&options);
	if (r < 0)
		return r;
	*ret_options = options;
	return 0;
}
