// SPDX-License-Identifier: MIT
//
// Home Assistant's discovery: published on every connection, on Home Assistant's birth message and
// after a reload; removed if it is switched off or its topic has changed.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "control/controller_private.h"
#include "control/home_assistant.h"
#include "control/status.h"

#define BIRTHS_PER_S  1
#define BIRTHS_BURST  3
#define BIRTH_PAYLOAD "online"

static int publish(struct controller *controller, const char *topic, const char *text)
{
	return mqtt_client_publish(controller->client,
		&(struct publication){ .topic = topic,
			.absolute = true,
			.payload = text,
			.size = strlen(text),
			.qos = 1,
			.retain = true });
}

// Remove the payload of an earlier run, unless it is on the wanted topic ("": none).
static void remove_old(struct controller *controller, const char *wanted)
{
	char *old = controller->kept.discovery;

	if (*old && strcmp(old, wanted) && publish(controller, old, "") == 0)
		*old = '\0';
}

void controller_discovery_init(struct controller *controller)
{
	rate_limit_init(&controller->births, BIRTHS_PER_S, BIRTHS_BURST);
}

void controller_discovery_publish(struct controller *controller)
{
	const struct settings *settings = controller->settings;
	char topic[DISCOVERY_TOPIC_SIZE] = "", *text;
	json_t *document;

	if (settings->home_assistant.discovery)
		home_assistant_topic(settings, controller->chair.id, topic);
	remove_old(controller, topic);
	if (*topic) {
		document = home_assistant_document(settings, controller->library,
			&controller->chair);
		text = json_dumps(document, STATUS_DUMP_FLAGS);
		if (text && publish(controller, topic, text) == 0)
			strcpy(controller->kept.discovery, topic);
		free(text);
		json_decref(document);
	}
	state_keeper_update(controller->keeper, &controller->kept);
}

void controller_discovery_birth(struct controller *controller, const struct mqtt_message *message)
{
	if (message->size == strlen(BIRTH_PAYLOAD) &&
		!memcmp(message->payload, BIRTH_PAYLOAD, message->size) &&
		rate_limit_take(&controller->births, clock_monotonic_us()))
		controller_discovery_publish(controller);
}
