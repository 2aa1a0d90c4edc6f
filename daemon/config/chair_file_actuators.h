// SPDX-License-Identifier: MIT
//
// Loader of a chair file's actuators.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_ACTUATORS_H
#define CHAIRD_CONFIG_CHAIR_FILE_ACTUATORS_H

#include "config/reader.h"
#include "core/chair.h"

// A wrong reference that has been reported: no further problem is added for it. -1 means none.
#define REFERENCE_WRONG (-2)

// Read all actuators, then their references to each other. Actuator i is always element i of the
// list; its kind is ACTUATOR_KIND_COUNT if the file gives no valid one.
void actuators_read(struct reader *reader, const struct config_setting_t *list,
	struct chair *chair);

// The index of the actuator of that name, or -1 with a problem at the setting.
int actuator_named(struct reader *reader, const struct config_setting_t *setting, const char *name,
	const struct chair *chair);

#endif
