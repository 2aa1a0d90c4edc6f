// SPDX-License-Identifier: MIT
//
// Is the broker still there? Pure book-keeping of what went out, what came in and what is owed.
//
// A broker owes an answer to a message of QoS 1 and to a ping. Anything at all that it sends shows
// that it lives. When it owes one for longer than ACK_MAX_US without a sign of life it is gone,
// whatever the socket says: a half-open connection, a frozen broker.
#ifndef CHAIRD_CONTROL_MQTT_LIVENESS_H
#define CHAIRD_CONTROL_MQTT_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/units.h"

#define UNACKED_MAX 128 // messages of QoS 1 that wait for their acknowledgement
#define ACK_MAX_US  (3 * US_PER_S)

struct mqtt_liveness {
	int64_t keepalive_us;
	int64_t in_us, out_us; // when bytes last came or went
	int64_t owed_us;       // since when an answer is owed; TIME_NEVER
	int n_unacked;
	uint16_t unacked[UNACKED_MAX]; // message ids
};

void mqtt_liveness_begin(struct mqtt_liveness *watch, int64_t now_us, int64_t keepalive_us);
void mqtt_liveness_heard(struct mqtt_liveness *watch, int64_t now_us);
void mqtt_liveness_wrote(struct mqtt_liveness *watch, int64_t now_us);
void mqtt_liveness_pinged(struct mqtt_liveness *watch, int64_t now_us);
// Not where mqtt_liveness_is_full().
void mqtt_liveness_published(struct mqtt_liveness *watch, int64_t now_us, int mid);
void mqtt_liveness_acked(struct mqtt_liveness *watch, int mid); // unknown ids are ignored

bool mqtt_liveness_is_idle(const struct mqtt_liveness *watch); // everything is acknowledged
bool mqtt_liveness_is_full(const struct mqtt_liveness *watch);
bool mqtt_liveness_is_silent(const struct mqtt_liveness *watch, int64_t now_us);
// When to ping, or when it will count as silent.
int64_t mqtt_liveness_next_us(const struct mqtt_liveness *watch);

#endif
