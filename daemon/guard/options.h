// SPDX-License-Identifier: MIT
//
// Command line of chairguard.
#ifndef CHAIRD_GUARD_OPTIONS_H
#define CHAIRD_GUARD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "service/option_table.h"

#define OPTIONS_SPEED_MAX     1000
#define OPTIONS_DEFAULT_CHAIR "/etc/chaird/chair.cfg"

struct options {
	const char *chair_file, *socket_path;
	bool verbose;
	bool safe_off, check; // instead of running the loop; safe_off comes first
	// the simulated chair
	bool simulated, empty_seat;
	struct option_list faults;
	const char *control_path, *trace_file; // or NULL
	int64_t seed;                          // from 0
	int64_t speed; // 1 ... OPTIONS_SPEED_MAX times real time; 0: no bound
};

// 0; 1 after --help or --version; -EINVAL after an error, which is printed to stderr.
int options_parse(int argc, char *argv[], struct options *ret_options);

#endif
