// SPDX-License-Identifier: MIT
#include "control/publisher.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/utf8.h"
#include "control/atlas_document.h"
#include "control/info.h"

#define ALERT_AGAIN_US (1 * US_PER_S)
#define RETAINED       true

void publisher_init(struct publisher *publisher, const struct publisher_port *port,
	int telemetry_hz)
{
	*publisher = (struct publisher){ .port = *port,
		.telemetry_interval_us = US_PER_S / telemetry_hz };
}

// Takes the reference to document. 0, or -errno if it could not be sent.
static int send_as(struct publisher *publisher, json_t *document, struct publication publication)
{
	char *text = document ? json_dumps(document, STATUS_DUMP_FLAGS) : NULL;
	int r = -ENOMEM;

	if (text) {
		publication.payload = text;
		publication.size = strlen(text);
		r = publisher->port.publish(publisher->port.data, &publication);
	}
	free(text);
	json_decref(document);
	return r;
}

static int send_json(struct publisher *publisher, const char *topic, json_t *document, int qos,
	bool retain)
{
	return send_as(publisher, document,
		(struct publication){ .topic = topic, .qos = qos, .retain = retain });
}

static void send_alert(struct publisher *publisher, enum alert alert)
{
	const char *text = publisher->alert[alert].raised ? publisher->alert[alert].text : NULL;
	char topic[64];
	int r;

	snprintf(topic, sizeof(topic), "alert/%s", alert_name(alert));
	r = text ? send_json(publisher, topic, status_alert(alert, text), 1, RETAINED)
		 : publisher->port.publish(publisher->port.data,
			   &(struct publication){
				   .topic = topic, .payload = "", .qos = 1, .retain = RETAINED });
	// Without a connection there is nothing to retry: publisher_connected() sends them all.
	publisher->alert[alert].unsent = r < 0 && r != -ENOTCONN;
}

void publisher_info(struct publisher *publisher, const struct status_view *view)
{
	send_json(publisher, "info", info_document(view->library, view->chair), 1, RETAINED);
	send_json(publisher, "atlas", atlas_document(&view->library->atlas, view->chair), 1,
		RETAINED);
}

bool publisher_dose(struct publisher *publisher, json_t *document)
{
	return send_json(publisher, "dose", document, 1, RETAINED) == 0;
}

void publisher_connected(struct publisher *publisher, int64_t now_us,
	const struct status_view *view)
{
	publisher_info(publisher, view);
	publisher->target[0] = '\0';
	publisher_refresh(publisher, now_us, view, true);
	// Clear alerts that an earlier run may have left.
	for (int i = 0; i < ALERT_COUNT; i++)
		send_alert(publisher, (enum alert)i);
}

// Compared with the time of the breath left out: it changes with every message.
static bool refresh_target(struct publisher *publisher, const struct status_view *view)
{
	struct status_view still = *view;
	json_t *document;
	char text[TARGET_SIZE] = "";
	size_t size;

	still.now_us = view->status.breath.origin_us;
	document = status_target(&still);
	size = json_dumpb(document, text, sizeof(text) - 1, STATUS_DUMP_FLAGS);
	json_decref(document);
	if (size >= sizeof(text) || !strcmp(text, publisher->target))
		return true;
	if (send_json(publisher, "target", status_target(view), 1, RETAINED) < 0)
		return false;
	strcpy(publisher->target, text);
	return true;
}

void publisher_refresh(struct publisher *publisher, int64_t now_us, const struct status_view *view,
	bool changed)
{
	long remaining_s = lround(view->status.remaining_s);

	publisher->dirty = publisher->dirty || changed;
	if (!publisher->dirty &&
		(remaining_s == publisher->remaining_s ||
			now_us - publisher->state_us < REMAINING_US))
		return;
	publisher->state_us = now_us;
	publisher->remaining_s = remaining_s;
	if (send_json(publisher, "state", status_state(view), 1, RETAINED) < 0) {
		publisher->dirty = true; // send it again with the next change
		return;
	}
	if (publisher->dirty)
		publisher->dirty = !refresh_target(publisher, view);
}

void publisher_telemetry(struct publisher *publisher, int64_t now_us,
	const struct status_view *view)
{
	if (now_us - publisher->telemetry_us < publisher->telemetry_interval_us)
		return;
	publisher->telemetry_us = now_us;
	send_json(publisher, "telemetry", status_telemetry(view), 0, !RETAINED);
}

void publisher_event(struct publisher *publisher, const struct status_view *view,
	const struct session_event *event)
{
	send_json(publisher, "event", status_event(view, event), 1, !RETAINED);
}

void publisher_set_refused(struct publisher *publisher, const char *prop,
	const struct request_error *refused)
{
	send_as(publisher,
		json_pack("{s:s, s:s, s:s, s:s, s:s}", "event_type", "refused", "property", prop,
			"code", refused->code, "message", refused->message, "hint", refused->hint),
		(struct publication){ .topic = "event", .qos = 1, .refusal = true });
}

void publisher_reloaded(struct publisher *publisher, const json_t *data)
{
	json_t *event = json_pack("{s:s}", "event_type", "reloaded");

	json_object_update(event, (json_t *)data);
	send_json(publisher, "event", event, 1, !RETAINED);
}

void publisher_reload_refused(struct publisher *publisher, const struct request_error *refused)
{
	send_json(publisher, "event",
		json_pack("{s:s, s:s, s:s, s:s}", "event_type", "reload_refused", "code",
			refused->code, "message", refused->message, "hint", refused->hint),
		1, !RETAINED);
}

static bool raise_alert(struct publisher *publisher, enum alert alert, const char *text,
	int64_t until_us)
{
	bool was = publisher->alert[alert].raised;
	bool news = text ? !was || strncmp(publisher->alert[alert].text, text, ALERT_TEXT_SIZE - 1)
			 : was;

	publisher->alert[alert].raised = text != NULL;
	if (text)
		snprintf(publisher->alert[alert].text, ALERT_TEXT_SIZE, "%s", text);
	utf8_drop_incomplete(publisher->alert[alert].text);
	publisher->alert[alert].until_us = until_us;
	if (news)
		send_alert(publisher, alert);
	return news;
}

void publisher_alert(struct publisher *publisher, enum alert alert, const char *text)
{
	raise_alert(publisher, alert, text, TIME_NEVER);
}

bool publisher_incident(struct publisher *publisher, int64_t now_us, enum alert alert,
	const char *text, int64_t calm_us)
{
	return raise_alert(publisher, alert, text, now_us + calm_us);
}

int64_t publisher_calm(struct publisher *publisher, int64_t now_us)
{
	int64_t next_us = TIME_NEVER;

	for (int i = 0; i < ALERT_COUNT; i++) {
		if (publisher->alert[i].unsent)
			send_alert(publisher, (enum alert)i);
		if (publisher->alert[i].unsent)
			next_us = min_i64(next_us, now_us + ALERT_AGAIN_US);
		if (!publisher->alert[i].raised)
			continue;
		if (now_us >= publisher->alert[i].until_us)
			raise_alert(publisher, (enum alert)i, NULL, TIME_NEVER);
		else
			next_us = min_i64(next_us, publisher->alert[i].until_us);
	}
	return next_us;
}
