// SPDX-License-Identifier: MIT
//
// A session: the pure state machine that plays a plan on a chair through the guard.
//
//   idle -> arming -> homing -> segment* -> parking -> releasing -> idle
//   segment: approach -> press -> hold or stroke -> release -> rest; or approach -> knead or tap
//            -> rest; or approach -> stroke -> release, of a roll; or a timed pause; or a
//            posture
//   a segment -> pausing -> paused -> (RESUME) arming -> homing -> the interrupted segment
//   any of them -> releasing -> idle   STOP, seat, lease or broker lost, released by the guard
//   any of them -> fault -> idle       the guard tripped; RESET never leads to motion
//
// Every transition with its reason: session_transitions.c.
//
// Every end of a session sends RELEASE first; nothing resumes by itself. If the guard reports
// another chair (fingerprint.h), nothing starts: its reports are not used, and only RELEASE and
// QUERY are sent.
//
// If the actuator of a hold has a force sensor, drive follows the force error at the report rate
// (regulator.h); otherwise it is by the calibration table, or the profile's per mille. Ramps rise
// during the exhale (breath.h). Time is an argument; no I/O, no allocation, no clock.
#ifndef CHAIRD_CORE_SESSION_H
#define CHAIRD_CORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/breath.h"
#include "core/chair.h"
#include "core/command.h"
#include "core/plan.h"
#include "core/wire.h"

enum session_phase {
	SESSION_IDLE,
	SESSION_ARMING,
	SESSION_HOMING,
	SESSION_APPROACH,
	SESSION_PRESS, // the ramp
	SESSION_HOLD,
	SESSION_RELEASE,
	SESSION_REST,
	SESSION_STROKE,
	SESSION_KNEAD,
	SESSION_TAP,
	SESSION_TIMED_PAUSE, // the technique "pause"
	SESSION_POSTURE,     // a part of the chair moves the person, nothing presses
	SESSION_PARKING,
	SESSION_PAUSING, // the guard releases, then PAUSED
	SESSION_PAUSED,
	SESSION_RELEASING, // the guard releases, then IDLE
	SESSION_JOG,
	SESSION_FAULT,
	SESSION_PHASE_COUNT,
};

enum session_event_type {
	SESSION_EVENT_STARTED,
	SESSION_EVENT_HOLD_REACHED,
	SESSION_EVENT_HOLD_DONE, // with its result
	SESSION_EVENT_STEP_DONE, // a segment
	SESSION_EVENT_PAUSED,
	SESSION_EVENT_RESUMED,
	SESSION_EVENT_COMPLETED,
	SESSION_EVENT_ABORTED, // with the cause
	SESSION_EVENT_TRIPPED,
	SESSION_EVENT_RESET,
	SESSION_EVENT_HOMED,
	SESSION_EVENT_TYPE_COUNT,
};

// Why a session was aborted.
enum session_cause {
	CAUSE_NONE,
	CAUSE_STOP,
	CAUSE_SEAT,
	CAUSE_LEASE,      // the client's lease lapsed
	CAUSE_BROKER,     // lost for longer than the grace time, without a lease
	CAUSE_GUARD_LOST, // the guard's socket closed or its reports stopped
	CAUSE_GUARD,      // the guard released without a command; see reason
	CAUSE_TIME,       // the session reached its longest time
	CAUSE_STUCK,      // a phase did not end in its time
	CAUSE_SUSPEND,    // the computer was suspended
	CAUSE_COUNT,
};

// Result of a hold in the target's unit: measured if the target is in newtons and the actuator has
// a force sensor, otherwise as applied.
struct hold_result {
	uint16_t segment;
	int16_t points[2];
	enum target_unit unit;
	bool measured; // by a force sensor
	double target; // mean of the hold's targets, as the intensity may have changed
	double mean, minimum, peak;
	double seconds;
	double in_band; // share of the hold within +-10 % of the target, 0 ... 1
	double eased_s; // into the hold, when FEEDBACK_EASED came; NAN: it did not
};

