// SPDX-License-Identifier: MIT
//
// Command line of chaird.
#ifndef CHAIRD_CONTROL_OPTIONS_H
#define CHAIRD_CONTROL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#define DEFAULT_CONFIG "/etc/chaird/chaird.cfg"

struct options {
	const char *config; // NULL: DEFAULT_CONFIG, which may be absent
	const char *chair, *profiles, *socket, *host, *prefix; // NULL: as in the settings
	int64_t port;                                          // 0: as in the settings
	bool verbose, check;
};

// 0; 1 after --help or --version; -EINVAL after an error, which is printed to stderr.
int options_parse(int argc, char *argv[], struct options *ret_options);

#endif
