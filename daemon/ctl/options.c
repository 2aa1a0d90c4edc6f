// SPDX-License-Identifier: MIT
#include "ctl/options.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/library.h"
#include "config/settings_rules.h"
#include "ctl/terminal.h"

#define PROGRAM         "chairctl: "
#define DAEMON_PASSWORD "/etc/chaird/mqtt-password" // LoadCredential in systemd/chaird.service

// Values of the common options; NULL or 0 if not given.
struct common {
	const char *config, *host, *prefix, *id, *username, *password_file, *chair, *profiles;
	const char *person, *persons;
	int64_t port;
};

static const struct option_row *end_of(const struct option_row *rows)
{
	while (rows->name)
		rows++;
	return rows;
}

// Append rows to a table of OPTION_ROWS_MAX; both end with a NULL name.
static void append(struct option_row *table, const struct option_row *rows)
{
	struct option_row *end = table + (end_of(table) - table);

	memcpy(end, rows, (size_t)(end_of(rows) - rows) * sizeof(*rows));
}

static void append_common(struct option_row *table, unsigned common, struct common *values,
	struct options *options)
{
	const struct option_row broker[] = {
		{ "host", 'H', OPTION_TEXT, &values->host, "HOST", "broker (localhost)", 0, 0 },
		{ "port", 'p', OPTION_INTEGER, &values->port, "PORT", "port of the broker (1883)",
			1, 65535 },
		{ "prefix", 0, OPTION_TEXT, &values->prefix, "TOPIC", "first topic level (chair)",
			0, 0 },
		{ "id", 'i', OPTION_TEXT, &values->id, "ID",
			"id of the chair (the id in its description)", 0, 0 },
		{ "username", 'u', OPTION_TEXT, &values->username, "NAME",
			"user name at the broker", 0, 0 },
		{ "password-file", 0, OPTION_TEXT, &values->password_file, "FILE",
			"holds the broker's password", 0, 0 },
		{ "timeout", 't', OPTION_NUMBER, &options->timeout_s, "SECONDS",
			"longest wait for an answer (5)", 0.1, 600 },
		{ 0 },
	};
	const struct option_row library[] = {
		{ "profiles", 0, OPTION_TEXT, &values->profiles, "DIR",
			"holds atlas/, pathways/ and sessions/", 0, 0 },
		{ 0 },
	};
	const struct option_row person[] = {
		{ "person", 'P', OPTION_TEXT, &values->person, "NAME",
			"whose body, limits and closed points count", 0, 0 },
		{ 0 },
	};
	const struct option_row persons[] = {
		{ "persons", 0, OPTION_TEXT, &values->persons, "FILE",
			"people by name (persons_file of the settings)", 0, 0 },
		{ 0 },
	};
	const struct option_row both[] = {
		{ "chair", 0, OPTION_TEXT, &values->chair, "FILE", "chair description", 0, 0 },
		{ "config", 'c', OPTION_TEXT, &values->config, "FILE",
			"settings (~/" OPTIONS_OWN_CONFIG ", or\n" OPTIONS_DEFAULT_CONFIG ")", 0,
			0 },
		{ 0 },
	};

	if (common & COMMON_BROKER)
		append(table, broker);
	if (common & COMMON_LIBRARY)
		append(table, library);
	if (common & COMMON_PERSON)
		append(table, person);
	if (common & (COMMON_PERSON | COMMON_PERSONS))
		append(table, persons);
	if (common)
		append(table, both);
}

static bool has_atlas(const char *dir)
{
	char atlas[PATH_MAX + 8];

	snprintf(atlas, sizeof(atlas), "%s/atlas", dir);
	return access(atlas, X_OK) == 0;
}

// The folder above the one that the file lies in, if it is a library; else NULL.
static const char *library_around(const char *file, char buf[PATH_MAX])
{
	const char *dir;

	if (!file || !realpath(file, buf))
		return NULL;
	dir = dirname(dirname(buf));
	return has_atlas(dir) ? dir : NULL;
}

const char *options_library(const struct options *options, const char *file, char buf[PATH_MAX])
{
	const char *usual = options->settings.profiles_dir;
	const char *dir;

	if (options->profiles)
		return usual;
	if ((dir = library_around(file, buf)) || (dir = library_around(options->chair, buf)))
		return dir;
	return !has_atlas(usual) && has_atlas(OPTIONS_NEAR_LIBRARY) ? OPTIONS_NEAR_LIBRARY : usual;
}

void options_print_missing(const struct options *options, const char *dir)
{
	const char *chair = options->settings.chair_file;

	if (!has_atlas(dir))
		terminal_error("library",
			"it is a folder with atlas/, pathways/ and sessions/: name it with "
			"--profiles, or as profiles_dir in ~/" OPTIONS_OWN_CONFIG,
			"%s has no atlas", dir);
	if (access(chair, F_OK) < 0)
		terminal_error("chair",
			"name its description with --chair, or as chair_file in "
			"~/" OPTIONS_OWN_CONFIG,
			"there is no %s", chair);
}

