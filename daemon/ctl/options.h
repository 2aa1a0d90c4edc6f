// SPDX-License-Identifier: MIT
//
// Command lines: the flags of a subcommand beside the ones that all share, --help made from both.
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

#define OPTIONS_DEFAULT_CONFIG "/etc/chaird/chaird.cfg"
#define OPTIONS_OWN_CONFIG     ".config/chairctl.cfg" // in the user's home; comes first
#define FLAGS_MAX              24                     // of one subcommand, with the common ones
#define FLAG_LIST_SIZE         64

enum flag_type {
	FLAG_SWITCH,  // bool: given or not
	FLAG_TEXT,    // const char *: not copied
	FLAG_NUMBER,  // double: finite, min ... max
	FLAG_INTEGER, // int64_t: min ... max
	FLAG_LIST,    // struct flag_list: may be given again and again
};

struct flag_list {
	const char *items[FLAG_LIST_SIZE];
	size_t n;
};

// One long option and where its value goes. A table ends with a NULL name.
struct flag {
	const char *name;
	char letter; // or 0
	enum flag_type type;
	void *value;
	const char *argument; // what --help calls the value; NULL for a switch
	const char *help;
	double min, max; // NUMBER, INTEGER
};

// What every subcommand that asks for it gets.
struct options {
	struct settings settings; // chaird.cfg, the command line on top
	char id[NAME_SIZE];       // COMMON_BROKER: the chair's
	double timeout_s;         // for an answer
	const char *chair;        // --chair; NULL where not given
	const char *profiles;     // --profiles; NULL where not given
	char **operands;
	int n_operands;
};

// Read argv. True: go on with *ret_options filled in. False: leave with *ret_exit; what there is
// to say has been said (help on stdout, complaints on stderr).
bool options_parse(const struct subcommand *subcommand, const struct flag *flags, int argc,
	char *argv[], struct options *ret_options, int *ret_exit);

// The flags alone: 0 with the index of the first operand in *ret_operands; 1 where --help was
// asked for; -EINVAL where something was complained about.
int options_parse_flags(const struct subcommand *subcommand, const struct flag *flags, int argc,
	char *argv[], int *ret_operands);

// The library that goes with a file: --profiles; else the folder above the one that the file lies
// in, where there is an atlas in it; else the one of the settings. file may be NULL. Returns buf
// or a string in options.
const char *options_library(const struct options *options, const char *file, char buf[PATH_MAX]);

// Where the settings name a user and no password file: the one that systemd hands chaird, if it may
// be read. root: before its path.
void options_find_password(struct settings *settings, const char *root);

// All of them on a stream, a line each.
void options_print_problems(FILE *stream, const struct problems *problems);

#endif
