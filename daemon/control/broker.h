// SPDX-License-Identifier: MIT
//
// The broker, in the sd-event loop: connected, lost, connected again with backoff.
//
// Each attempt to connect is made in a short-lived thread that hands over a connected link: the
// loop never waits for a broker or for a name. Each connection has a link of its own: nothing is
// queued or resent from one to the next. While connected the next keep-alive is the only timer.
//
// The queue to the broker is bounded: at most UNACKED_MAX messages of QoS 1 wait for their
// acknowledgement (broker_watch.h), and QoS 0 is dropped while the socket is full.
#ifndef CHAIRD_CONTROL_BROKER_H
#define CHAIRD_CONTROL_BROKER_H

#include <systemd/sd-event.h>

#include "control/mqtt_link.h"

struct broker_handlers {
	void (*up)(void *data); // connected; everything retained is to be published now
	// Lost. since_us (CLOCK_MONOTONIC): when the broker last owed an answer, or now.
	void (*down)(void *data, int64_t since_us);
	void (*message)(void *data, const struct inbox_message *message);
	void (*closed)(void *data); // after broker_close()
	void *data;
};

struct broker;

// Settings are borrowed. Connects from the loop, as soon as it runs. -errno.
int broker_new(sd_event *event, const struct settings *settings, const char *chair_id,
	const struct broker_handlers *handlers, struct broker **ret_broker);
struct broker *broker_free(struct broker *broker);

// 0; -ENOTCONN; -EAGAIN where the queue is full; and as mqtt_link_publish().
int broker_publish(struct broker *broker, const struct publication *publication);

// Publish offline, disconnect, and call handlers.closed from the loop: when that is out, and after
// CLOSE_MAX_US at the latest. No new connection is made.
#define CLOSE_MAX_US (1 * US_PER_S)
void broker_close(struct broker *broker);

#endif