static void print_line(void *stream, const char *line)
{
	fprintf(stream, "%s\n", line);
}

void options_print_problems(FILE *stream, const struct problems *problems)
{
	problems_report(problems, print_line, stream);
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

// A user's own settings come first; those of the system are the controller's.
static const char *default_config(char buf[PATH_MAX])
{
	const char *home = getenv("HOME");

	if (!home)
		return OPTIONS_DEFAULT_CONFIG;
	snprintf(buf, PATH_MAX, "%s/" OPTIONS_OWN_CONFIG, home);
	return access(buf, R_OK) == 0 ? buf : OPTIONS_DEFAULT_CONFIG;
}

// The command line on top of the file's settings. False, with problems added, if they cannot work.
static bool apply_common(const struct common *common, struct settings *settings,
	struct problems *problems)
{
	const struct setting_override overrides[] = {
		{ PROGRAM "--host", "host", common->host, settings->broker.host },
		{ PROGRAM "--prefix", "prefix", common->prefix, settings->broker.prefix },
		{ PROGRAM "--username", "username", common->username, settings->broker.username },
		{ PROGRAM "--password-file", "password_file", common->password_file,
			settings->broker.password_file },
		{ PROGRAM "--chair", "chair_file", common->chair, settings->chair_file },
		{ PROGRAM "--profiles", "profiles_dir", common->profiles, settings->profiles_dir },
		{ PROGRAM "--persons", "persons_file", common->persons, settings->persons_file },
	};
	char fault[SETTING_FAULT_SIZE];

	if (!settings_override(settings, overrides, sizeof(overrides) / sizeof(overrides[0]),
		    (int)common->port, problems))
		return false;
	if (common->password_file && settings_check_pairs(settings, fault)) {
		problems_add(problems, PROGRAM "--password-file", 0, "", "goes with --username");
		return false;
	}
	return true;
}

static int load_settings(const struct common *common, struct settings *settings)
{
	struct problems problems = { 0 };
	char own[PATH_MAX];
	int r;

	settings_default(settings);
	r = settings_load(common->config ? common->config : default_config(own), &problems,
		settings);
	if (r == -ENOENT && !common->config) {
		problems_clear(&problems); // the default file is optional
		r = 0;
	}
	if (!apply_common(common, settings, &problems))
		r = -EINVAL;
	if (r < 0)
		options_print_problems(stderr, &problems);
	problems_clear(&problems);
	if (r == 0 && !common->username)
		options_find_password(settings, "");
	return r;
}

// Id of the chair: as given, or from its description.
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

int options_find_id(struct options *options)
{
	return find_id(options->given_id, options->settings.chair_file, options->id);
}

// 0, with the operands in *options; 1 after --help; -EINVAL after an error, which is printed.
static int parse_table(const struct subcommand *subcommand, const struct option_row *rows, int argc,
	char *argv[], struct common *common, struct options *options)
{
	struct option_row all[OPTION_ROWS_MAX + 1] = { 0 };
	char program[64];
	const struct option_table table = {
		.program = program,
		.operands = subcommand->operands,
		.summary = subcommand->summary,
		.details = subcommand->details,
		.example = subcommand->example,
		.rows = all,
	};
	int operands, r;

	if (rows)
		append(all, rows);
	append_common(all, subcommand->common, common, options);
	snprintf(program, sizeof(program), "chairctl %s", subcommand->name);
	r = option_table_parse(&table, argc, argv, &operands);
	if (r != 0)
		return r;
	options->operands = argv + operands;
	options->n_operands = argc - operands;
	if (options->n_operands >= subcommand->operands_min &&
		options->n_operands <= subcommand->operands_max)
		return 0;
	fprintf(stderr, "Usage: %s [OPTION]... %s\n", program, subcommand->operands);
	return -EINVAL;
}

bool options_parse(const struct subcommand *subcommand, const struct option_row *rows, int argc,
	char *argv[], struct options *ret_options, int *ret_exit)
{
	struct options options = { .timeout_s = 5 };
	struct common common = { 0 };
	int r = parse_table(subcommand, rows, argc, argv, &common, &options);

	*ret_exit = r == 1 ? EXIT_OK : EXIT_USAGE;
	if (r != 0)
		return false;
	if (subcommand->common && load_settings(&common, &options.settings) < 0)
		return false;
	options.given_id = common.id;
	if ((subcommand->common & COMMON_BROKER) && !(subcommand->common & COMMON_ID_LATER) &&
		options_find_id(&options) < 0)
		return false;
	options.chair = common.chair;
	options.profiles = common.profiles;
	options.person = common.person;
	options.persons = common.persons;
	*ret_options = options;
	return true;
}
