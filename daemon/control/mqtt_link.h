// SPDX-License-Identifier: MIT
//
// One connection to a broker: MQTT 5, through libmosquitto, and through nothing else: this is the
// only file that knows the library. It lives as long as the connection; broker.h makes the next.
//
// No thread, no timer and no loop of libmosquitto's is used: the caller watches the socket and
// calls when there is something to read, to write, or when a ping is due.
#ifndef CHAIRD_CONTROL_MQTT_LINK_H
#define CHAIRD_CONTROL_MQTT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "control/inbox.h"

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

// Called from within mqtt_link_read(). They may publish, and must not free.
struct mqtt_link_handlers {
	void (*accepted)(void *data); // and subscribed
	void (*refused)(void *data, const char *why); // the broker closes
	void (*message)(void *data, const struct inbox_message *message);
	void (*acked)(void *data, int mid);
	void *data;
};

struct mqtt_link;

// Not connected yet. Settings are borrowed. -ENOMEM.
int mqtt_link_new(const struct settings *settings, const char *chair_id,
	const struct mqtt_link_handlers *handlers, struct mqtt_link **ret_link);
struct mqtt_link *mqtt_link_free(struct mqtt_link *link);

// Read password and certificates, resolve, connect, say hello. May wait for minutes, so not from the loop: nothing else may touch
// the link meanwhile. -errno; mqtt_link_error() has the words.
int mqtt_link_connect(struct mqtt_link *link);
const char *mqtt_link_error(const struct mqtt_link *link);

int mqtt_link_fd(const struct mqtt_link *link); // -1: the connection is gone
bool mqtt_link_wants_write(const struct mqtt_link *link);

// -ENOTCONN where the connection is gone. Reads all there is, for at most a few milliseconds.
int mqtt_link_read(struct mqtt_link *link);
int mqtt_link_write(struct mqtt_link *link);
int mqtt_link_ping(struct mqtt_link *link); // where the keep-alive time is over

// 0 with its id in *ret_mid; -ENOTCONN; -EINVAL for a topic that cannot be published to;
// -EMSGSIZE; -ENOMEM. What does not fit into the socket is queued: see mqtt_link_wants_write().
int mqtt_link_publish(struct mqtt_link *link, const struct publication *publication,
	int *ret_mid);

// Not from within a handler.
void mqtt_link_disconnect(struct mqtt_link *link);

#endif
