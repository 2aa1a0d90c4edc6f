// SPDX-License-Identifier: MIT
//
// MQTT 5 client of one chair: sends requests, waits for answers, and receives the chair's topics.
//
// Blocking, in one thread, through libmosquitto.
#ifndef CHAIRD_CTL_BROKER_H
#define CHAIRD_CTL_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "config/settings.h"
#include "service/mqtt_cause.h"

struct broker;

// A message from the chair. `topic` is relative to <prefix>/<id>/: "state".
struct broker_message {
	const char *topic;
	const char *payload; // `size` bytes and a NUL
	size_t size;
};

// Connect, and subscribe to the answers and to the chair's availability, all within timeout_s. 0,
// -EACCES if the broker refuses, -ETIMEDOUT, or another -errno, with *ret_cause. Borrows the
// settings.
int broker_open(const struct settings *settings, const char *id, double timeout_s,
	struct broker **ret_broker, struct mqtt_cause *ret_cause);
struct broker *broker_close(struct broker *broker);

// Subscribe to topics of the chair: `topics` are relative to <prefix>/<id>/ and end with NULL.
// broker_wait() and broker_request() pass the messages to `handle`. -errno.
int broker_follow(struct broker *broker, const char *const topics[],
	void (*handle)(void *data, const struct broker_message *message), void *data);

// Receive messages until until_us and for at most 100 ms, so that the caller can check its clock
// and its signals. 1: a message of the chair arrived; 0: none did. -errno: the connection is lost
// for good.
int broker_wait(struct broker *broker, int64_t until_us);

// Send a request, and wait for its answer for at most timeout_s. Borrows args, which may be NULL. 0
// with the answer, which the caller owns; -ETIMEDOUT; -ENOTCONN: the chair is offline; another
// -errno.
int broker_request(struct broker *broker, const char *verb, json_t *args, double timeout_s,
	json_t **ret_answer);

// Result of broker_probe().
struct broker_probe {
	char version[64]; // "mosquitto version 2.0.21"; "" if not published
	bool allowed;     // to publish
};

// Publish an empty message, not retained, to an unused topic below <prefix>/<id>/, to test the
// rights of this user. -errno.
int broker_probe(struct broker *broker, const char *below, double timeout_s,
	struct broker_probe *ret_probe);

static inline void broker_closep(struct broker **broker)
{
	broker_close(*broker);
}

#endif
