// SPDX-License-Identifier: MIT
//
// A recording as a table: comma-separated values, one row for each sample, below a header. An
// empty field: not known. The columns are described in chairctl(1), CSV.
#ifndef CHAIRD_CTL_RECORDING_CSV_H
#define CHAIRD_CTL_RECORDING_CSV_H

#include <stdio.h>

#include "ctl/recording.h"

// 0. Errors of the stream are left to the caller (ferror).
int recording_csv(const struct recording *recording, FILE *stream);

#endif
