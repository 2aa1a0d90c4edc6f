// SPDX-License-Identifier: MIT
//
// A movement of one actuator by hand: a jog that this program keeps up with heartbeats.
//
// The chair ends the movement by itself when they stop, in JOG_HEARTBEAT_MS at the latest: also if
// this program, the computer that it runs on, or the network to it dies.
#ifndef CHAIRD_CTL_JOG_H
#define CHAIRD_CTL_JOG_H

#include "ctl/request.h"

#define JOG_BEAT_MS      150
#define JOG_HEARTBEAT_MS 450   // three beats
#define JOG_TOPIC_US     20000 // to wait for messages between two looks at keys and signals

struct jog {
	struct broker *broker;
	const struct options *options; // its timeout: the longest time without an answer
	const char *actuator;
	const char *phase;   // of the chair, as its state last had it; "": not known
	bool moving;         // the last heartbeat was accepted
	bool moved;          // one was: the chair is busy with our own movement, perhaps
	int64_t next_us;     // when the next heartbeat is due
	int64_t answered_us; // when the chair last answered
};

// Borrows all. The caller follows the state and keeps `phase` current.
void jog_init(struct jog *jog, struct broker *broker, const struct options *options,
	const char *actuator, const char *phase);

// Move, or go on moving: call it at least every JOG_BEAT_MS; it sends what is due. drive_permille:
// signed, not 0. A chair that is busy releasing, after whatever movement, is asked again. EXIT_OK,
// or an exit code after printing the error: then the movement has ended, or is about to.
int jog_move(struct jog *jog, int drive_permille);

// End the movement, which releases. Nothing is sent if there is none. As jog_move(); the chair
// releases in any case.
int jog_end(struct jog *jog);

#endif
