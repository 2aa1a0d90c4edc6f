// SPDX-License-Identifier: MIT
//
// Filter of incoming messages: decides which act, which are refused, and which are dropped unread.
//
// It checks in this order, so that the most important messages cost least:
//   1. stop always acts, however it is spelled (set_text.h), even if it is retained, malformed, a
//      duplicate, or part of a flood.
//   2. Messages above RATE_PER_S of one kind are counted and dropped unread.
//   3. A retained command is refused, its topic cleared, and an alert raised.
//   4. Size, encoding, depth, JSON, keys and ranges are checked (command_json.h, set_text.h). What
//      cannot be understood on set/session pauses: it may have been meant as a stop.
//   5. A duplicate (dedupe.h) gets the first answer again and does not act, unless it only lowers
//      force: that is always carried out.
//   6. The request acts, and is answered.
//
// Pure but for the heap: time is an argument, and every action goes through a port. Each kind of
// message has a token bucket of its own, so that a flood of one kind does not block the others.
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
	// Release. Called for every stop, so it must be cheap while nothing moves.
	void (*stop)(void *data);
	// Execute: true with *ret_data (a new reference, or NULL), or false with *ret_error.
	bool (*act)(void *data, const struct request *request, json_t **ret_data,
		struct request_error *ret_error);
	// True if in the present state the request lowers force on the person and does nothing
	// else.
	bool (*lowers)(void *data, const struct request *request);
	// Send an answer to response/<verb>, and to the response topic of the message. verb is NULL
	// for set/.
	void (*answer)(void *data, const struct mqtt_message *message, const char *verb,
		const char *text, bool refusal);
	// Something on set/session that cannot be understood: pause, or release what cannot be
	// paused. Returns what was done ("the session is paused"), or NULL if nothing was running.
	const char *(*not_understood)(void *data);
	// Any refusal: log it.
	void (*refused)(void *data, const struct mqtt_message *message,
		const struct request_error *refused);
	// A set/ was refused: publish an event, since there is no answer to it.
	void (*set_refused)(void *data, const char *prop, const struct request_error *refused);
	// A retained command: clear its topic and raise the alert.
	void (*retained)(void *data, const char *topic);
	// A flood: raise the alert.
	void (*flood)(void *data);
	void *data;
};

struct request_gate;

// Borrows chair and port. -ENOMEM.
int request_gate_new(const struct chair *chair, const struct request_gate_port *port,
	struct request_gate **ret_gate);
struct request_gate *request_gate_free(struct request_gate *gate);

// now_us: monotonic. unix_s: seconds since 1970.
void request_gate_handle(struct request_gate *gate, int64_t now_us, double unix_s,
	const struct mqtt_message *message);

// Number of messages dropped unread since the start.
uint64_t request_gate_shed(const struct request_gate *gate);

#endif
