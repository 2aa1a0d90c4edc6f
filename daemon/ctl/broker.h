// SPDX-License-Identifier: MIT
//
// One chair, as seen through its broker: requests with their answers, and what it reports.
// The only file of chairctl that knows libmosquitto. MQTT 5.
#ifndef CHAIRD_CTL_BROKER_H
#define CHAIRD_CTL_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "config/settings.h"
#include "service/mqtt_cause.h"

struct broker;

// Something the chair reported. `topic` is what stands below chair/<id>/: "state".
struct broker_message {
	const char *topic;
	const char *payload; // `size` bytes and a NUL
	size_t size;
};

// Connect, subscribe to the answers and to whether the chair is online; all within timeout_s.
// 0, -EACCES: the broker refuses, -ETIMEDOUT, or another -errno, with *ret_cause. Borrows the
// settings.
int broker_open(const struct settings *settings, const char *id, double timeout_s,
	struct broker **ret_broker, struct mqtt_cause *ret_cause);
struct broker *broker_close(struct broker *broker);

// Subscribe to what the chair reports: `topics`, below chair/<id>/, ends with NULL. The messages
// come to `take` from broker_wait() and broker_request(). -errno.
int broker_follow(struct broker *broker, const char *const topics[],
	void (*take)(void *data, const struct broker_message *message), void *data);

// Take what comes, at most until the time and never for longer than 100 ms, so that the caller can
// look at its clock and its signals. 1: the chair reported something; 0: it did not. -errno: the
// connection is gone, for good.
int broker_wait(struct broker *broker, int64_t until_us);

// True while the chair's controller is known to be away.
bool broker_offline(const struct broker *broker);

// Ask, and wait for the answer for timeout_s. args is borrowed and may be NULL. 0 with the answer,
// an object that the caller owns; -ETIMEDOUT; -ENOTCONN: the chair is offline; another -errno.
int broker_request(struct broker *broker, const char *verb, json_t *args, double timeout_s,
	json_t **ret_answer);

// What a look at the broker itself tells.
struct broker_probe {
	char version[64]; // "mosquitto version 2.0.21"; "" where it does not tell
	bool allowed;     // the publication
};

// Try to publish an empty message, not retained, to a topic below chair/<id>/ that nobody takes
// for anything: whether this user may. -errno.
int broker_probe(struct broker *broker, const char *below, double timeout_s,
	struct broker_probe *ret_probe);

static inline void broker_closep(struct broker **broker)
{
	broker_close(*broker);
}

#endif
