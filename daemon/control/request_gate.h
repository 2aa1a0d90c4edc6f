// SPDX-License-Identifier: MIT
//
// Where messages arrive: which of them act, which are refused, which are not even read.
//
// In this order, so that what matters most costs least:
//   1. stop acts, whatever else is wrong with it: retained, malformed, a duplicate, in a flood.
//   2. More than RATE_PER_S of one kind: the rest is counted and dropped unread.
//   3. A retained command is refused, its topic cleared, an alert raised.
//   4. Size, encoding, depth, JSON, keys, ranges (command_json.h, set_text.h).
//   5. A duplicate (dedupe.h) gets the first answer again and does not act, unless it only takes
//      force away: that is always carried out.
//   6. It acts, and is answered.
//
// Pure but for the heap: time is an argument, and whatever is to be done or sent goes through a
// port. Each kind of message has a bucket of its own, so that a flood of one leaves the others.
#ifndef CHAIRD_CONTROL_REQUEST_GATE_H
#define CHAIRD_CONTROL_REQUEST_GATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/command_json.h"
#include "control/mqtt_message.h"

#define RATE_PER_S 20
#define RATE_BURST 40

struct request_gate_port {
	// Let go. Called as often as it is asked for; must be cheap where nothing moves.
	void (*stop)(void *data);
	// Carry it out: true with *ret_data (a new reference, or NULL), or false with *ret_error.
	bool (*act)(void *data, const struct request *request, json_t **ret_data,
		struct request_error *ret_error);
	// Does it take force away from the person, and nothing else, as things are now?
	bool (*lowers)(void *data, const struct request *request);
	// Send an answer: to response/<verb>, and to where the message asks for it. verb is NULL
	// for set/.
	void (*answer)(void *data, const struct mqtt_message *message, const char *verb,
		const char *text);
	// A set/ was refused; there is no answer to it but an event.
	void (*set_refused)(void *data, const char *prop, const struct request_error *refused);
	// A retained command: clear its topic and raise the alert.
	void (*retained)(void *data, const char *topic);
	// A flood: raise the alert.
	void (*flood)(void *data);
	void *data;
};

struct request_gate;

// Chair and port are borrowed. -ENOMEM.
int request_gate_new(const struct chair *chair, const struct request_gate_port *port,
	struct request_gate **ret_gate);
struct request_gate *request_gate_free(struct request_gate *gate);

// now_us: monotonic. unix_s: seconds since 1970.
void request_gate_handle(struct request_gate *gate, int64_t now_us, double unix_s,
	const struct mqtt_message *message);

// Messages dropped unread since the start.
uint64_t request_gate_shed(const struct request_gate *gate);

#endif
