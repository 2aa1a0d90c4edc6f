// SPDX-License-Identifier: MIT
//
// A session: the pure state machine that plays a plan on a chair through the guard.
//
//   idle -> arming -> homing -> (approach -> press -> hold -> release -> rest)* -> parking -> idle
//                                stroke, knead, pause stand in for the bracket
//   any of them -> releasing -> idle      stop, seat lost, lease lapsed, broker lost, guard let go
//   any of them -> pausing -> paused -> (resume) -> approach of the interrupted segment
//   any of them -> fault                  the guard tripped; RESET leads to idle, never to motion
//
// With a guard whose reports are of another chair (fingerprint.h) nothing starts: what it reports
// is not used, and no frame but RELEASE and QUERY is sent.
//
// Whatever ends a session sends RELEASE first; nothing resumes by itself. Where the actuator of a
// hold has a force sensor, drive follows the force error at the report rate (regulator.h);
// without one it comes from the calibration table or is the profile's per mille. Ramps press on
// the exhale (breath.h). Time is an argument; no I/O, no allocation, no clock.
#ifndef CHAIRD_CORE_SESSION_H
#define CHAIRD_CORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
	SESSION_TIMED_PAUSE, // the technique "pause"
	SESSION_PARKING,
	SESSION_PAUSING, // let go, on the way to PAUSED
	SESSION_PAUSED,
	SESSION_RELEASING, // let go, on the way to IDLE
	SESSION_JOG,
	SESSION_FAULT,
	SESSION_PHASE_COUNT,
};

enum session_event_type {
	SESSION_EVENT_STARTED,
	SESSION_EVENT_HOLD_REACHED,
	SESSION_EVENT_HOLD_DONE, // with what was measured
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
	CAUSE_GUARD,      // the guard let go by itself; see reason
	CAUSE_TIME,       // the session's longest time
	CAUSE_STUCK,      // a phase did not end in its time
	CAUSE_SUSPEND,    // the computer was asleep
	CAUSE_COUNT,
};

// One hold as it was measured, in the target's unit: by the sensor where the target is in newtons
// and the actuator has one, otherwise as applied.
struct hold_result {
	uint16_t segment;
	int16_t points[2];
	enum target_unit unit;
	bool measured; // by a force sensor
	double target, mean, minimum, peak;
	double seconds;
	double in_band; // share of the hold within +-10 % of the target, 0 ... 1
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
#define SESSION_FRAMES_MAX      5 // one of each type

// What one step asks its caller to do, in this order: send the frames, tell the events. Frames are
// made even while no guard is connected; then they go nowhere.
struct session_output {
	size_t n_frames;
	union wire_frame frames[SESSION_FRAMES_MAX]; // send header.length bytes of each
	size_t n_events;
	struct session_event events[SESSION_EVENTS_MAX];
	size_t n_transitions; // since the last step; report one without a reason as our bug
	struct session_transition transitions[SESSION_TRANSITIONS_MAX];
	enum session_phase phase; // as it is now
	bool changed;             // session_status() differs since the last step, but for its times
	int64_t next_us;          // step again then at the latest; TIME_NEVER when idle
};

// What is true now, for status and panels.
struct session_status {
	enum session_phase phase;
	enum session_cause cause; // of the last abort, until the next start
	// REASON_NONE where none is latched. REASON_OTHER_CHAIR is not latched: it lasts as long as
	// the guard that is connected has read another chair.
	enum guard_reason fault;
	int culprit; // actuator the fault speaks of, or -1
	bool guard_connected;
	bool inputs_known; // there is a guard that can read its lines; if not, the next are void
	bool occupied, estop_good, homed;
	uint32_t pressed; // the actuators that press and are not proven released, by index
	bool has_plan;
	uint16_t segment, n_segments;
	int16_t points[2];
	double remaining_s;
	double intensity_percent;
	double target; // accepted, in target_unit; 0 while nothing is to press
	enum target_unit target_unit;
	double phase_s;       // how long the phase has lasted
	double phase_total_s; // how long it is meant to last; 0 unknown
	bool leased;
};

struct session;

size_t session_size(void);
// In memory of the caller's, of session_size() bytes. The chair is borrowed.
struct session *session_init(void *memory, const struct chair *chair);

// Do as told, or say why not. START takes the plan (copied) and changes nothing on a refusal.
// The effect shows in the next session_step().
enum refusal session_command(struct session *session, int64_t now_us, const struct command *command,
	const struct plan *plan);

// News for the session. All may come at any time, in any order; make a session_step() after each.
// Hand over waiting reports before a step that was due, or they count as missing.
void session_guard_link(struct session *session, int64_t now_us, bool up);
void session_guard_report(struct session *session, int64_t now_us,
	const struct wire_report *report);
// What deadman.h finds: the broker has been away for longer than its grace, or is back; the client
// that leased the session, or keeps it jogging, has not been heard in time.
void session_broker_lost(struct session *session, bool lost);
void session_client_lapsed(struct session *session);

// The computer was suspended: whatever runs, or is paused, ends.
void session_suspended(struct session *session, int64_t now_us);

void session_step(struct session *session, int64_t now_us, struct session_output *ret);

void session_status(const struct session *session, int64_t now_us, struct session_status *ret);
// NULL where there is none. It is still there in the step that tells how its session ended.
const struct plan *session_plan(const struct session *session);
// The last. NULL where there is none, or the guard has read another chair.
const struct wire_report *session_report(const struct session *session);

// Why a session goes from one phase to the other; NULL if it never does.
const char *session_transition_reason(enum session_phase from, enum session_phase to);
const char *session_phase_name(enum session_phase phase);
const char *session_event_name(enum session_event_type type);
const char *session_cause_name(enum session_cause cause);
const char *session_cause_text(enum session_cause cause);

#endif
