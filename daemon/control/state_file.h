// SPDX-License-Identifier: MIT
//
// File of the state that is kept over restarts and power cuts: JSON, in the state directory.
#ifndef CHAIRD_CONTROL_STATE_FILE_H
#define CHAIRD_CONTROL_STATE_FILE_H

#include "control/last_session.h"

#define STATE_FILE_NAME       "state.json"
#define STATE_FILE_BYTES_MAX  4096 // a larger file counts as broken
#define STATE_FILE_TOPIC_SIZE 300

struct kept_state {
	char profile[NAME_SIZE];  // chosen for the next start; "": none
	double intensity_percent; // 0 ... 100
	struct last_session last; // profile "": none
	// Topic of Home Assistant's device payload that is retained at the broker; "": none.
	char discovery[STATE_FILE_TOPIC_SIZE];
};

// No profile, full intensity.
void kept_state_default(struct kept_state *ret_state);

// 0; -ENOENT; -EINVAL or -EFBIG if the file is broken; other -errno if it cannot be read.
// *ret_state is touched only on success.
int state_file_load(const char *directory, struct kept_state *ret_state);

// The file's text for a state, owned by the caller; NULL: out of memory.
char *state_file_text(const struct kept_state *state);
// Write that text (atomic_file.h). Waits for the disk. 0 or -errno.
int state_file_write(const char *directory, const char *text);
// Both.
int state_file_save(const char *directory, const struct kept_state *state);

#endif
