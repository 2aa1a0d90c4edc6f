// SPDX-License-Identifier: MIT
//
// Command line of chairctl: the options of a subcommand and those that subcommands share.
#ifndef CHAIRD_CTL_OPTIONS_H
#define CHAIRD_CTL_OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "config/settings.h"
#include "core/units.h"
#include "ctl/subcommand.h"
#include "service/option_table.h"

#define OPTIONS_DEFAULT_CONFIG "/etc/chaird/chaird.cfg"
#define OPTIONS_NEAR_LIBRARY   "profiles"
#define OPTIONS_OWN_CONFIG     ".config/chairctl.cfg" // in the user's home; comes first

// Result for the subcommand.
struct options {
	struct settings settings; // chaird.cfg, overridden by the command line
	char id[NAME_SIZE];       // of the chair, with COMMON_BROKER; "": not found yet
	const char *given_id;     // --id; NULL: not given
	double timeout_s;         // for an answer
	const char *chair;        // --chair; NULL: not given
	const char *profiles;     // --profiles; NULL: not given
	const char *person;       // --person; NULL: not given
	const char *persons;      // --persons; NULL: not given
	char **operands;
	int n_operands;
};

// Parse argv by the subcommand's own rows, which may be NULL, and the common ones. False: exit with
// *ret_exit; help has been printed to stdout, or an error to stderr.
bool options_parse(const struct subcommand *subcommand, const struct option_row *rows, int argc,
	char *argv[], struct options *ret_options, int *ret_exit);

// With COMMON_ID_LATER: find the id of the chair. -EINVAL after an error, which is printed.
int options_find_id(struct options *options);

// Library that belongs to a file: --profiles; or the first of these that has an atlas/: the folder
// above that of the file, the same of --chair, profiles_dir of the settings, profiles/ in the
// present directory, as in a checkout; or profiles_dir if none has. file may be NULL. Returns a
// string in buf, in options, or a constant.
const char *options_library(const struct options *options, const char *file, char buf[PATH_MAX]);

// Print what to do about a library without an atlas, and about a chair that is not there.
void options_print_missing(const struct options *options, const char *dir);

// If the settings name a user and no password file, use the file of chaird's credential, if it is
// readable. root: before its path.
void options_find_password(struct settings *settings, const char *root);

// Print each problem on a line.
void options_print_problems(FILE *stream, const struct problems *problems);

#endif
