// SPDX-License-Identifier: MIT
//
// What the files of the controller share:
//
//   controller.c  news in, frames and topics out
//   verbs.c       what each request does
//   desk.c        the way of a message from the broker to verbs.c, and of the answer back
//   lifecycle.c   signals: reload, and an end that lets go first
#ifndef CHAIRD_CONTROL_CONTROLLER_PRIVATE_H
#define CHAIRD_CONTROL_CONTROLLER_PRIVATE_H

#include "control/controller.h"
#include "control/guard_link.h"
#include "control/inbox.h"
#include "control/broker.h"
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
	struct broker *broker;
	struct inbox *inbox;
	struct publisher publisher;
	struct watchdog watchdog;
	sd_event_source *deadman_timer, *alert_timer, *stop_timer;
	char chosen[NAME_SIZE]; // set/profile; "": none
	char boot_id[BOOT_ID_SIZE];
	enum session_phase told_phase; // to journal and systemd
	uint16_t told_segment;
	bool told_other_chair; // to the log
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

// verbs.c: as in struct inbox_port.
void verbs_stop(void *data);
bool verbs_act(void *data, const struct request *request, json_t **ret_data,
	struct refused *ret_refused);
bool verbs_lowers(void *data, const struct request *request);
// The library again, all of it or nothing, and only while the chair is idle.
bool verbs_reload(struct controller *controller, struct refused *ret_refused);

// desk.c
int desk_open(struct controller *controller); // inbox, publisher and the broker

// lifecycle.c
int lifecycle_start(struct controller *controller);
void lifecycle_step(struct controller *controller); // after every step of the session

#endif
