// SPDX-License-Identifier: MIT
//
// MQTT client in the sd-event loop that reconnects with backoff.
//
// Each attempt to connect runs in a short-lived thread that returns an open connection: the loop
// never waits for a broker or for name resolution. Each connection is a new mqtt_connection:
// nothing is queued or resent from one to the next. While connected, the next keep-alive is the
// only timer.
//
// The queue to the broker is bounded: at most UNACKED_MAX messages of QoS 1 wait for their
// acknowledgement (mqtt_liveness.h), of which refusals may take a part, and QoS 0 is dropped while
// the socket is full.
#ifndef CHAIRD_CONTROL_MQTT_CLIENT_H
#define CHAIRD_CONTROL_MQTT_CLIENT_H

#include <systemd/sd-event.h>

#include "control/mqtt_connection.h"

struct mqtt_client_handlers {
	void (*up)(void *data); // connected: publish everything that is retained
	// Lost. since_us (CLOCK_MONOTONIC): since when an answer was outstanding, or now.
	void (*down)(void *data, int64_t since_us);
	void (*message)(void *data, const struct mqtt_message *message);
	void (*closed)(void *data); // after mqtt_client_close()
	void *data;
};

struct mqtt_client;

// Borrows the settings. Connects when the loop runs. -errno.
int mqtt_client_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct mqtt_client_handlers *handlers, struct mqtt_client **ret_client);
struct mqtt_client *mqtt_client_free(struct mqtt_client *client);

// 0; -ENOTCONN; -EAGAIN if the queue is full; or as mqtt_connection_publish().
int mqtt_client_publish(struct mqtt_client *client, const struct publication *publication);

// True while another client with our client id throws this one out (ejections.h).
bool mqtt_client_contested(const struct mqtt_client *client);

// Publish offline, disconnect, and call handlers.closed from the loop: when all of it is sent, or
// after CLOSE_MAX_US. Makes no new connection.
#define CLOSE_MAX_US (1 * US_PER_S)
void mqtt_client_close(struct mqtt_client *client);

#endif
