// SPDX-License-Identifier: MIT
//
// Publisher of the chair's topics: decides when each is sent; status.h makes the documents.
//
// State and target are sent on change, telemetry a few times a second while something moves, events
// when they happen, alerts when they begin and end. Times are real monotonic time, whatever clock
// the chair has: they pace the network.
#ifndef CHAIRD_CONTROL_PUBLISHER_H
#define CHAIRD_CONTROL_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>

#include "control/command_json.h"
#include "control/mqtt_connection.h"
#include "control/status.h"

// Shortest interval between updates for the remaining time alone.
#define REMAINING_US (1 * US_PER_S)

// An alert about an incident ends after this time without another.
#define ALERT_CALM_US (10 * US_PER_S)

#define TARGET_SIZE     512 // of that document
#define ALERT_TEXT_SIZE 256

struct publisher_port {
	int (*publish)(void *data, const struct publication *publication); // mqtt_client_publish()
	void *data;
};

struct publisher {
	struct publisher_port port;
	int64_t telemetry_interval_us, telemetry_us;
	bool dirty;               // state and target have changed since they were sent
	char target[TARGET_SIZE]; // as last sent
	int64_t state_us;
	long remaining_s;
	struct {
		bool raised;
		char text[ALERT_TEXT_SIZE];
		int64_t until_us; // TIME_NEVER: until it is cleared
		bool unsent;      // the queue was full: send it again
	} alert[ALERT_COUNT];
};

void publisher_init(struct publisher *publisher, const struct publisher_port *port,
	int telemetry_hz);

// Publish everything that is retained, on a new connection.
void publisher_connected(struct publisher *publisher, int64_t now_us,
	const struct status_view *view);

void publisher_info(struct publisher *publisher, const struct status_view *view); // and atlas
bool publisher_dose(struct publisher *publisher, json_t *document); // takes it; false: not sent
void publisher_refresh(struct publisher *publisher, int64_t now_us, const struct status_view *view,
	bool changed);
void publisher_telemetry(struct publisher *publisher, int64_t now_us,
	const struct status_view *view);
void publisher_event(struct publisher *publisher, const struct status_view *view,
	const struct session_event *event);
void publisher_set_refused(struct publisher *publisher, const char *prop,
	const struct request_error *refused);

// The library was reloaded (data of the answer), or was not (the reason of the refusal).
void publisher_reloaded(struct publisher *publisher, const json_t *data);
void publisher_reload_refused(struct publisher *publisher, const struct request_error *refused);

// Raise an alert (text is copied), or clear it (NULL).
void publisher_alert(struct publisher *publisher, enum alert alert, const char *text);
// Raise an alert about an incident, for calm_us without another. True if it was not raised already.
bool publisher_incident(struct publisher *publisher, int64_t now_us, enum alert alert,
	const char *text, int64_t calm_us);
// Clear the alerts whose incidents are over, and send again those that the queue had no room for.
// Returns when to call again; TIME_NEVER: not at all.
int64_t publisher_calm(struct publisher *publisher, int64_t now_us);

#endif
