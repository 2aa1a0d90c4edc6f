// SPDX-License-Identifier: MIT
//
// The outputs that a running guard holds, left beside its socket: `--safe-off` finds them there when
// the chair file has become unreadable, or has changed since the guard started.
#ifndef CHAIRD_GUARD_LINE_RECORD_H
#define CHAIRD_GUARD_LINE_RECORD_H

#include "core/chair.h"

// 0 or -errno.
int line_record_write(const char *socket_path, const struct chair *chair);

// A chair of nothing but those outputs. 0, -ENOENT where no guard has left a record, -EBADMSG where
// it cannot be understood, or another -errno.
int line_record_read(const char *socket_path, struct chair *ret_chair);

#endif
