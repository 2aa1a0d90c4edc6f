// SPDX-License-Identifier: MIT
//
// One message for the journal, without waiting for it.
//
// The journal's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), spoken here because
// sd_journal_sendv() waits for as long as the journal does not read.
#ifndef CHAIRD_SERVICE_JOURNALD_H
#define CHAIRD_SERVICE_JOURNALD_H

#define JOURNALD_SOCKET "/run/systemd/journal/socket"

// Level as in syslog.h; fields "NAME=value", ..., NULL. New lines become spaces. 0, -EAGAIN where
// the journal's queue is full, or another -errno.
int journald_send(const char *path, const char *program, int level, const char *text,
	const char *const fields[]);

#endif
