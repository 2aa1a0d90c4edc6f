// SPDX-License-Identifier: MIT
//
// The dead man's switches behind a session: the broker, a client's lease, the heartbeat of a jog.
//
// Whoever stands behind these is a person or a network, so they run on the computer's monotonic
// clock, however fast the chair's own time passes. What lapses reaches the session as an event.
#ifndef CHAIRD_CORE_DEADMAN_H
#define CHAIRD_CORE_DEADMAN_H

#include "core/session.h"

struct deadman {
	int64_t grace_us;      // how long the broker may be away
	int64_t broker_due_us; // when it has been; TIME_NEVER while it is there
	bool broker_lost;      // and the session knows it
	int64_t lease_us;      // of the client that started the session; 0: none
	int64_t client_due_us; // when its lease, or its jog's heartbeat, lapses; TIME_NEVER
};

// The broker is not there yet.
void deadman_init(struct deadman *deadman, int64_t now_us, int64_t grace_us);
void deadman_broker(struct deadman *deadman, int64_t now_us, bool up);
// The session has done as told: a start, a renewal or a jog takes hold anew.
void deadman_command(struct deadman *deadman, int64_t now_us, const struct command *command);
// Tell the session what has lapsed by now; step it after that.
void deadman_step(struct deadman *deadman, int64_t now_us, struct session *session);
int64_t deadman_next_us(const struct deadman *deadman); // when something lapses

#endif
