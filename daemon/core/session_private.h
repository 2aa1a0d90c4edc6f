// SPDX-License-Identifier: MIT
//
// What the files of the session share:
//
//   session.c          news in, frames and events out
//   session_command.c  the verbs, and why they are refused
//   session_watch.c    whatever ends a session: the guard, the seat, leases, clocks
//   session_phase.c    from one phase to the next
//   session_transitions.c  the table of transitions from phase to phase
//   session_motion.c   what every actuator is asked to do in a phase
//   session_status.c   what is true now
#ifndef CHAIRD_CORE_SESSION_PRIVATE_H
#define CHAIRD_CORE_SESSION_PRIVATE_H

#include "core/breath.h"
#include "core/hold_stats.h"
#include "core/pacing.h"
#include "core/regulator.h"
#include "core/session.h"

#define RELEASE_MAX_US (60 * US_PER_S) // no release takes longer
#define ASK_AGAIN_US   (US_PER_S / 2)  // where an answer does not come

// Frames other than set points that the next step is to send.
#define ASK_RELEASE 0x1u
#define ASK_RESET   0x2u
#define ASK_ARM     0x4u
#define ASK_QUERY   0x8u

enum stage {
	STAGE_CLEAR,   // whatever presses lets go
	STAGE_TRAVEL,  // carriages move
	STAGE_CONTACT, // the press comes out until it touches
	STAGE_RUN,     // kneading; jogging
	STAGE_STOP,    // kneading runs out
};

enum purpose { PURPOSE_PLAN, PURPOSE_HOME, PURPOSE_JOG };

struct session {
	const struct chair *chair;
	uint64_t fingerprint; // of the chair

	// the guard
	bool link_up, have_report;
	bool other_chair;             // the guard has read another chair: its reports are not used
	bool fresh;                   // a report came since the last step
	bool active;                  // the guard has been ACTIVE for the frames of this motion
	int64_t report_us, motion_us; // the last report; when the frames of this motion began
	struct wire_report report;
	struct pacing pacing[CHAIR_ACTUATORS_MAX];

	// frames
	uint32_t seq;       // of the last frame
	unsigned ask;       // set of ASK_
	uint32_t asked_seq; // of the last frame without a body
	int64_t asked_us;
	struct wire_demand demand[CHAIR_ACTUATORS_MAX], sent[CHAIR_ACTUATORS_MAX];
	int64_t sent_us;

	// events that wait for the next step
	struct session_event events[SESSION_EVENTS_MAX];
	size_t n_events;
	struct session_transition transitions[SESSION_TRANSITIONS_MAX];
	size_t n_transitions;

	// the machine
	enum session_phase phase;
	enum stage stage;
	int64_t phase_us, stage_us, step_us; // since when; the last step
	bool stage_sent;                     // a frame of this stage has been sent ...
	uint32_t stage_seq;                  // ... and this was the first
	enum session_cause cause;
	struct session_status last_published; // as it was at the last step, without times

	// one session
	enum purpose purpose;
	bool has_plan;
	struct plan plan;
	uint16_t segment, next_segment;
	int64_t start_us, paused_us; // paused_us: all pauses so far
	int64_t rest_until_us;
	bool leased, lapsed; // by a client, which has not been heard in time
	bool broker_lost;
	bool skipping;
	struct breath breath;

	// how hard
	double intensity_percent;
	double ease;              // 1 or less: what "less" has taken off
	double boost, boost_next; // 1 or more: for this segment, for the next one

	// one press
	double setpoint; // in the target's unit, on its way to the target
	int64_t ramp_us; // when the set point last moved
	double drive_permille;
	struct { // drive_limit()
		int actuator;
		double at_mm; // of its carriage, or NAN
		double permille;
	} limit;
	struct regulator regulator;
	struct hold_stats hold_stats;

	// jog
	int jog_actuator, jog_drive_permille;
};

// session.c
void session_emit(struct session *session, struct session_event event);
void session_ask(struct session *session, unsigned frames); // and for a report in answer
void session_ask_again(struct session *session, int64_t now_us, unsigned frames); // in a while
bool session_answered(const struct session *session);       // that answer is there
bool session_stage_answered(const struct session *session); // a report knows the stage's frames

// session_transitions.c
void session_enter(struct session *session, int64_t now_us, enum session_phase phase);
void session_stage(struct session *session, int64_t now_us, enum stage stage);
bool session_moves(enum session_phase phase); // set points are sent in it

// session_status.c
void session_state(const struct session *session, struct session_status *ret); // no times

// session_watch.c
void session_watch(struct session *session, int64_t now_us);
void session_release(struct session *session, int64_t now_us); // on the way to IDLE
void session_abort(struct session *session, int64_t now_us, enum session_cause cause);
void session_complete(struct session *session, int64_t now_us);
int64_t session_watch_next_us(const struct session *session);

// session_phase.c
void session_run_phase(struct session *session, int64_t now_us);
void session_begin(struct session *session, int64_t now_us, uint16_t segment);
void session_leave_press(struct session *session, int64_t now_us); // end this segment early

// session_motion.c
void session_motion(struct session *session); // fills in `demand`
bool session_all_released(const struct session *session);
bool session_all_homed(const struct session *session);
bool session_all_parked(const struct session *session);
bool session_needs_carriage(const struct session *session, size_t actuator);
void session_start_press(struct session *session, int64_t now_us);
void session_follow(struct session *session, int64_t now_us);
double session_value(const struct session *session); // measured, or as applied, in target's unit
bool session_regulated(const struct session *session);
double session_target(const struct session *session);

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
