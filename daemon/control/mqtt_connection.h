// SPDX-License-Identifier: MIT
//
// One connection to a broker: MQTT 5, through libmosquitto, and through nothing else: this is the
// only file that knows the library. It lives as long as the connection; mqtt_client.h makes the next.
//
// No thread, no timer and no loop of libmosquitto's is used: the caller watches the socket and
// calls when there is something to read, to write, or when a ping is due.
#ifndef CHAIRD_CONTROL_MQTT_CONNECTION_H
#define CHAIRD_CONTROL_MQTT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "control/mqtt_message.h"

// Called from within mqtt_connection_read(). They may publish, and must not free.
struct mqtt_connection_handlers {
	void (*accepted)(void *data);                 // and subscribed
	void (*refused)(void *data, const char *why); // the broker closes
	void (*message)(void *data, const struct mqtt_message *message);
	void (*acked)(void *data, int mid);
	void *data;
};

struct mqtt_connection;

// Not connected yet. Settings are borrowed. -ENOMEM.
int mqtt_connection_new(const struct settings *settings, const char *chair_id,
	const struct mqtt_connection_handlers *handlers, struct mqtt_connection **ret_connection);
struct mqtt_connection *mqtt_connection_free(struct mqtt_connection *connection);

// Read password and certificates, resolve, connect, say hello. May wait for minutes, so not from the loop: nothing else may touch
// the link meanwhile. -errno; mqtt_connection_error() has the words.
int mqtt_connection_connect(struct mqtt_connection *connection);
const char *mqtt_connection_error(const struct mqtt_connection *connection);

int mqtt_connection_fd(const struct mqtt_connection *connection); // -1: the connection is gone
bool mqtt_connection_wants_write(const struct mqtt_connection *connection);

// -ENOTCONN where the connection is gone. Reads all there is, for at most a few milliseconds.
int mqtt_connection_read(struct mqtt_connection *connection);
int mqtt_connection_write(struct mqtt_connection *connection);
int mqtt_connection_ping(struct mqtt_connection *connection); // where the keep-alive time is over

// 0 with its id in *ret_mid; -ENOTCONN; -EINVAL for a topic that cannot be published to;
// -EMSGSIZE; -ENOMEM. What does not fit into the socket is queued: see mqtt_connection_wants_write().
int mqtt_connection_publish(struct mqtt_connection *connection,
	const struct publication *publication, int *ret_mid);

// Not from within a handler.
void mqtt_connection_disconnect(struct mqtt_connection *connection);

#endif
