// SPDX-License-Identifier: MIT
//
// Loader of a chair file's buttons.
#ifndef CHAIRD_CONFIG_CHAIR_FILE_BUTTONS_H
#define CHAIRD_CONFIG_CHAIR_FILE_BUTTONS_H

#include "config/reader.h"
#include "core/chair.h"

// Read the list `buttons` into the chair, whose actuators have been read.
void buttons_read(struct reader *reader, const struct config_setting_t *list, struct chair *chair);

#endif
