// SPDX-License-Identifier: MIT
//
// Transitions of a session that a test has seen, compared with the session's table of them.
#ifndef TESTS_SCENARIO_TRANSITIONS_H
#define TESTS_SCENARIO_TRANSITIONS_H

#include "core/session.h"

struct transitions {
	uint32_t seen[SESSION_PHASE_COUNT]; // from each phase, the set of phases entered
	int impossible;                     // how many the table does not have
};

// An impossible one is also printed on stderr.
void transitions_add(struct transitions *transitions, struct session_transition transition);
void transitions_merge(struct transitions *transitions, const struct transitions *more);
// How many transitions of the table were never seen; each printed on stderr.
size_t transitions_missing(const struct transitions *transitions);

#endif
