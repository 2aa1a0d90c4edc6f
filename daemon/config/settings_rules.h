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

// Put the value of a command line's option in the place of a setting; NULL leaves it as it is.
// False, with a problem added that names the option, if it cannot work.
bool setting_override(const char *option, const char *key, const char *value,
	char setting[SETTING_SIZE], struct problems *problems);

#endif
