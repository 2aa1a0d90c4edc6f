// SPDX-License-Identifier: MIT
//
// When the topics are sent: state and target on change, telemetry a few times a second while
// something moves, events as they happen, alerts when they begin and end. What they say: status.h.
//
// Time is real monotonic time, whatever clock the chair is on: it paces the network.
#ifndef CHAIRD_CONTROL_PUBLISHER_H
#define CHAIRD_CONTROL_PUBLISHER_H

#include <stdbool.h>
#include <stdint.h>

#include "control/command_json.h"
#include "control/mqtt_connection.h"
#include "control/status.h"

// Time that runs down is news once a second at most.
#define REMAINING_US (1 * US_PER_S)

// An alert about something that happened ends when it has not happened again for so long.
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
	bool dirty;               // state and target have not been sent as they are
	char target[TARGET_SIZE]; // as it was sent last
	int64_t state_us;
	long remaining_s;
	struct {
		bool raised;
		char text[ALERT_TEXT_SIZE];
		int64_t until_us; // TIME_NEVER: until it is taken back
		bool unsent;      // the queue was full: again
	} alert[ALERT_COUNT];
};

void publisher_init(struct publisher *publisher, const struct publisher_port *port,
	int telemetry_hz);

// A new connection: everything that is retained, again.
void publisher_connected(struct publisher *publisher, int64_t now_us,
	const struct status_view *view);

void publisher_info(struct publisher *publisher, const struct status_view *view);
void publisher_refresh(struct publisher *publisher, int64_t now_us, const struct status_view *view,
	bool changed);
void publisher_telemetry(struct publisher *publisher, int64_t now_us,
	const struct status_view *view);
void publisher_event(struct publisher *publisher, const struct status_view *view,
	const struct session_event *event);
void publisher_set_refused(struct publisher *publisher, const char *prop,
	const struct request_error *refused);

// Something is (text, which is copied) or is not (NULL) as it should be.
void publisher_alert(struct publisher *publisher, enum alert alert, const char *text);
// Something happened. True where it is news.
bool publisher_incident(struct publisher *publisher, int64_t now_us, enum alert alert,
	const char *text);
// Take back the alerts that have been calm, and send again those that the queue had no room for.
// Returns when to come back, TIME_NEVER: not at all.
int64_t publisher_calm(struct publisher *publisher, int64_t now_us);

#endif
