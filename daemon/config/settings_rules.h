// SPDX-License-Identifier: MIT
//
// Rules for the values of single settings, the same in a file and on a command line.
#ifndef CHAIRD_CONFIG_SETTINGS_RULES_H
#define CHAIRD_CONFIG_SETTINGS_RULES_H

#include <stdbool.h>

#include "config/problems.h"
#include "config/settings.h"

#define SETTING_FAULT_SIZE 400

// True if the value of a key can work: "host", "prefix", "username", "guard_socket", or any path.
// False: why not, and what to write, in ret_fault. "" is a value that is not set.
bool setting_check(const char *key, const char *value, char ret_fault[SETTING_FAULT_SIZE]);

// The key of a setting that needs another one, with the reason in ret_fault, or NULL.
const char *settings_check_pairs(const struct settings *settings,
	char ret_fault[SETTING_FAULT_SIZE]);

// True if a path is there and is what its key needs: a file that is not empty, a folder, the
// folder of a socket. What this user may not see counts as good, and so does a key without a
// path.
bool setting_check_path(const char *key, const char *path, char ret_fault[SETTING_FAULT_SIZE]);

// Option of a command line that overrides a setting.
struct setting_override {
	const char *option, *key;
	const char *value; // NULL: not given
	char *setting;     // a member of the settings, of SETTING_SIZE
};

// Put the options' values in the place of settings, and prove what options can break together. The
// port is an override, too, unless it is 0. False, with problems added that name the options, if
// a value cannot work; it leaves its setting as it was.
bool settings_override(struct settings *settings, const struct setting_override *overrides,
	size_t n, int port, struct problems *problems);

#endif
