// SPDX-License-Identifier: MIT
//
// Looking on while a chair works: a live line on a terminal, plain lines otherwise.
#ifndef CHAIRD_CTL_FOLLOW_H
#define CHAIRD_CTL_FOLLOW_H

#include "ctl/broker.h"
#include "ctl/options.h"
#include "ctl/table.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

// How the session that is watched ended.
enum follow_end { FOLLOW_GOING, FOLLOW_COMPLETED, FOLLOW_BROKEN_OFF };

struct follow {
	struct terminal terminal;
	struct view view;
	struct table table;
	size_t reached; // holds that reached their target
	bool started;   // what ends from then on is this session
	enum follow_end end;
	char why[NAME_SIZE]; // it was broken off
	enum follow_presence { FOLLOW_UNKNOWN, FOLLOW_ONLINE, FOLLOW_OFFLINE } presence;
};

// Subscribe to everything. To be called before a session is started, so that nothing of it is
// missed. *follow must outlive the broker. -errno.
int follow_begin(struct follow *follow, struct broker *broker);

// Show what comes until the session ends. Ctrl-C, SIGTERM and SIGHUP stop the session: whoever
// started it from here may have nothing else at hand. A second one only ends the looking on.
// Prints the closing table. EXIT_OK only where the session was completed with every hold held.
int follow_session(struct follow *follow, struct broker *broker, const struct options *options);

// Show what comes until Ctrl-C, which is EXIT_OK, or until the broker is gone.
int follow_watch(struct follow *follow, struct broker *broker);

#endif
