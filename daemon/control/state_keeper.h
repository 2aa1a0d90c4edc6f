// SPDX-License-Identifier: MIT
//
// The state file (state_file.h) for the event loop: read at the start, and written (file_writer.h)
// at most once in STATE_WRITE_US.
#ifndef CHAIRD_CONTROL_STATE_KEEPER_H
#define CHAIRD_CONTROL_STATE_KEEPER_H

#include <systemd/sd-event.h>

#include "control/state_file.h"

#define STATE_WRITE_US (1 * US_PER_S)

struct state_keeper;

// Load the file into *ret_state. A broken file is logged once and ignored, and so is a missing
// directory. directory is borrowed. -errno.
int state_keeper_new(sd_event *event, const char *directory, struct kept_state *ret_state,
	struct state_keeper **ret_keeper);
// Writes pending changes, and waits for them.
struct state_keeper *state_keeper_free(struct state_keeper *keeper);

// Set the present state. Cheap if nothing has changed.
void state_keeper_update(struct state_keeper *keeper, const struct kept_state *state);

#endif
