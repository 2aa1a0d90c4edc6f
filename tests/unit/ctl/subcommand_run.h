// SPDX-License-Identifier: MIT
//
// A subcommand run in this process, and what it writes.
#ifndef CHAIRD_TESTS_UNIT_CTL_SUBCOMMAND_RUN_H
#define CHAIRD_TESTS_UNIT_CTL_SUBCOMMAND_RUN_H

#include "ctl/subcommand.h"

#define SUBCOMMAND_OUTPUT_SIZE 65536
#define SUBCOMMAND_ARGS_MAX    12

struct subcommand_output {
	char out[SUBCOMMAND_OUTPUT_SIZE], errors[SUBCOMMAND_OUTPUT_SIZE];
};

// Run it with arguments, NULL behind the last; `typed` is its standard input, NULL: this one's.
// Returns the exit code.
int subcommand_run(const struct subcommand *subcommand, const char *const args[], const char *typed,
	struct subcommand_output *ret_output);

#endif
