// SPDX-License-Identifier: MIT
//
// The part of a chair file that says what moves.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_ACTUATORS_H
#define CHAIRD_CONFIG_CHAIR_FILE_ACTUATORS_H

#include "config/reader.h"
#include "core/chair.h"

// A reference that was wrong, and told so: nothing more is to be said of it. -1 means none.
#define REFERENCE_WRONG (-2)

// All actuators, and then what they say of each other. Actuator i is element i of the list,
// whatever is wrong with it; where its kind is not known it is ACTUATOR_KIND_COUNT.
void actuators_read(struct reader *reader, const struct config_setting_t *list,
	struct chair *chair);

// The actuator of that name, or -1 with a problem at the setting.
int actuator_named(struct reader *reader, const struct config_setting_t *setting, const char *name,
	const struct chair *chair);

#endif
