// SPDX-License-Identifier: MIT
//
// The readings of a calibration: a press or cell is driven in steps by jogs (jog.h), each for so
// long that the force has settled, and is released after each.
//
// The guard keeps every ceiling, and may limit a drive: then the reading counts for the drive that
// it applied. Whatever ends this program, the chair releases, as the heartbeat lapses.
#ifndef CHAIRD_CTL_CALIBRATION_RUN_H
#define CHAIRD_CTL_CALIBRATION_RUN_H

#include "ctl/fit.h"
#include "ctl/request.h"

struct calibration_run {
	struct broker *broker;
	const struct options *options;
	const char *actuator;
	int drive_max_permille; // no step is higher
	bool by_sensor;         // force from telemetry; otherwise typed at the terminal
};

// EXIT_OK with the readings; or an exit code after printing the error. Blocks signals.
int calibration_run(const struct calibration_run *run, struct fit_point ret_points[FIT_POINTS_MAX],
	size_t *ret_n);

#endif
