// SPDX-License-Identifier: MIT
//
// Dead man's switches of a session: the broker, a client's lease, the heartbeat of a jog.
//
// They watch people and networks, so now_us is the computer's monotonic clock, not the chair's
// time. The session gets each lapse as an event.
#ifndef CHAIRD_CORE_DEADMAN_H
#define CHAIRD_CORE_DEADMAN_H

#include "core/session.h"

struct deadman {
	int64_t grace_us;      // longest absence of the broker
	int64_t broker_due_us; // when it counts as lost; TIME_NEVER while connected
	bool broker_lost;      // as last given to the session
	bool local;            // the session does not depend on the broker: see deadman_command()
	int64_t lease_us;      // of the client that started the session; 0: none
	int64_t client_due_us; // when its lease or jog heartbeat lapses; TIME_NEVER
};

// The broker is not connected yet.
void deadman_init(struct deadman *deadman, int64_t now_us, int64_t grace_us);
void deadman_broker(struct deadman *deadman, int64_t now_us, bool up);
// The session has accepted a command: a start, a renewal or a jog restarts its lease. From a
// command of a button at the chair (`local`) on, until the next start, home or jog from elsewhere,
// the loss of the broker is ignored: the person has the buttons.
void deadman_command(struct deadman *deadman, int64_t now_us, const struct command *command);
// Give the session the lapses up to now; step the session after it.
void deadman_step(struct deadman *deadman, int64_t now_us, struct session *session);
int64_t deadman_next_us(const struct deadman *deadman); // when something lapses

#endif
