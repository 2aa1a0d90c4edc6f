// SPDX-License-Identifier: MIT
//
// The connection to the broker: MQTT 5, in the sd-event loop, connected again with backoff.
//
// libmosquitto's own socket is watched by the loop; the next keep-alive is the only timer while
// connected. Connecting resolves a name and may wait long for an answer, so each attempt is made
// in a short-lived thread that hands over a connected client: the loop never waits for a broker.
// Each attempt has a client of its own: nothing is queued or resent from one connection to the
// next.
//
// The queue to the broker is bounded: at most UNACKED_MAX messages of QoS 1 wait for their
// acknowledgement (mqtt_watch.h), and QoS 0 is dropped while the socket is full.
#ifndef CHAIRD_CONTROL_MQTT_LINK_H
#define CHAIRD_CONTROL_MQTT_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

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

struct mqtt_link_handlers {
	void (*up)(void *data); // connected; everything retained is to be published now
	// Lost. since_us (CLOCK_MONOTONIC): when the broker last owed an answer, or now.
	void (*down)(void *data, int64_t since_us);
	void (*message)(void *data, const struct inbox_message *message);
	void (*closed)(void *data); // after mqtt_link_close()
	void *data;
};

struct mqtt_link;

// Settings are borrowed. Connects from the loop, as soon as it runs. -errno.
int mqtt_link_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct mqtt_link_handlers *handlers, struct mqtt_link **ret_link);
struct mqtt_link *mqtt_link_free(struct mqtt_link *link);

// 0; -ENOTCONN; -EAGAIN where the queue is full; -EINVAL for a topic that cannot be published to.
int mqtt_link_publish(struct mqtt_link *link, const struct publication *publication);

bool mqtt_link_is_up(const struct mqtt_link *link);

// Publish offline, disconnect, and call handlers.closed from the loop: when that is out, and after
// CLOSE_MAX_US at the latest. No new connection is made.
#define CLOSE_MAX_US (1 * US_PER_S)
void mqtt_link_close(struct mqtt_link *link);

#endif
