// SPDX-License-Identifier: MIT
//
// Commands that halt the clock of a simulated chair (lockstep.h), as state and parser.
#ifndef CHAIRD_GUARD_HALT_H
#define CHAIRD_GUARD_HALT_H

#include "core/session.h"
#include "hal/sim/fault_socket.h"

struct halt {
	int64_t at_us;            // when the clock stands still; TIME_NEVER: never
	enum session_phase phase; // ... or when this one begins; SESSION_PHASE_COUNT: none
	enum session_phase now;   // the session's, as last received
	bool answered;
	struct fault_socket_peer sender; // of the command, to be answered when the clock stands
};

void halt_init(struct halt *halt);

// True if the text is a clock command; if it is malformed, *ret_why is a sentence for people and
// halt is unchanged, otherwise NULL.
bool halt_parse(struct halt *halt, int64_t now_us, const char *text, const char **ret_why);

// The session is in this phase: halts the clock if the phase was waited for.
void halt_phase_changed(struct halt *halt, int64_t now_us, enum session_phase phase);

#endif
