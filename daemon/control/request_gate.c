// SPDX-License-Identifier: MIT
#include "control/request_gate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/dedupe.h"
#include "control/rate_limit.h"
#include "control/reply.h"
#include "control/set_text.h"
#include "control/spelling.h"

// One for each verb and each property, and one for all others.
#define N_LIMITS (REQUEST_VERBS + SET_PROPS + 1)

struct request_gate {
	const struct chair *chair;
	struct request_gate_port port;
	struct rate_limit limit[N_LIMITS];
	struct dedupe dedupe;
	uint64_t shed;
};

// A message being processed; one of verb and prop is NULL.
struct incoming {
	const struct mqtt_message *message;
	const char *verb, *prop;
	struct request request;
	char id[REQUEST_ID_SIZE];
};

int request_gate_new(const struct chair *chair, const struct request_gate_port *port,
	struct request_gate **ret_gate)
{
	struct request_gate *gate = calloc(1, sizeof(*gate));

	if (!gate)
		return -ENOMEM;
	gate->chair = chair;
	gate->port = *port;
	for (int i = 0; i < N_LIMITS; i++)
		rate_limit_init(&gate->limit[i], RATE_PER_S, RATE_BURST);
	*ret_gate = gate;
	return 0;
}

struct request_gate *request_gate_free(struct request_gate *gate)
{
	if (gate)
		dedupe_clear(&gate->dedupe);
	free(gate);
	return NULL;
}

static const char *after(const char *topic, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(topic, prefix, n) ? NULL : topic + n;
}

// A verb that does not exist stops if its name or its payload says so.
static bool is_stop(const struct incoming *incoming)
{
	const struct mqtt_message *message = incoming->message;
	const char *verb = incoming->verb;

	if (verb)
		return !strcmp(verb, "stop") ||
			(request_verb_index(verb) < 0 &&
				(spelling_means_stop(verb, strlen(verb)) ||
					spelling_means_stop(message->payload, message->size)));
	return set_is_stop(incoming->prop, incoming->message->payload, incoming->message->size);
}

static bool within_rate(struct request_gate *gate, int64_t now_us, const struct incoming *incoming)
{
	int index = incoming->verb ? request_verb_index(incoming->verb)
				   : set_prop_index(incoming->prop);

	if (index < 0)
		index = N_LIMITS - 1;
	else if (incoming->prop)
		index += REQUEST_VERBS;
	return rate_limit_take(&gate->limit[index], now_us);
}

static void answer(struct request_gate *gate, const struct incoming *incoming, char *text,
	bool refusal)
{
	if (text)
		gate->port.answer(gate->port.data, incoming->message, incoming->verb, text,
			refusal);
	free(text);
}

static void refuse(struct request_gate *gate, const struct incoming *incoming,
	const struct request_error *refused)
{
	gate->port.refused(gate->port.data, incoming->message, refused);
	if (incoming->prop)
		gate->port.set_refused(gate->port.data, incoming->prop, refused);
	answer(gate, incoming, reply_error(incoming->id, refused), true);
}

// A message on set/session, or on a topic that differs from it in case alone, cannot be understood.
static void pause_to_be_sure(struct request_gate *gate, const struct incoming *incoming,
	struct request_error *refused)
{
	const char *done = NULL;
	size_t used = strlen(refused->message);

	if (incoming->prop && !strcasecmp(incoming->prop, "session"))
		done = gate->port.not_understood(gate->port.data);
	if (done)
		snprintf(refused->message + used, sizeof(refused->message) - used, "; %s", done);
}

// Answer a stop that has been carried out, with its id if there is one.
static void answer_stop(struct request_gate *gate, struct incoming *incoming)
{
	struct request_error refused;

	if (incoming->message->retained)
		gate->port.retained(gate->port.data, incoming->message->topic);
	if (incoming->verb &&
		request_parse(gate->chair, incoming->verb, incoming->message->payload,
			incoming->message->size, 0, &incoming->request, incoming->id,
			&refused) == 0)
		request_clear(&incoming->request);
	answer(gate, incoming, reply_ok(incoming->id, NULL), false);
}

