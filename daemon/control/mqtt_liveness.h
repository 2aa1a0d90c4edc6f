// SPDX-License-Identifier: MIT
//
// Liveness check of the broker, from what was sent, received and not yet answered. Pure.
//
// A broker must answer a message of QoS 1 and a ping. If an answer is outstanding and nothing at
// all has arrived for longer than ACK_MAX_US, the broker counts as lost, even if the socket is
// still open: the connection is half-open, or the broker is frozen.
#ifndef CHAIRD_CONTROL_MQTT_LIVENESS_H
#define CHAIRD_CONTROL_MQTT_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/units.h"

#define UNACKED_MAX          512 // messages of QoS 1 that wait for their acknowledgement
#define UNACKED_REFUSALS_MAX 384 // from which on refusals are not sent
#define ACK_MAX_US           (3 * US_PER_S)

struct mqtt_liveness {
	int64_t keepalive_us;
	int64_t in_us, out_us; // when bytes were last received, sent
	int64_t waiting_us;    // since when an answer is outstanding; TIME_NEVER: none is
	int n_unacked;
	uint16_t unacked[UNACKED_MAX]; // message ids
};

void mqtt_liveness_begin(struct mqtt_liveness *liveness, int64_t now_us, int64_t keepalive_us);
void mqtt_liveness_heard(struct mqtt_liveness *liveness, int64_t now_us);
void mqtt_liveness_wrote(struct mqtt_liveness *liveness, int64_t now_us);
void mqtt_liveness_pinged(struct mqtt_liveness *liveness, int64_t now_us);
// Not if mqtt_liveness_is_full().
void mqtt_liveness_published(struct mqtt_liveness *liveness, int64_t now_us, int mid);
void mqtt_liveness_acked(struct mqtt_liveness *liveness, int mid); // unknown ids are ignored

bool mqtt_liveness_is_idle(const struct mqtt_liveness *liveness); // everything is acknowledged
// No more can be sent. A flood of bad requests must not cost the event of a stop its place:
// refusals leave room for everything else.
bool mqtt_liveness_is_full(const struct mqtt_liveness *liveness, bool refusal);
bool mqtt_liveness_is_silent(const struct mqtt_liveness *liveness, int64_t now_us);
// When to ping, or when the broker will count as silent.
int64_t mqtt_liveness_next_us(const struct mqtt_liveness *liveness);

#endif
