// SPDX-License-Identifier: MIT
//
// Private parts of the session, in these files:
//
//   session.c              inputs; output of a step: frames and events
//   session_command.c      commands and their refusals
//   session_watch.c        ends of a session: guard, seat, leases, clocks
//   session_phase.c        the phases, one function each, ...
//   session_technique.c    ... and those in which the technique of a segment works
//   session_transitions.c  the table of transitions between phases
//   session_layers.c       what runs beside the technique of a segment
//   session_motion.c       demands to the actuators in each phase
//   session_timed.c        whether a carriage without pulses is where it should be
//   session_status.c       state for status and panels
#ifndef CHAIRD_CORE_SESSION_PRIVATE_H
#define CHAIRD_CORE_SESSION_PRIVATE_H

#include "core/breath.h"
#include "core/hold_stats.h"
#include "core/pacing.h"
#include "core/regulator.h"
#include "core/session.h"

#define RELEASE_MAX_US   (60 * US_PER_S) // no release takes longer
#define REQUEST_AGAIN_US (US_PER_S / 2)  // without an answer
#define SLACK_US         (10 * US_PER_S) // added to the longest time of a movement

// Requests: frames other than setpoints that the next step sends.
#define REQUEST_RELEASE 0x1u
#define REQUEST_RESET   0x2u
#define REQUEST_ARM     0x4u
#define REQUEST_QUERY   0x8u

enum stage {
	STAGE_CLEAR,   // presses and cells release
	STAGE_FIND,    // a carriage without pulses finds its position at a contact
	STAGE_TRAVEL,  // carriages, or the part of a posture, move
	STAGE_CONTACT, // the press extends until it touches
	STAGE_RUN,     // kneading, tapping
	STAGE_STOP,    // that stops; or the part of a posture that is skipped
};

enum layer_stage { LAYER_OUT, LAYER_IN, LAYER_ENDS }; // session_layers.c

struct layer_state {
	enum layer_stage stage;
	int64_t stage_us;      // start of the stage
	int64_t in_us;         // since when it is in, its ramp over; 0: it is not
	int64_t rest_until_us; // it does not come in before
	double drive_permille; // demanded
};

enum purpose { PURPOSE_PLAN, PURPOSE_HOME, PURPOSE_JOG };

struct session {
	const struct chair *chair;
	uint64_t fingerprint;  // of the chair
	uint32_t stop_buttons; // set of them, by index

	// the guard
	bool link_up, have_report;
	bool other_chair;             // the guard has read another chair: its reports are not used
	bool fresh;                   // a report has come since the last step
	bool active;                  // the guard has been ACTIVE in this motion
	int64_t report_us, motion_us; // time of the last report; start of this motion
	struct wire_report report;
	struct pacing pacing[CHAIR_ACTUATORS_MAX];

	// frames
	uint32_t seq;         // of the last frame
	unsigned request;     // set of REQUEST_*
	uint32_t request_seq; // of the last request
	int64_t request_us;
	struct wire_demand demand[CHAIR_ACTUATORS_MAX], sent[CHAIR_ACTUATORS_MAX];
	int64_t sent_us;

	// events and transitions for the output of the next step
	struct session_event events[SESSION_EVENTS_MAX];
	size_t n_events;
	struct session_transition transitions[SESSION_TRANSITIONS_MAX];
	size_t n_transitions;

	// the machine
	enum session_phase phase;
	enum stage stage;
	int64_t phase_us, stage_us, step_us; // start of the phase, of the stage; the last step
	bool stage_sent;                     // a setpoint of this stage has been sent
	uint32_t stage_seq;                  // of the first one
	enum session_cause cause;
	struct session_status last_published; // state at the last step, without times

	// one session
	enum purpose purpose;
	bool has_plan;
	struct plan plan;
	uint16_t segment, next_segment;
	int64_t start_us, paused_us; // paused_us: sum of all pauses
	int64_t rest_until_us;
	int64_t segment_us;      // start of this segment
	double remaining_most_s; // upper bound of the published remaining time
	bool leased, lapsed;     // has a client's lease; that, or the jog heartbeat, has lapsed
	bool broker_lost;
	bool skipping;
	struct breath breath;

	// intensity
	double intensity_percent;
	double ease;              // factor <= 1, from feedback "less"
	double boost, boost_next; // factors >= 1 for this segment and the next, from "more"

