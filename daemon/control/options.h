// SPDX-License-Identifier: MIT
//
// The command line.
#ifndef CHAIRD_CONTROL_OPTIONS_H
#define CHAIRD_CONTROL_OPTIONS_H

#include <stdbool.h>

#define DEFAULT_CONFIG "/etc/chaird/chaird.cfg"

struct options {
	const char *config; // NULL: DEFAULT_CONFIG, which may be absent
	const char *chair, *profiles, *socket, *host, *prefix; // NULL: as in the settings
	long port;                                             // 0: as in the settings
	bool verbose, check;
};

// True to go on; false to end with *ret_exit (--help, --version, a mistake).
bool options_parse(int argc, char *argv[], struct options *ret_options, int *ret_exit);

#endif
