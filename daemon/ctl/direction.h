// SPDX-License-Identifier: MIT
//
// Proof of an actuator's direction: its home switch closes on reverse, opens on forward, and closes
// on reverse again. Pure: from the chair's state to the next request.
//
//   requested   release, or home |  jog forward  |   release, or home
//   home        _______/~~~~~~~~~|~~~~~~\________|________/~~~~~
//                    BACK              OUT           AGAIN       done
//
// A phase that takes too long ends the proof as failed.
#ifndef CHAIRD_CTL_DIRECTION_H
#define CHAIRD_CTL_DIRECTION_H

#include "core/chair.h"

#define DIRECTION_HEARTBEAT_MS 500 // of the jog, which ends without heartbeats

// State of the chair, from its answer to a status request.
struct direction_seen {
	bool idle;     // no session, homing or jog runs
	bool at_home;  // the actuator's contact
	bool released; // it is proven released
	bool tripped;  // a fault is latched
};

enum direction_request {
	DIRECTION_ASK_NOTHING, // check again later
	DIRECTION_ASK_STOP,
	DIRECTION_ASK_HOME,
	DIRECTION_ASK_JOG, // at direction_jog_permille()
};

enum direction_verdict {
	DIRECTION_OPEN, // not finished
	DIRECTION_PROVEN,
	DIRECTION_NOT_CLOSED,       // on reverse
	DIRECTION_NOT_OPENED,       // on forward
	DIRECTION_NOT_CLOSED_AGAIN, // on reverse after it had opened
};

struct direction {
	const struct actuator *actuator;
	enum direction_phase { DIRECTION_BACK, DIRECTION_OUT, DIRECTION_AGAIN } phase;
	int64_t since_us; // start of the phase
	bool asked;       // the way home has been requested in this phase
	enum direction_verdict verdict;
};

// True for a press or a carriage with a home switch: the others have nothing to prove.
bool direction_applies(const struct actuator *actuator);

// Drive of the jog: for a press as gentle as in the guard's own proof, for a carriage slow.
int direction_jog_permille(const struct actuator *actuator);

// The chair must be idle, without a fault.
void direction_begin(struct direction *direction, const struct actuator *actuator, int64_t now_us);

// Next request. After the verdict it is always a stop.
enum direction_request direction_step(struct direction *direction, int64_t now_us,
	const struct direction_seen *seen);

// The request was refused because the chair was busy: it will be repeated.
void direction_busy(struct direction *direction);

// Longest time of a release, or of the way home, with all tries of the guard.
int64_t direction_back_max_us(const struct actuator *actuator);

#endif
