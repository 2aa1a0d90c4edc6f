// SPDX-License-Identifier: MIT
//
// Phases and events of a session as messages in the journal and in `systemctl status`.
//
// Fields: CHAIRD_PHASE, CHAIRD_PROFILE, CHAIRD_STEP, CHAIRD_POINT; with events CHAIRD_EVENT,
// CHAIRD_CAUSE, CHAIRD_REASON.
#ifndef CHAIRD_CONTROL_JOURNAL_H
#define CHAIRD_CONTROL_JOURNAL_H

#include "control/status.h"

void journal_phase(const struct status_view *view);
void journal_event(const struct status_view *view, const struct session_event *event);

#endif
