// SPDX-License-Identifier: MIT
#include "control/inbox.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/dedupe.h"
#include "control/rate_limit.h"
#include "control/reply.h"
#include "control/set_text.h"

// Every verb, every property, and one for everything that is neither.
#define N_LIMITS (REQUEST_VERBS + SET_PROPS + 1)

struct inbox {
	const struct chair *chair;
	struct inbox_port port;
	struct rate_limit limit[N_LIMITS];
	struct dedupe dedupe;
	uint64_t shed;
};

// A message on its way through; one of verb and prop is NULL.
struct arrival {
	const struct inbox_message *message;
	const char *verb, *prop;
	struct request request;
	char id[REQUEST_ID_SIZE];
};

int inbox_new(const struct chair *chair, const struct inbox_port *port, struct inbox **ret_inbox)
{
	struct inbox *inbox = calloc(1, sizeof(*inbox));

	if (!inbox)
		return -ENOMEM;
	inbox->chair = chair;
	inbox->port = *port;
	for (int i = 0; i < N_LIMITS; i++)
		rate_limit_init(&inbox->limit[i], RATE_PER_S, RATE_BURST);
	*ret_inbox = inbox;
	return 0;
}

struct inbox *inbox_free(struct inbox *inbox)
{
	if (inbox)
		dedupe_clear(&inbox->dedupe);
	free(inbox);
	return NULL;
}

static const char *after(const char *topic, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(topic, prefix, n) ? NULL : topic + n;
}

static bool is_stop(const struct arrival *arrival)
{
	if (arrival->verb)
		return !strcmp(arrival->verb, "stop");
	return set_is_stop(arrival->prop, arrival->message->payload, arrival->message->size);
}

static bool within_rate(struct inbox *inbox, int64_t now_us, const struct arrival *arrival)
{
	int index = arrival->verb ? request_verb_index(arrival->verb) :
		set_prop_index(arrival->prop);

	if (index < 0)
		index = N_LIMITS - 1;
	else if (arrival->prop)
		index += REQUEST_VERBS;
	return rate_limit_take(&inbox->limit[index], now_us);
}

static void answer(struct inbox *inbox, const struct arrival *arrival, char *text)
{
	if (text)
		inbox->port.answer(inbox->port.data, arrival->message, arrival->verb, text);
	free(text);
}

static void refuse(struct inbox *inbox, const struct arrival *arrival,
	const struct refused *refused)
{
	if (arrival->prop)
		inbox->port.set_refused(inbox->port.data, arrival->prop, refused);
	answer(inbox, arrival, reply_error(arrival->id, refused));
}

// The session has been told already; what is left is to answer, with the id if there is one.
static void answer_stop(struct inbox *inbox, struct arrival *arrival)
{
	struct refused refused;

	if (arrival->message->retained)
		inbox->port.retained(inbox->port.data, arrival->message->topic);
	if (arrival->verb && request_parse(inbox->chair, arrival->verb, arrival->message->payload,
			arrival->message->size, 0, &arrival->request, arrival->id, &refused) == 0)
		request_clear(&arrival->request);
	answer(inbox, arrival, reply_ok(arrival->id, NULL));
}

static bool parse(struct inbox *inbox, double unix_s, struct arrival *arrival)
{
	const struct inbox_message *message = arrival->message;
	struct refused refused;
	int r;

	if (arrival->verb)
		r = request_parse(inbox->chair, arrival->verb, message->payload, message->size,
			unix_s, &arrival->request, arrival->id, &refused);
	else
		r = set_parse(arrival->prop, message->payload, message->size, &arrival->request,
			&refused);
	if (r == -ENOMEM)
		refused_set(&refused, "memory", NULL, "out of memory");
	if (r < 0)
		refuse(inbox, arrival, &refused);
	return r == 0;
}

static bool acts(enum request_kind kind)
{
	return kind == REQUEST_COMMAND || kind == REQUEST_RELOAD;
}

// A request that comes again is answered as it was the first time and does not act. But what only
// takes force away is carried out however often it comes; where the second time it is refused (the
// session is paused already), the first answer holds.
static void act(struct inbox *inbox, int64_t now_us, struct arrival *arrival)
{
	const struct inbox_message *message = arrival->message;
	const struct dedupe_request key = { .verb = arrival->verb, .id = arrival->id,
		.payload = message->payload, .size = message->size };
	bool remember = arrival->verb && acts(arrival->request.kind) && strcmp(arrival->id, "null");
	const char *first = remember ? dedupe_find(&inbox->dedupe, now_us, &key) : NULL;
	struct refused refused;
	json_t *data = NULL;
	char *text;
	bool done = false;

	if (!first || inbox->port.lowers(inbox->port.data, &arrival->request))
		done = inbox->port.act(inbox->port.data, &arrival->request, &data, &refused);
	if (first && !done) {
		inbox->port.answer(inbox->port.data, message, arrival->verb, first);
		return;
	}
	text = done ? reply_ok(arrival->id, data) : reply_error(arrival->id, &refused);
	if (remember && text)
		dedupe_add(&inbox->dedupe, now_us, &key, text);
	if (!done && arrival->prop)
		inbox->port.set_refused(inbox->port.data, arrival->prop, &refused);
	answer(inbox, arrival, text);
}

static void refuse_retained(struct inbox *inbox, const struct arrival *arrival)
{
	struct refused refused;

	inbox->port.retained(inbox->port.data, arrival->message->topic);
	refused_set(&refused, "retained", "publish commands without the retain flag",
		"a retained command is not carried out; its topic has been cleared");
	refuse(inbox, arrival, &refused);
}

void inbox_take(struct inbox *inbox, int64_t now_us, double unix_s,
	const struct inbox_message *message)
{
	struct arrival arrival = { .message = message, .verb = after(message->topic, "request/"),
		.prop = after(message->topic, "set/"), .id = "null" };
	bool stop;

	if (!arrival.verb && !arrival.prop)
		return;
	if (message->retained && !message->size)
		return; // the echo of a topic that was cleared
	stop = is_stop(&arrival);
	if (stop)
		inbox->port.stop(inbox->port.data);
	if (!within_rate(inbox, now_us, &arrival)) {
		if (!stop)
			inbox->port.flood(inbox->port.data);
		inbox->shed++;
		return;
	}
	if (stop)
		answer_stop(inbox, &arrival);
	else if (message->retained)
		refuse_retained(inbox, &arrival);
	else if (parse(inbox, unix_s, &arrival)) {
		act(inbox, now_us, &arrival);
		request_clear(&arrival.request);
	}
}

uint64_t inbox_shed(const struct inbox *inbox)
{
	return inbox->shed;
}
