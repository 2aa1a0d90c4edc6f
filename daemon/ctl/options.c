// SPDX-License-Identifier: MIT
#include "ctl/options.h"

#include <errno.h>
#include <getopt.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/library.h"
#include "ctl/terminal.h"

#define DAEMON_PASSWORD "/etc/chaird/mqtt-password" // LoadCredential in systemd/chaird.service

// The values of the common flags; NULL and 0 where not given.
struct common {
	const char *config, *host, *prefix, *id, *username, *password_file, *chair, *profiles;
	int64_t port;
};

static size_t add_common(struct flag *flags, unsigned common, struct common *values,
	struct options *options)
{
	const struct flag broker[] = {
		{ "host", 'H', FLAG_TEXT, &values->host, "HOST", "the broker (localhost)", 0, 0 },
		{ "port", 'p', FLAG_INTEGER, &values->port, "PORT", "its port (1883)", 1, 65535 },
		{ "prefix", 0, FLAG_TEXT, &values->prefix, "TOPIC", "first topic level (chair)", 0,
			0 },
		{ "id", 'i', FLAG_TEXT, &values->id, "ID", "the chair (the id in its file)", 0, 0 },
		{ "username", 'u', FLAG_TEXT, &values->username, "NAME", "for the broker", 0, 0 },
		{ "password-file", 0, FLAG_TEXT, &values->password_file, "FILE",
			"holds the broker's password", 0, 0 },
		{ "timeout", 't', FLAG_NUMBER, &options->timeout_s, "SECONDS",
			"longest wait for an answer (5)", 0.1, 600 },
	};
	const struct flag library[] = {
		{ "profiles", 0, FLAG_TEXT, &values->profiles, "DIR",
			"holds atlas/, pathways/ and sessions/", 0, 0 },
	};
	const struct flag both[] = {
		{ "chair", 0, FLAG_TEXT, &values->chair, "FILE", "the chair's description", 0, 0 },
		{ "config", 'c', FLAG_TEXT, &values->config, "FILE",
			"settings (~/" OPTIONS_OWN_CONFIG ", or\n"
			"                                 " OPTIONS_DEFAULT_CONFIG ")",
			0, 0 },
	};
	size_t n = 0;

	for (size_t i = 0; (common & COMMON_BROKER) && i < sizeof(broker) / sizeof(*broker); i++)
		flags[n++] = broker[i];
	for (size_t i = 0; (common & COMMON_LIBRARY) && i < sizeof(library) / sizeof(*library); i++)
		flags[n++] = library[i];
	for (size_t i = 0; common && i < sizeof(both) / sizeof(*both); i++)
		flags[n++] = both[i];
	return n;
}

static void print_flag(const char *name, char letter, const char *argument, const char *help)
{
	char left[64];

	snprintf(left, sizeof(left), "--%s%s%s", name, argument ? "=" : "",
		argument ? argument : "");
	if (letter)
		printf("  -%c, %-26s %s\n", letter, left, help);
	else
		printf("      %-26s %s\n", left, help);
}

static void print_help(const struct subcommand *subcommand, const struct flag *flags)
{
	printf("usage: chairctl %s [OPTION]...%s%s\n\n%s.\n", subcommand->name,
		*subcommand->operands ? " " : "", subcommand->operands, subcommand->summary);
	if (*subcommand->details)
		printf("\n%s\n", subcommand->details);
	printf("\n");
	for (; flags->name; flags++)
		print_flag(flags->name, flags->letter, flags->argument, flags->help);
	print_flag("help", 'h', NULL, "this text");
}

static int parse_number(const struct flag *flag, const char *text, double *ret)
{
	char *end;
	double value;

	errno = 0;
	value = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(value) || value < flag->min ||
		value > flag->max || (flag->type == FLAG_INTEGER && value != floor(value)))
		return -EINVAL;
	*ret = value;
	return 0;
}

static int store(const struct flag *flag, const char *text)
{
	struct flag_list *list = flag->value;
	double number;

	switch (flag->type) {
	case FLAG_SWITCH:
		*(bool *)flag->value = true;
		return 0;
	case FLAG_TEXT:
		*(const char **)flag->value = text;
		return 0;
	case FLAG_NUMBER:
	case FLAG_INTEGER:
		if (parse_number(flag, text, &number) < 0) {
			terminal_error("usage", NULL, "--%s: \"%s\" is not %s (%.15g ... %.15g)",
				flag->name, text,
				flag->type == FLAG_INTEGER ? "a whole number in range"
							   : "a number in range",
				flag->min, flag->max);
			return -EINVAL;
		}
		if (flag->type == FLAG_INTEGER)
			*(int64_t *)flag->value = (int64_t)number;
		else
			*(double *)flag->value = number;
		return 0;
	case FLAG_LIST:
		if (list->n == FLAG_LIST_SIZE) {
			terminal_error("usage", NULL, "--%s: given more than %d times", flag->name,
				FLAG_LIST_SIZE);
			return -EINVAL;
		}
		list->items[list->n++] = text;
		return 0;
	}
	return -EINVAL;
}

int options_parse_flags(const struct subcommand *subcommand, const struct flag *flags, int argc,
	char *argv[], int *ret_operands)
{
	enum { FIRST = 256 }; // above every letter
	struct option longs[FLAGS_MAX + 2] = { 0 };
	char shorts[2 * FLAGS_MAX + 4] = "h", *s = shorts + 1;
	size_t n = 0;
	int c;

	for (; flags[n].name && n < FLAGS_MAX; n++) {
		longs[n] = (struct option){ flags[n].name,
			flags[n].type == FLAG_SWITCH ? no_argument : required_argument, NULL,
			FIRST + (int)n };
		if (flags[n].letter) {
			*s++ = flags[n].letter;
			if (flags[n].type != FLAG_SWITCH)
				*s++ = ':';
		}
	}
	longs[n] = (struct option){ "help", no_argument, NULL, 'h' };
	optind = 0; // getopt starts afresh
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		size_t i = 0;

		if (c == 'h') {
			print_help(subcommand, flags);
			return 1;
		}
		if (c == '?')
			return -EINVAL;
		while (i < n && c != FIRST + (int)i && c != flags[i].letter)
			i++;
		if (store(&flags[i], optarg) < 0)
			return -EINVAL;
	}
	*ret_operands = optind;
	return 0;
}

