// SPDX-License-Identifier: MIT
//
// What outlives sessions, restarts and power cuts: a small JSON file in the state directory.
//
// It is written to a temporary file, which is synced and renamed over the old one: after a power
// cut there is the old file or the new one, whole.
#ifndef CHAIRD_CONTROL_STATE_FILE_H
#define CHAIRD_CONTROL_STATE_FILE_H

#include "control/last_session.h"

#define STATE_FILE_NAME       "state.json"
#define STATE_FILE_BYTES_MAX  4096 // a file that is larger is broken
#define STATE_FILE_TOPIC_SIZE 300

struct kept_state {
	char profile[NAME_SIZE];  // chosen for the next start; "": none
	double intensity_percent; // 0 ... 100
	struct last_session last; // profile "": none
	// Topic of Home Assistant's device payload that is retained at the broker; "": none.
	char discovery[STATE_FILE_TOPIC_SIZE];
};

// Nothing chosen, full intensity.
void kept_state_default(struct kept_state *ret_state);

// 0; -ENOENT; -EINVAL or -EFBIG if the file is broken; other -errno if it cannot be read.
// *ret_state is touched only on success.
int state_file_load(const char *directory, struct kept_state *ret_state);

// Waits for the disk. 0 or -errno.
int state_file_save(const char *directory, const struct kept_state *state);

#endif
