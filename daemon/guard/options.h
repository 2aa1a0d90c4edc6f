// SPDX-License-Identifier: MIT
//
// The command line of chairguard.
#ifndef CHAIRD_GUARD_OPTIONS_H
#define CHAIRD_GUARD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OPTIONS_FAULTS_MAX    32
#define OPTIONS_SPEED_MAX     1000
#define OPTIONS_DEFAULT_CHAIR "/etc/chaird/chair.cfg"

enum options_task { TASK_RUN, TASK_SAFE_OFF, TASK_CHECK, TASK_HELP, TASK_VERSION };

struct options {
	enum options_task task;
	const char *chair_file, *socket_path;
	bool verbose;
	// the simulated chair
	bool simulated, empty_seat;
	const char *faults[OPTIONS_FAULTS_MAX];
	size_t n_faults;
	const char *control_path, *trace_file; // or NULL
	uint64_t seed;
	int64_t speed; // 1 ... OPTIONS_SPEED_MAX times real time; 0: no bound
};

// 0, or -EINVAL after saying on stderr what is wrong.
int options_parse(int argc, char *argv[], struct options *ret_options);
void options_usage(void); // on stdout

#endif
