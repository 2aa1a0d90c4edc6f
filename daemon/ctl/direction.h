// SPDX-License-Identifier: MIT
//
// Proof that an actuator goes where its lines say: its home switch closes on reverse, opens on
// forward, and closes on reverse again. Pure: from what the chair says to what to ask of it next.
//
//   asked for   release, or home |  jog forward  |   release, or home
//   home        _______/~~~~~~~~~|~~~~~~\________|________/~~~~~
//                    BACK              OUT           AGAIN       done
//
// What is not seen is not called good: whatever takes too long ends the proof without one.
#ifndef CHAIRD_CTL_DIRECTION_H
#define CHAIRD_CTL_DIRECTION_H

#include "core/chair.h"

#define DIRECTION_HEARTBEAT_MS 500 // of the jog, which ends by itself without

// The chair, as its answer to a status request has it.
struct direction_seen {
	bool idle;     // no session, homing or jog runs
	bool at_home;  // the actuator's contact
	bool released; // no person can be pressed by it
	bool tripped;  // a fault is latched
};

enum direction_request {
	DIRECTION_ASK_NOTHING, // look again
	DIRECTION_ASK_STOP,
	DIRECTION_ASK_HOME,
	DIRECTION_ASK_JOG, // at direction_jog_permille()
};

enum direction_verdict {
	DIRECTION_OPEN, // not over yet
	DIRECTION_PROVEN,
	DIRECTION_NOT_CLOSED,       // on reverse
	DIRECTION_NOT_OPENED,       // on forward
	DIRECTION_NOT_CLOSED_AGAIN, // on reverse after it had opened
};

struct direction {
	const struct actuator *actuator;
	enum direction_phase { DIRECTION_BACK, DIRECTION_OUT, DIRECTION_AGAIN } phase;
	int64_t since_us; // the phase
	bool asked;       // in this phase, for what brings the actuator home
	enum direction_verdict verdict;
};

// Whether there is anything to prove: a press or a carriage with a home switch.
bool direction_applies(const struct actuator *actuator);

// The drive of the jog: a press as gently as the guard proves it, a carriage slowly.
int direction_jog_permille(const struct actuator *actuator);

// The chair must be idle, without a fault.
void direction_begin(struct direction *direction, const struct actuator *actuator, int64_t now_us);

// What to ask for next. Once there is a verdict it is a stop, every time.
enum direction_request direction_step(struct direction *direction, int64_t now_us,
	const struct direction_seen *seen);

// What was asked for was refused, because the chair was busy: it will be asked again.
void direction_busy(struct direction *direction);

// The longest that a release, or the way home, may take with every try that the guard makes.
int64_t direction_back_max_us(const struct actuator *actuator);

#endif