static bool parse(struct request_gate *gate, double unix_s, struct incoming *incoming)
{
	const struct mqtt_message *message = incoming->message;
	struct request_error refused;
	int r;

	if (incoming->verb)
		r = request_parse(gate->chair, incoming->verb, message->payload, message->size,
			unix_s, &incoming->request, incoming->id, &refused);
	else
		r = set_parse(incoming->prop, message->payload, message->size, &incoming->request,
			&refused);
	if (r == -ENOMEM)
		request_error_set(&refused, "memory", NULL, "out of memory");
	if (r < 0) {
		pause_to_be_sure(gate, incoming, &refused);
		refuse(gate, incoming, &refused);
	}
	return r == 0;
}

static bool acts(enum request_kind kind)
{
	return kind == REQUEST_COMMAND || kind == REQUEST_RELOAD;
}

// A duplicate gets the first answer and does not act, unless it only lowers force: that is carried
// out each time. If it is refused the second time (the session is paused already), the first answer
// stands.
static void act(struct request_gate *gate, int64_t now_us, struct incoming *incoming)
{
	const struct mqtt_message *message = incoming->message;
	const struct dedupe_request key = { .verb = incoming->verb,
		.id = incoming->id,
		.payload = message->payload,
		.size = message->size };
	bool remember = incoming->verb && acts(incoming->request.kind) &&
		strcmp(incoming->id, "null");
	const char *first = remember ? dedupe_find(&gate->dedupe, now_us, &key) : NULL;
	struct request_error refused;
	json_t *data = NULL;
	char *text;
	bool done = false;

	if (!first || gate->port.lowers(gate->port.data, &incoming->request))
		done = gate->port.act(gate->port.data, &incoming->request, &data, &refused);
	if (first && !done) {
		gate->port.answer(gate->port.data, message, incoming->verb, first, false);
		return;
	}
	text = done ? reply_ok(incoming->id, data) : reply_error(incoming->id, &refused);
	if (remember && text)
		dedupe_add(&gate->dedupe, now_us, &key, text);
	if (!done)
		gate->port.refused(gate->port.data, message, &refused);
	if (!done && incoming->prop)
		gate->port.set_refused(gate->port.data, incoming->prop, &refused);
	answer(gate, incoming, text, !done);
}

static void refuse_retained(struct request_gate *gate, const struct incoming *incoming)
{
	const struct mqtt_message *message = incoming->message;
	struct request_error refused;
	struct request request;
	bool understood = incoming->verb ||
		set_parse(incoming->prop, message->payload, message->size, &request, &refused) == 0;

	gate->port.retained(gate->port.data, message->topic);
	request_error_set(&refused, "retained", "publish commands without the retain flag",
		"a retained command is not carried out; its topic has been cleared");
	if (!understood)
		pause_to_be_sure(gate, incoming, &refused);
	refuse(gate, incoming, &refused);
}

void request_gate_handle(struct request_gate *gate, int64_t now_us, double unix_s,
	const struct mqtt_message *message)
{
	struct incoming incoming = { .message = message,
		.verb = after(message->topic, "request/"),
		.prop = after(message->topic, "set/"),
		.id = "null" };
	bool stop;

	if (!incoming.verb && !incoming.prop)
		return;
	if (message->retained && !message->size)
		return; // the echo of a topic that was cleared
	stop = is_stop(&incoming);
	if (stop)
		gate->port.stop(gate->port.data);
	if (!within_rate(gate, now_us, &incoming)) {
		if (!stop)
			gate->port.flood(gate->port.data);
		gate->shed++;
		return;
	}
	if (stop)
		answer_stop(gate, &incoming);
	else if (message->retained)
		refuse_retained(gate, &incoming);
	else if (parse(gate, unix_s, &incoming)) {
		act(gate, now_us, &incoming);
		request_clear(&incoming.request);
	}
}

uint64_t request_gate_shed(const struct request_gate *gate)
{
	return gate->shed;
}
