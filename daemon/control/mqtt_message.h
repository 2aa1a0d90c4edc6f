// SPDX-License-Identifier: MIT
//
// MQTT messages between the chair and its broker: received ones, and ones to publish.
//
// Both borrow everything that they point to for the duration of a call.
#ifndef CHAIRD_CONTROL_MQTT_MESSAGE_H
#define CHAIRD_CONTROL_MQTT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct mqtt_message {
	const char *topic;   // relative to <prefix>/<id>/: "set/intensity", "request/start"
	bool absolute;       // Home Assistant's birth message; topic is the whole topic
	const void *payload; // never NULL
	size_t size;
	bool retained;
	const char *response_topic; // or NULL
	const void *correlation;    // or NULL
	size_t n_correlation;
};

struct publication {
	const char *topic;
	bool absolute; // the whole topic; otherwise relative to <prefix>/<id>/
	const void *payload;
	size_t size;
	int qos; // 0 or 1
	bool retain;
	bool refusal;            // gives way to everything else while much waits to be acknowledged
	const void *correlation; // or NULL
	size_t n_correlation;
};

#endif
