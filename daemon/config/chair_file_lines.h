// SPDX-License-Identifier: MIT
//
// Loader of a chair file's lines.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_LINES_H
#define CHAIRD_CONFIG_CHAIR_FILE_LINES_H

#include "config/reader.h"
#include "core/chair.h"

// Read the group of one line with this role and add it to the chair. Its index, or -1 with a
// problem.
int line_read(struct reader *reader, const struct config_setting_t *group, enum line_role role,
	int actuator, struct chair *chair);

// The charge pump's line, which has a frequency.
int line_read_enable(struct reader *reader, const struct config_setting_t *group,
	struct chair *chair);

// The `lines` of actuator `index`, by what selects its rows (chair_file_variant.h), or SELECT_ALL.
void line_read_all(struct reader *reader, const struct config_setting_t *lines, int index,
	int selection, struct chair *chair);

#endif
