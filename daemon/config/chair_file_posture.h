// SPDX-License-Identifier: MIT
//
// Loader of how a recline's or an extension's position and ends are known.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_POSTURE_H
#define CHAIRD_CONFIG_CHAIR_FILE_POSTURE_H

#include "config/reader.h"
#include "core/chair.h"

// Check that its ends are found by two contacts, a pot, pulses or time, and that these go together.
// Nothing for other kinds. The actuator's keys, lines and drive have been read.
void posture_read(struct reader *reader, const struct config_setting_t *group,
	const struct config_setting_t *lines, struct actuator *actuator);

// Report a part that an actuator before this one is already.
void posture_check_part(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, const struct actuator *actuator);

#endif
