// SPDX-License-Identifier: MIT
//
// One MQTT 5 connection to a broker, on top of libmosquitto.
//
// An object serves for one connection; mqtt_client.h makes a new one for the next. It uses no
// thread, timer or loop of libmosquitto: the caller polls the socket, and calls when it is readable
// or writable and when a ping is due.
#ifndef CHAIRD_CONTROL_MQTT_CONNECTION_H
#define CHAIRD_CONTROL_MQTT_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/settings.h"
#include "control/mqtt_message.h"
#include "service/mqtt_cause.h"

// Called from mqtt_connection_read(). They may publish, and must not free the connection.
struct mqtt_connection_handlers {
	void (*accepted)(void *data); // and subscribed
	void (*message)(void *data, const struct mqtt_message *message);
	void (*acked)(void *data, int mid);
	void *data;
};

struct mqtt_connection;

// Borrows the settings. Does not connect. -ENOMEM.
int mqtt_connection_new(const struct settings *settings, const char *chair_id,
	const struct mqtt_connection_handlers *handlers, struct mqtt_connection **ret_connection);
struct mqtt_connection *mqtt_connection_free(struct mqtt_connection *connection);

// Read password and certificates, resolve, connect, send CONNECT. May block for minutes, so call it
// in a thread, and do nothing else with the connection meanwhile. -errno, with the cause in
// mqtt_connection_cause().
int mqtt_connection_connect(struct mqtt_connection *connection);
// Why the connection is lost, refused, or was not made.
const struct mqtt_cause *mqtt_connection_cause(const struct mqtt_connection *connection);

int mqtt_connection_fd(const struct mqtt_connection *connection); // -1: lost
bool mqtt_connection_wants_write(const struct mqtt_connection *connection);

// -ENOTCONN if the connection is lost. Reads what is available, for at most a few milliseconds.
int mqtt_connection_read(struct mqtt_connection *connection);
int mqtt_connection_write(struct mqtt_connection *connection);
int mqtt_connection_ping(struct mqtt_connection *connection); // when one is due

// 0 with its id in *ret_mid; -ENOTCONN; -EINVAL for a topic that cannot be published to;
// -EMSGSIZE; -ENOMEM. A message that does not fit into the socket is queued: see
// mqtt_connection_wants_write().
int mqtt_connection_publish(struct mqtt_connection *connection,
	const struct publication *publication, int *ret_mid);

// Must not be called from a handler.
void mqtt_connection_disconnect(struct mqtt_connection *connection);

#endif
