// SPDX-License-Identifier: MIT
//
// The part of a chair file that names lines.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_LINES_H
#define CHAIRD_CONFIG_CHAIR_FILE_LINES_H

#include "config/reader.h"
#include "core/chair.h"

// Read one line's group, of this role, and add it to the chair. Its index, or -1 with a problem.
int line_read(struct reader *reader, const struct config_setting_t *group, enum line_role role,
	int actuator, struct chair *chair);

// The charge pump's line is one with a frequency.
int line_read_enable(struct reader *reader, const struct config_setting_t *group,
	struct chair *chair);

// The `lines` of actuator `index`, whose kind is known.
void line_read_all(struct reader *reader, const struct config_setting_t *lines, int index,
	struct chair *chair);

#endif
