// SPDX-License-Identifier: MIT
//
// Duration and number of holds of the last session that ended. Pure.
#ifndef CHAIRD_CONTROL_LAST_SESSION_H
#define CHAIRD_CONTROL_LAST_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/session.h"

struct last_session {
	char profile[NAME_SIZE]; // "": none has ended yet
	double minutes;          // from start to end, pauses included
	int holds;               // completed, skipped or eased
	bool completed;
};

// Counts of the running session.
struct session_tally {
	bool running;
	int64_t started_us;
	int holds;
};

// Count an event of a session of this profile. True if it ended the session: *ret_last is new.
bool session_tally_event(struct session_tally *tally, int64_t now_us, const char *profile,
	const struct session_event *event, struct last_session *ret_last);

#endif
