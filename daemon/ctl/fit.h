// SPDX-License-Identifier: MIT
//
// Calibration table from measured forces: a monotone fit by least squares (pool adjacent violators:
// Ayer et al. 1955). Pure.
#ifndef CHAIRD_CTL_FIT_H
#define CHAIRD_CTL_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/chair.h"

// One reading.
struct fit_point {
	double drive_permille, force_n;
};

#define FIT_POINTS_MAX (CALIBRATION_POINTS_MAX - 1) // the table may begin with one more

// Fit a table to readings of rising drive: readings that fall are pooled to their mean. It begins
// with the drive that presses with no force: the last one below FIT_NO_FORCE_N, or else where the
// line through the first two pairs meets zero. False: there are not two pairs of rising force.
#define FIT_NO_FORCE_N 0.5
bool fit_table(const struct fit_point *points, size_t n, struct calibration *ret_table);

// Reading minus table at that drive, in N.
double fit_residual(const struct calibration *table, const struct fit_point *point);

#endif
