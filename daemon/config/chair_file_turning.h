// SPDX-License-Identifier: MIT
//
// Loader of what supervises a motor that turns round and round, and a press with pulses: its
// pulses, position contacts and lock signal, and the times that belong to them.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_TURNING_H
#define CHAIRD_CONFIG_CHAIR_FILE_TURNING_H

#include "config/reader.h"
#include "core/chair.h"

// Check that lines and times go together, and clear the ceilings that do not apply without their
// lines. The actuator's keys and lines have been read.
void turning_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator);

#endif
