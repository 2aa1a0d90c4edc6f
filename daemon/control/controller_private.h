// SPDX-License-Identifier: MIT
//
// The controller's state and the functions that its files share:
//
//   controller.c           events in, frames and topics out
//   controller_requests.c  what each request does
//   controller_mqtt.c      from a broker's message to controller_requests.c, and the reply back
//   controller_signals.c   signals: reload, and an end that releases first
#ifndef CHAIRD_CONTROL_CONTROLLER_PRIVATE_H
#define CHAIRD_CONTROL_CONTROLLER_PRIVATE_H

#include "control/controller.h"
#include "control/guard_link.h"
#include "control/request_gate.h"
#include "control/mqtt_client.h"
#include "control/publisher.h"
#include "control/watchdog.h"
#include "core/deadman.h"
#include "service/clock.h"
#include "service/suspend.h"

#define BOOT_ID_SIZE 37

struct controller {
	sd_event *event;
	const struct settings *settings;
	struct suspend suspend;
	struct library *library;
	// The chair that this run began with, as the guard's did. A reload changes of it at most
	// its title: it refuses a file that has become another chair.
	struct chair chair;
	struct session *session;
	struct deadman deadman;
	struct plan plan; // the one being built
	struct guard_link *guard;
	struct mqtt_client *client;
	struct request_gate *gate;
	struct publisher publisher;
	struct watchdog watchdog;
	sd_event_source *deadman_timer, *alert_timer, *stop_timer;
	char chosen[NAME_SIZE]; // set/profile; "": none
	char boot_id[BOOT_ID_SIZE];
	enum session_phase last_logged_phase; // to journal and systemd
	uint16_t last_logged_segment;
	bool last_logged_other_chair; // to the log
	int64_t stopped_us; // when the session was last told to stop (clock_monotonic_us())
	bool stopping;      // the end of the process has been asked for
};

// controller.c
int64_t controller_now_us(const struct controller *controller); // the chair's time
void controller_step(struct controller *controller);
// If the computer was asleep, what ran then has ended. Before anything acts on an older session.
void controller_wake(struct controller *controller);
// As things are now; valid until the next step.
void controller_view(struct controller *controller, struct status_view *ret_view);
void controller_refresh(struct controller *controller, bool changed);
void controller_arm_alerts(struct controller *controller);

// controller_requests.c: as in struct request_gate_port.
void controller_requests_stop(void *data);
bool controller_requests_act(void *data, const struct request *request, json_t **ret_data,
	struct request_error *ret_error);
bool controller_requests_lowers(void *data, const struct request *request);
// The library again, all of it or nothing, and only while the chair is idle.
bool controller_requests_reload(struct controller *controller, struct request_error *ret_error);

// controller_mqtt.c
int controller_mqtt_open(struct controller *controller); // request_gate, publisher and the broker

// controller_signals.c
int controller_signals_start(struct controller *controller);
void controller_signals_step(struct controller *controller); // after every step of the session

#endif