const char *options_library(const struct options *options, const char *file, char buf[PATH_MAX])
{
	char atlas[PATH_MAX + 8];

	if (!options->profiles && file && realpath(file, buf)) {
		char *dir = dirname(dirname(buf));

		snprintf(atlas, sizeof(atlas), "%s/atlas", dir);
		if (access(atlas, X_OK) == 0)
			return dir;
	}
	return options->settings.profiles_dir;
}

static void override(char setting[SETTING_SIZE], const char *value)
{
	if (value)
		snprintf(setting, SETTING_SIZE, "%s", value);
}

void options_print_problems(FILE *stream, const struct problems *problems)
{
	char line[1024];

	for (size_t i = 0; i < problems->n; i++) {
		problem_format(&problems->list[i], line, sizeof(line));
		fprintf(stream, "%s\n", line);
	}
	if (problems->dropped > 0)
		fprintf(stream, "and %zu more\n", problems->dropped);
}

void options_find_password(struct settings *settings, const char *root)
{
	char file[SETTING_SIZE];

	if (!*settings->broker.username || *settings->broker.password_file ||
		snprintf(file, sizeof(file), "%s%s", root, DAEMON_PASSWORD) >= (int)sizeof(file))
		return;
	if (access(file, R_OK) == 0)
		memcpy(settings->broker.password_file, file, sizeof(file));
}

// Who drives a chair day by day has settings of his own; the system's are the controller's.
static const char *default_config(char buf[PATH_MAX])
{
	const char *home = getenv("HOME");

	if (!home)
		return OPTIONS_DEFAULT_CONFIG;
	snprintf(buf, PATH_MAX, "%s/" OPTIONS_OWN_CONFIG, home);
	return access(buf, R_OK) == 0 ? buf : OPTIONS_DEFAULT_CONFIG;
}

static int load_settings(const struct common *common, struct settings *settings)
{
	struct problems problems = { 0 };
	char own[PATH_MAX];
	int r;

	settings_default(settings);
	r = settings_load(common->config ? common->config : default_config(own), &problems,
		settings);
	if (r == -ENOENT && !common->config)
		r = 0; // nobody asked for the default file
	else if (r < 0)
		options_print_problems(stderr, &problems);
	problems_clear(&problems);
	if (r < 0)
		return r;
	override(settings->broker.host, common->host);
	override(settings->broker.prefix, common->prefix);
	override(settings->broker.username, common->username);
	override(settings->broker.password_file, common->password_file);
	if (!common->username)
		options_find_password(settings, "");
	override(settings->chair_file, common->chair);
	override(settings->profiles_dir, common->profiles);
	if (common->port)
		settings->broker.port = (int)common->port;
	return 0;
}

// The chair's id: as given, or as its file says.
static int find_id(const char *given, const char *chair_file, char ret_id[NAME_SIZE])
{
	struct problems problems = { 0 };
	struct chair chair;
	int r;

	if (given) {
		if (strspn(given, "abcdefghijklmnopqrstuvwxyz0123456789_-") != strlen(given) ||
			!*given || strlen(given) >= NAME_SIZE) {
			terminal_error("usage", NULL,
				"--id: \"%s\" is not a chair's id ([a-z0-9_-]+)", given);
			return -EINVAL;
		}
		snprintf(ret_id, NAME_SIZE, "%s", given);
		return 0;
	}
	r = chair_load(chair_file, &problems, &chair);
	if (r == 0) {
		snprintf(ret_id, NAME_SIZE, "%s", chair.id);
	} else {
		options_print_problems(stderr, &problems);
		terminal_error("usage", "name the chair with --id, or its file with --chair",
			"which chair?");
	}
	problems_clear(&problems);
	return r;
}

bool options_parse(const struct subcommand *subcommand, const struct flag *flags, int argc,
	char *argv[], struct options *ret_options, int *ret_exit)
{
	struct options options = { .timeout_s = 5 };
	struct common common = { 0 };
	struct flag all[FLAGS_MAX + 1] = { 0 };
	size_t n = 0;
	int operands, r;

	while (flags[n].name) {
		all[n] = flags[n];
		n++;
	}
	add_common(all + n, subcommand->common, &common, &options);

	*ret_exit = EXIT_USAGE;
	r = options_parse_flags(subcommand, all, argc, argv, &operands);
	if (r == 1)
		*ret_exit = EXIT_OK;
	if (r != 0)
		return false;
	options.operands = argv + operands;
	options.n_operands = argc - operands;
	if (options.n_operands < subcommand->operands_min ||
		options.n_operands > subcommand->operands_max) {
		fprintf(stderr, "usage: chairctl %s [OPTION]...%s%s\n", subcommand->name,
			*subcommand->operands ? " " : "", subcommand->operands);
		return false;
	}
	if (subcommand->common && load_settings(&common, &options.settings) < 0)
		return false;
	if ((subcommand->common & COMMON_BROKER) &&
		find_id(common.id, options.settings.chair_file, options.id) < 0)
		return false;
	options.chair = common.chair;
	options.profiles = common.profiles;
	*ret_options = options;
	return true;
}
