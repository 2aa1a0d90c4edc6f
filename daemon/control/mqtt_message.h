// SPDX-License-Identifier: MIT
//
// Messages between this chair and its broker: what a client sent, and what is to be published.
// Both borrow everything they point to for the length of the call.
#ifndef CHAIRD_CONTROL_MQTT_MESSAGE_H
#define CHAIRD_CONTROL_MQTT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct mqtt_message {
	const char *topic;   // below the chair's: "set/intensity", "request/start"
	const void *payload; // never NULL
	size_t size;
	bool retained;
	const char *response_topic; // or NULL
	const void *correlation;    // or NULL
	size_t n_correlation;
};

struct publication {
	const char *topic;
	bool absolute; // topic is the whole topic; otherwise it stands below <prefix>/<id>/
	const void *payload;
	size_t size;
	int qos; // 0 or 1
	bool retain;
	const void *correlation; // or NULL
	size_t n_correlation;
};

#endif
