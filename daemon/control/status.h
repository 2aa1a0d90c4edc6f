// SPDX-License-Identifier: MIT
//
// JSON documents of the topics, made from the present state; publisher.h decides when they are
// sent.
//
// Pure. Every function returns a new reference, or NULL if memory runs out.
//
//   state      phase, profile, pathway, step, steps, point, refers_to (where the point is felt),
//              points[], actuator, remaining_s, intensity, occupied, homed, pressed[] (pressed.h),
//              estop_good, guard, cause, boot_id, last (null or the session that ended last:
//              {profile, minutes, holds, completed}), person (for whom it was
//              started; null: nobody by name), eased (reported in this hold), fault (null
//              or {code, text, actuator}); null if a value is not known
//   target     profile (running, or chosen for the next start), intensity, session (idle |
//              running | paused), value and unit ("N" | "permille") of the present press, ease
//              (factor by which "less" has lowered this session, 1 or less), leased, breath (null
//              without a session, or {origin_s, t_ms, inhale_s, exhale_s}: the last exhale
//              began origin_s, 0 or less, from when this message was made, which was at t_ms on
//              the clock of telemetry's t_ms)
//   telemetry  t_ms (the guard's clock), mode, phase_s, phase_total_s (0: not known), actuators
//              {name: {drive_permille, at_home, force_n, position_mm}}, lateness[], shed,
//              frames_refused; at_home is the debounced contact, if there is a home switch
//   event      event_type, profile, step, steps, points[], cause and text, reason and
//              reason_text; hold_done: hold {unit, measured, target, mean, minimum, peak,
//              seconds, in_band, eased_s (into the hold, when "eased" was reported; null: it
//              was not)}
//   alert      code, text
#ifndef CHAIRD_CONTROL_STATUS_H
#define CHAIRD_CONTROL_STATUS_H

#include <jansson.h>

#include "config/library.h"
#include "control/last_session.h"
#include "core/session.h"

#define STATUS_SCHEMA 1 // of all topics; counts up when a key changes its meaning

// Numbers in JSON have six significant digits.
#define STATUS_DUMP_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(6))

enum alert {
	ALERT_FAULT,     // the guard tripped; until a reset
	ALERT_PRESSED,   // something presses outside of a session's own press
	ALERT_GUARD,     // no guard is connected
	ALERT_CHAIR,     // the connected guard has read another chair file
	ALERT_RETAINED,  // a retained command was refused
	ALERT_CLIENT_ID, // another client has our client id at the broker
	ALERT_FLOOD,     // commands were dropped unread
	ALERT_PROFILES,  // files of sessions/ are not valid profiles
	ALERT_DOSE,      // the ledger of doses is not complete, cannot be written, or is ahead
	ALERT_BUTTON,    // a button at the chair is stuck
	ALERT_RELOAD,    // the files were not reloaded: one of them is wrong
	ALERT_COUNT,
};

// Input of the documents; all borrowed.
struct status_view {
	const struct library *library;
	const struct chair *chair;
	struct session_status status;
	const struct plan *plan;          // of the session that runs or just ended; NULL: none
	const struct wire_report *report; // NULL: none yet
	const char *chosen;               // the profile for the next start; "": none
	const char *boot_id;
	const char *person; // of the session; "": nobody by name
	const struct last_session *last;
	int64_t now_us; // the chair's clock
};

json_t *status_state(const struct status_view *view);
json_t *status_target(const struct status_view *view);
json_t *status_telemetry(const struct status_view *view); // report must not be NULL
json_t *status_event(const struct status_view *view, const struct session_event *event);
json_t *status_alert(enum alert alert, const char *text);
// Of the latched fault, in words that are still true: an emergency stop that is closed again is not
// called open.
const char *status_fault_text(const struct session_status *status);
const char *alert_name(enum alert alert); // the topic: alert/<name>

// For people: the segment's point, or "" if nothing is pressed.
const char *status_point(const struct status_view *view);

// An array of the names of points that cannot be reached.
json_t *status_unreachable(const struct atlas *atlas, const struct plan *plan);

#endif