struct session_event {
	enum session_event_type type;
	enum session_cause cause;
	enum guard_reason reason;
	struct hold_result hold;
	uint16_t segment;
};

struct session_transition {
	enum session_phase from, to;
};

#define SESSION_EVENTS_MAX      8
#define SESSION_TRANSITIONS_MAX 8
#define SESSION_FRAMES_MAX      WIRE_MESSAGE_FRAMES_MAX // one of each type

// Output of a step. The caller sends the frames in one message, then publishes the events. Frames
// are made also while no guard is connected; the caller drops them.
struct session_output {
	size_t n_frames;
	union wire_frame frames[SESSION_FRAMES_MAX]; // send header.length bytes of each
	size_t n_events;
	struct session_event events[SESSION_EVENTS_MAX];
	size_t n_transitions; // since the last step; one without a reason is a bug, to be logged
	struct session_transition transitions[SESSION_TRANSITIONS_MAX];
	enum session_phase phase; // after the step
	bool changed;             // session_status() differs from the last step's, except times
	int64_t next_us;          // the latest time of the next step; TIME_NEVER when idle
};

// State of the session for status and panels.
struct session_status {
	enum session_phase phase;
	enum session_cause cause; // of the last abort, until the next start
	// REASON_NONE if none is latched. REASON_OTHER_CHAIR is not latched: it lasts while a guard
	// that has read another chair is connected.
	enum guard_reason fault;
	int culprit; // index of the faulty actuator, or -1
	bool guard_connected;
	bool inputs_known; // a guard reports and can read its lines; if not, the next are void
	bool occupied, estop_good, homed;
	uint32_t pressed; // set of presses and cells that are not proven released, by index
	bool has_plan;
	uint16_t segment, n_segments;
	int16_t points[2];
	double remaining_s; // rises only after a pause or for a rest that pacing demands
	double intensity_percent;
	double ease;   // factor by which "less" has lowered this session, 1 or less
	double target; // accepted, in target_unit; 0 in phases without pressing
	enum target_unit target_unit;
	bool eased;           // reported in this hold, which ends after its minimum
	struct breath breath; // of the session; inhale_s is 0 without one
	double phase_s;       // time since the phase began
	double phase_total_s; // its planned duration; 0: not known
	bool leased;
};

struct session;

size_t session_size(void);
// In the caller's memory of session_size() bytes. The chair is borrowed.
struct session *session_init(void *memory, const struct chair *chair);

// Execute a command, or refuse it and change nothing. START copies the plan. The effect is in the
// output of the next session_step().
enum refusal session_command(struct session *session, int64_t now_us, const struct command *command,
	const struct plan *plan);

// Inputs of the session, at any time and in any order; call session_step() after each. Pass queued
// reports before a step that is due, or they count as missing.
void session_guard_link(struct session *session, int64_t now_us, bool up);
void session_guard_report(struct session *session, int64_t now_us,
	const struct wire_report *report);
// From deadman.h: the broker is lost for longer than its grace time, or is back; the lease or jog
// heartbeat of the client has lapsed.
void session_broker_lost(struct session *session, bool lost);
void session_client_lapsed(struct session *session);

// The computer was suspended: ends a session, also a paused one.
void session_suspended(struct session *session, int64_t now_us);

void session_step(struct session *session, int64_t now_us, struct session_output *ret);

void session_status(const struct session *session, int64_t now_us, struct session_status *ret);
// NULL if there is none. Still valid in the step with the event of the session's end.
const struct plan *session_plan(const struct session *session);
// The last one; NULL if there is none, or if the guard has read another chair.
const struct wire_report *session_report(const struct session *session);

// The reason for a transition; NULL if the session must never make it.
const char *session_transition_reason(enum session_phase from, enum session_phase to);
const char *session_phase_name(enum session_phase phase);
const char *session_event_name(enum session_event_type type);
const char *session_cause_name(enum session_cause cause);
const char *session_cause_text(enum session_cause cause);

#endif
