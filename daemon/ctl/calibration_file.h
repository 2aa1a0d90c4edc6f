// SPDX-License-Identifier: MIT
//
// A calibration table in a chair file: only the table's lines change.
#ifndef CHAIRD_CTL_CALIBRATION_FILE_H
#define CHAIRD_CTL_CALIBRATION_FILE_H

#include "ctl/fit.h"

// Write the table of the actuator of that index in the file, with the date and the difference of
// each reading to it as a comment within the table, which the next one replaces. The new text is
// proved to be a valid chair before it replaces the old one, which is kept as FILE.bak. An exit
// code, after printing an error: then nothing has changed.
int calibration_file_write(const char *file, int actuator, const struct calibration *table,
	const struct fit_point *points, size_t n);

#endif
