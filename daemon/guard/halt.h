// SPDX-License-Identifier: MIT
//
// The words by which somebody halts the clock of a simulated chair (lockstep.h) and is told when
// it stands.
#ifndef CHAIRD_GUARD_HALT_H
#define CHAIRD_GUARD_HALT_H

#include "core/session.h"
#include "hal/sim/fault_socket.h"

struct halt {
	int64_t at_us;            // where the clock stands still; TIME_NEVER
	enum session_phase phase; // ... or when this one begins; SESSION_PHASE_COUNT: none
	enum session_phase now;   // the session's, as last heard
	bool answered;
	struct fault_socket_peer asker;
};

void halt_init(struct halt *halt);

// True where the text is a word of the clock, 0 or -EINVAL with a plain sentence in *ret_why.
bool halt_word(struct halt *halt, int64_t now_us, const char *text, const char **ret_why);

// The session is in this phase.
void halt_phase(struct halt *halt, int64_t now_us, enum session_phase phase);

#endif
