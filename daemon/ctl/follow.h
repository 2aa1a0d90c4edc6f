// SPDX-License-Identifier: MIT
//
// Live display of a chair's work: one line on a terminal, plain lines otherwise.
#ifndef CHAIRD_CTL_FOLLOW_H
#define CHAIRD_CTL_FOLLOW_H

#include "ctl/broker.h"
#include "ctl/options.h"
#include "ctl/table.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

// End of the watched session.
enum follow_end { FOLLOW_GOING, FOLLOW_COMPLETED, FOLLOW_BROKEN_OFF };

struct follow {
	struct terminal terminal;
	struct view view;
	struct table table;
	size_t reached; // holds that reached their target
	bool started;   // an end from then on is the end of this session
	enum follow_end end;
	char why[NAME_SIZE]; // cause of FOLLOW_BROKEN_OFF
	char reason[200];    // the same for people; may be ""
	FILE *record;        // receives every message (session_record.h); NULL: none; borrowed
	int64_t begun_us;    // time 0 of the record
	bool record_failed;
	enum follow_presence { FOLLOW_UNKNOWN, FOLLOW_ONLINE, FOLLOW_OFFLINE } presence;
};

// Subscribe to the chair's topics. Call it before a session is started, so that nothing is missed.
// *follow must outlive the broker. -errno.
int follow_begin(struct follow *follow, struct broker *broker);

// Display until the session ends, then print the table of holds. Ctrl-C, SIGTERM and SIGHUP stop
// the session, since the user may have no other means at hand; a second one only ends the display.
// EXIT_OK only if the session was completed and every hold was held.
int follow_session(struct follow *follow, struct broker *broker, const struct options *options);

// Display until Ctrl-C, which is EXIT_OK, until the broker is lost, or until the record, if
// follow->record is set, cannot be written.
int follow_watch(struct follow *follow, struct broker *broker);

#endif
