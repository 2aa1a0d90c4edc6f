// SPDX-License-Identifier: MIT
//
// Device payload for Home Assistant's discovery: the whole chair in one message. Pure.
//
// Root and `dev` are closed schemas: Home Assistant drops the whole payload for one unknown key
// there, or for one component without unique_id. Checked against its schema as of
// 2026.9 by tests/system/discovery_check.h.
#ifndef CHAIRD_CONTROL_HOME_ASSISTANT_H
#define CHAIRD_CONTROL_HOME_ASSISTANT_H

#include <jansson.h>

#include "config/library.h"
#include "config/settings.h"

#define DISCOVERY_TOPIC_SIZE (SETTING_SIZE + NAME_SIZE)

// <prefix>/device/chair_<id>/config
void home_assistant_topic(const struct settings *settings, const char *chair_id,
	char ret_topic[DISCOVERY_TOPIC_SIZE]);

// A new reference, or NULL if memory ran out.
json_t *home_assistant_document(const struct settings *settings, const struct library *library,
	const struct chair *chair);

#endif
