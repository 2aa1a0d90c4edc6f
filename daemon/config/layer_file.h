// SPDX-License-Identifier: MIT
//
// The layers of a step in a profile: `with = ( { kind = "knead"; permille = 300; }, ... )`.
#ifndef CHAIRD_CONFIG_LAYER_FILE_H
#define CHAIRD_CONFIG_LAYER_FILE_H

#include "config/reader.h"
#include "core/profile.h"

// Read the list into the step, which then owns its layers: to be freed. 0, also with problems;
// -ENOMEM.
int layers_read(struct reader *reader, const struct config_setting_t *list,
	struct profile_step *step);

#endif
