// SPDX-License-Identifier: MIT
//
// The record of the outputs that a running guard holds, a file beside its socket. `--safe-off`
// reads it in case the chair file has become unreadable, or has changed since the guard started.
#ifndef CHAIRD_GUARD_LINE_RECORD_H
#define CHAIRD_GUARD_LINE_RECORD_H

#include "core/chair.h"

// Replaces the record. 0 or -errno.
int line_record_write(const char *socket_path, const struct chair *chair);

// Fills a chair with nothing but those outputs. 0; -ENOENT if there is no record, -EBADMSG if it is
// malformed, or another -errno.
int line_record_read(const char *socket_path, struct chair *ret_chair);

#endif
