// SPDX-License-Identifier: MIT
//
// Client of the systemd journal that never blocks.
//
// It implements the native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL), because
// sd_journal_sendv() blocks while the journal does not read.
#ifndef CHAIRD_SERVICE_JOURNALD_H
#define CHAIRD_SERVICE_JOURNALD_H

#define JOURNALD_SOCKET "/run/systemd/journal/socket"

// Send one message. Level as in syslog.h; fields "NAME=value", ..., NULL. New lines become spaces.
// 0; -EAGAIN if the journal's queue is full; or another -errno.
int journald_send(const char *path, const char *program, int level, const char *text,
	const char *const fields[]);

#endif
