// SPDX-License-Identifier: MIT
//
// Loader of how a chair file's actuator is driven: by a bridge with or without an enable input, or
// by a relay.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_DRIVE_H
#define CHAIRD_CONFIG_CHAIR_FILE_DRIVE_H

#include "config/reader.h"
#include "core/chair.h"

// Read `drive`, and check that it, the lines and the keys of a relay go together. The actuator's
// other keys and its lines have been read.
void drive_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator);

#endif
