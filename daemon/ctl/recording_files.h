// SPDX-License-Identifier: MIT
//
// Files that subcommands write from a recording: its picture and its table.
#ifndef CHAIRD_CTL_RECORDING_FILES_H
#define CHAIRD_CTL_RECORDING_FILES_H

#include "ctl/recording.h"

// Write the files that are named; NULL: not that one. EXIT_OK, or an exit code after printing the
// error.
int recording_write(const struct recording *recording, const char *svg, const char *csv);

#endif
