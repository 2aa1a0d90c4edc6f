// SPDX-License-Identifier: MIT
//
// Is the broker still there? Pure book-keeping of what went out, what came in and what is owed.
//
// A broker owes an answer to a message of QoS 1 and to a ping. Anything at all that it sends shows
// that it lives. When it owes one for longer than ACK_MAX_US without a sign of life it is gone,
// whatever the socket says: a half-open connection, a frozen broker.
#ifndef CHAIRD_CONTROL_BROKER_WATCH_H
#define CHAIRD_CONTROL_BROKER_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/units.h"

#define UNACKED_MAX 128 // messages of QoS 1 that wait for their acknowledgement
#define ACK_MAX_US  (3 * US_PER_S)

struct broker_watch {
	int64_t keepalive_us;
	int64_t in_us, out_us; // when bytes last came or went
	int64_t owed_us;       // since when an answer is owed; TIME_NEVER
	int n_unacked;
	uint16_t unacked[UNACKED_MAX]; // message ids
};

void broker_watch_begin(struct broker_watch *watch, int64_t now_us, int64_t keepalive_us);
void broker_watch_heard(struct broker_watch *watch, int64_t now_us);
void broker_watch_wrote(struct broker_watch *watch, int64_t now_us);
void broker_watch_pinged(struct broker_watch *watch, int64_t now_us);
// Not where broker_watch_is_full().
void broker_watch_published(struct broker_watch *watch, int64_t now_us, int mid);
void broker_watch_acked(struct broker_watch *watch, int mid); // unknown ids are ignored

bool broker_watch_is_idle(const struct broker_watch *watch); // everything is acknowledged
bool broker_watch_is_full(const struct broker_watch *watch);
bool broker_watch_is_silent(const struct broker_watch *watch, int64_t now_us);
// When to ping, or when it will count as silent.
int64_t broker_watch_next_us(const struct broker_watch *watch);

#endif
