// SPDX-License-Identifier: MIT
//
// The buttons in the person's reach, as the guard reports them, and the command of each.
//
// A press acts once, when it begins. A stuck button, which is one that the guard has reported as
// such, does nothing more; stop is carried out by the guard, and by the session for as long as it
// is pressed (session.h). A pause button never resumes, so that somebody who hammers on it in
// distress stays released. A button of a rest or extension moves it while it is held: its
// jog is repeated with every report of the motion, and lapses without.
#ifndef CHAIRD_CORE_BUTTON_H
#define CHAIRD_CORE_BUTTON_H

#include "core/command.h"
#include "core/session.h"

struct button_watch {
	bool known;              // a report has come since the link was made
	uint32_t pressed, stuck; // sets by index, of the last report
	int jogging;             // button whose jog was accepted, or -1
	// of the last report
	uint32_t begun; // pressed since the one before
	uint32_t newly_stuck;
};

void button_watch_init(struct button_watch *watch); // also when the link is lost
void button_watch_report(struct button_watch *watch, const struct wire_report *report);

// The command of a press; false for START, which takes a plan, and for STOP, carried out already.
bool button_command(const struct chair *chair, size_t button, struct command *ret_command);

// Give the session the jog of a held button again, or its end. True with the command to give.
bool button_jog(struct button_watch *watch, const struct chair *chair, enum session_phase phase,
	struct command *ret_command);

#endif