	// one press
	double setpoint; // in the target's unit, ramped to the target
	int64_t ramp_us; // last update of the setpoint
	double drive_permille;
	struct { // cache of drive_limit()
		int actuator;
		double at_mm, error_mm; // of its carriage, or NAN
		double permille;
	} limit;
	struct regulator regulator;
	struct hold_stats hold_stats;
	double eased_s; // into this hold, or NAN

	// what runs beside it
	struct layer_state layers[STEP_LAYERS_MAX];
	int64_t layers_us; // last update; 0: none yet

	// jog
	int jog_actuator, jog_drive_permille;
};

// session.c
void session_emit(struct session *session, struct session_event event);
// Send these frames in the next step, with a QUERY for a report in answer.
void session_request(struct session *session, unsigned frames);
// Repeat them REQUEST_AGAIN_US after the last request.
void session_request_again(struct session *session, int64_t now_us, unsigned frames);
bool session_answered(const struct session *session);       // a report answers the last request
bool session_stage_answered(const struct session *session); // or the stage's first setpoint

// session_transitions.c
void session_enter(struct session *session, int64_t now_us, enum session_phase phase);
void session_stage(struct session *session, int64_t now_us, enum stage stage);
bool session_at_segment(enum session_phase phase); // in a segment, or in the rest after one
bool session_moves(enum session_phase phase);      // whether setpoints are sent in the phase

// session_status.c
void session_state(const struct session *session, struct session_status *ret); // no times
void session_remaining_update(struct session *session, int64_t now_us); // call after each step
void session_remaining_reset(struct session *session);                  // allow it to rise

// session_watch.c
void session_watch(struct session *session, int64_t now_us);
void session_release(struct session *session, int64_t now_us); // then IDLE
void session_abort(struct session *session, int64_t now_us, enum session_cause cause);
void session_complete(struct session *session, int64_t now_us);
bool session_stop_held(const struct session *session); // a stop button is pressed
int64_t session_watch_next_us(const struct session *session);

// session_phase.c
void session_run_phase(struct session *session, int64_t now_us);
void session_begin(struct session *session, int64_t now_us, uint16_t segment);
void session_finish(struct session *session, int64_t now_us); // the segment is over and released
int64_t session_travel_max_us(const struct session *session);
// Abort if the stage has lasted for longer than the limit; whether it has.
bool session_abort_if_stuck(struct session *session, int64_t now_us, int64_t limit_us);

// session_technique.c
void session_run_technique(struct session *session, int64_t now_us);
void session_end_press(struct session *session, int64_t now_us); // end this segment early

// session_layers.c
void session_layers_reset(struct session *session); // at the beginning of a segment
// Call at every step while the technique works; it is expected to end in left_s.
void session_layers_update(struct session *session, int64_t now_us, double left_s);
// The same in the rest after it, of which left_s are left: only what lasts runs.
void session_layers_rest(struct session *session, int64_t now_us, double left_s);
// Those that do not last, at once; and whether they are neither driven nor pressing.
void session_layers_end(struct session *session, int64_t now_us);
bool session_layers_out(const struct session *session);
int64_t session_layers_release_max_us(const struct session *session);
bool session_layers_yield(const struct session *session); // "less" would lower one
void session_layers_demand(struct session *session);

// session_motion.c
void session_motion(struct session *session); // sets `demand`
bool session_all_released(const struct session *session);
bool session_all_homed(const struct session *session);
bool session_all_parked(const struct session *session);
bool session_posture_reached(const struct session *session);
void session_start_press(struct session *session, int64_t now_us);
void session_update_press(struct session *session, int64_t now_us);
double session_value(const struct session *session); // measured or applied, in target's unit
bool session_regulated(const struct session *session);
double session_target(const struct session *session);

// session_timed.c, of a carriage without pulses: its position would be, or is, too uncertain for
// the segment; the contact that is nearer to the segment; the carriage is at it.
bool session_must_find(const struct session *session);
bool session_is_lost(const struct session *session);
double session_contact_mm(const struct session *session);
bool session_found(const struct session *session);

static inline const struct segment *session_segment(const struct session *session)
{
	return &session->plan.segments[session->segment];
}

static inline const struct wire_actuator_state *session_state_of(const struct session *session,
	int actuator)
{
	return &session->report.actuator[actuator];
}

#endif
