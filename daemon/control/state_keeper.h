// SPDX-License-Identifier: MIT
//
// Keeps the state file (state_file.h) up to date without making the loop wait for the disk: a
// short-lived thread writes, one at a time, and at most once in STATE_WRITE_US.
#ifndef CHAIRD_CONTROL_STATE_KEEPER_H
#define CHAIRD_CONTROL_STATE_KEEPER_H

#include <systemd/sd-event.h>

#include "control/state_file.h"

#define STATE_WRITE_US (1 * US_PER_S)

struct state_keeper;

// Load what is kept into *ret_state. A file that is broken is logged once and counts as none, so
// does a directory that is not there. directory is borrowed. -errno.
int state_keeper_new(sd_event *event, const char *directory, struct kept_state *ret_state,
	struct state_keeper **ret_keeper);
// Writes what has not been written yet, and waits for it.
struct state_keeper *state_keeper_free(struct state_keeper *keeper);

// This is the state now. Cheap if nothing has changed.
void state_keeper_update(struct state_keeper *keeper, const struct kept_state *state);

#endif
