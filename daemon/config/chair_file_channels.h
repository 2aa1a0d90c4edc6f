// SPDX-License-Identifier: MIT
//
// Loader of the kernel IIO channels that measure a current, a temperature or a position.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_CHANNELS_H
#define CHAIRD_CONFIG_CHAIR_FILE_CHANNELS_H

#include "config/reader.h"
#include "core/chair.h"

// Read `current`, `thermistor` and `pot`, and check the temperatures of a heater. The actuator's
// other keys have been read.
void channels_read(struct reader *reader, const struct config_setting_t *group,
	struct actuator *actuator);

// Report a device that is given by its number. For the force sensor, too.
void channel_check_device(struct reader *reader, const struct config_setting_t *group,
	const char *device);

#endif
