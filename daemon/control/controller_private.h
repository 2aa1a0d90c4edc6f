// SPDX-License-Identifier: MIT
//
// State of the controller, and the functions that its files share:
//
//   controller.c           events in, frames and topics out
//   controller_requests.c  execution of each request
//   controller_profiles.c  texts of profiles, sent and stored
//   controller_mqtt.c      messages to controller_requests.c, and replies back to the broker
//   controller_buttons.c   buttons in the person's reach
//   controller_dose.c      the dose ledger
//   controller_persons.c   people by name
//   controller_state.c     state that is kept over restarts
//   controller_discovery.c discovery by Home Assistant
//   controller_signals.c   signals: reload, and a shutdown that releases first
#ifndef CHAIRD_CONTROL_CONTROLLER_PRIVATE_H
#define CHAIRD_CONTROL_CONTROLLER_PRIVATE_H

#include "control/controller.h"
#include "control/consent_book.h"
#include "control/dose_book.h"
#include "control/guard_link.h"
#include "control/request_gate.h"
#include "control/mqtt_client.h"
#include "control/publisher.h"
#include "control/rate_limit.h"
#include "control/refusal_log.h"
#include "control/state_keeper.h"
#include "control/watchdog.h"
#include "core/button.h"
#include "core/deadman.h"
#include "service/clock.h"
#include "service/suspend.h"

#define BOOT_ID_SIZE 37

struct controller {
	sd_event *event;
	const struct settings *settings;
	struct suspend suspend;
	struct library *library;
	// The chair at the start of this run, as in the guard. A reload refuses another chair: at
	// most the title changes.
	struct chair chair;
	struct session *session;
	struct deadman deadman;
	struct plan plan; // being built
	struct guard_link *guard;
	struct mqtt_client *client;
	struct request_gate *gate;
	struct refusal_log refusal_log;
	struct publisher publisher;
	struct watchdog watchdog;
	sd_event_source *deadman_timer, *alert_timer, *stop_timer;
	struct {
		struct button_watch watch;
		uint32_t begun; // presses not acted on yet, a set by index
		uint32_t reported_stuck;
	} buttons;
	char chosen[NAME_SIZE]; // set/profile, or the last that was started; "": none
	char person[NAME_SIZE]; // for whom the last session was started; "": nobody by name
	struct consent_book *consents;
	struct state_keeper *keeper;
	struct kept_state kept;
	struct session_tally tally;
	struct {
		struct dose_book *book;
		sd_event_source *midnight;
		json_t *refused;    // profiles, by person: see dose_document()
		uint64_t published; // revision of the book
		int64_t published_us;
	} dose;
	struct rate_limit births; // Home Assistant's birth messages
	char boot_id[BOOT_ID_SIZE];
	enum session_phase last_logged_phase; // to journal and systemd
	uint16_t last_logged_segment;
	bool last_logged_other_chair;
	int64_t stopped_us; // when a stop was last passed to the session (clock_monotonic_us())
	bool stopping;      // the process has been asked to end
};

// controller.c
int64_t controller_now_us(const struct controller *controller); // the chair's time
void controller_step(struct controller *controller);
// End the session if the computer has been suspended. Call it before anything acts on the session.
void controller_wake(struct controller *controller);
// Present state; valid until the next step.
void controller_view(struct controller *controller, struct status_view *ret_view);
void controller_refresh(struct controller *controller, bool changed);
void controller_arm_alerts(struct controller *controller);

// controller_requests.c: see struct request_gate_port.
void controller_requests_stop(void *data);
const char *controller_requests_not_understood(void *data);
bool controller_requests_act(void *data, const struct request *request, json_t **ret_data,
	struct request_error *ret_error);
bool controller_requests_lowers(void *data, const struct request *request);
// Start a session of a profile, with what else the request has, if it is proved and allowed.
bool controller_requests_start(struct controller *controller, const struct request *request,
	const struct profile *profile, json_t **ret_data, struct request_error *ret_error);
// Reload the library, and only while the chair is idle; if anything but a profile is wrong, keep
// the old one. Either way an event is published. ret_data: what was reloaded, and what was not.
bool controller_requests_reload(struct controller *controller, json_t **ret_data,
	struct request_error *ret_error);
// Raise the alert about profiles that cannot be used, or clear it.
void controller_requests_report_profiles(struct controller *controller);

// After profiles have changed: publish what depends on them.
void controller_requests_library_changed(struct controller *controller);

// controller_profiles.c
// The text of a profile as JSON; null if it has changed since it was loaded, or is too long.
json_t *controller_profiles_text(const struct profile *profile);
// The verbs check, put and try, as struct request_gate_port's act(). Call put only while the chair
// is idle: it waits for the disk.
bool controller_profiles_check(const struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *ret_error);
bool controller_profiles_put(struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *ret_error);
bool controller_profiles_try(struct controller *controller, const struct request *request,
	json_t **ret_data, struct request_error *ret_error);

// controller_buttons.c
void controller_buttons_link(struct controller *controller); // the guard has connected, or is lost
void controller_buttons_report(struct controller *controller, const struct wire_report *report);
void controller_buttons_act(struct controller *controller); // after all queued reports

// controller_mqtt.c
int controller_mqtt_open(struct controller *controller); // request gate, publisher and client

// controller_state.c
int controller_state_open(struct controller *controller); // after session and guard link
void controller_state_update(struct controller *controller, const struct session_status *status);
void controller_state_event(struct controller *controller, const char *profile,
	const struct session_event *event);

// controller_persons.c
int controller_persons_open(struct controller *controller);
// NULL, with an error, if there is nobody of that name.
const struct person *controller_persons_find(const struct controller *controller, const char *name,
	struct request_error *refused);
bool controller_persons_may_start(const struct controller *controller, const struct person *person,
	struct request_error *refused); // with consent
// The atlas as the person's body has it on this chair (person_atlas()); NULL: the library's. The
// caller frees *ret_points. -ENOMEM.
int controller_persons_atlas(const struct controller *controller, const struct person *person,
	struct point **ret_points, struct atlas *ret_atlas);
// Points of a plan that are left out: closed to the person (point and reason), or out of reach.
json_t *controller_persons_closed(const struct controller *controller, const struct person *person,
	const struct plan *plan);
json_t *controller_persons_unreachable(const struct controller *controller,
	const struct person *person, const struct plan *plan);
json_t *controller_persons_list(const struct controller *controller);
bool controller_persons_show(const struct controller *controller, const char *name,
	json_t **ret_data, struct request_error *refused);
bool controller_persons_consent(struct controller *controller, const char *name, const char *text,
	json_t **ret_data, struct request_error *refused);

// controller_dose.c
int controller_dose_open(struct controller *controller);
void controller_dose_close(struct controller *controller);
void controller_dose_report(struct controller *controller);  // the session has taken a report
void controller_dose_refresh(struct controller *controller); // alert and topic, if they changed
void controller_dose_publish(struct controller *controller);
// False, with the reason, if the person may not have this plan's dose today.
bool controller_dose_allows(struct controller *controller, const char *person,
	const struct plan *plan, struct request_error *refused);
bool controller_dose_show(struct controller *controller, int days, json_t **ret_data,
	struct request_error *refused);

// controller_discovery.c
void controller_discovery_init(struct controller *controller);
void controller_discovery_publish(struct controller *controller);
void controller_discovery_birth(struct controller *controller, const struct mqtt_message *message);

// controller_signals.c
int controller_signals_start(struct controller *controller);
void controller_signals_step(struct controller *controller); // after every step of the session

#endif
