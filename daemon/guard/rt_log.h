// SPDX-License-Identifier: MIT
//
// What the real-time loop has to say, said by another thread.
//
// Logging takes system calls that a real-time loop should not make. It puts a short note into a
// pipe that never blocks, and a thread of ordinary priority reads it and logs it. This thread feeds
// no watchdog: the loop does that by itself (service/feeder.h), whatever the log is doing.
#ifndef CHAIRD_GUARD_RT_LOG_H
#define CHAIRD_GUARD_RT_LOG_H

#include <pthread.h>

#include "core/chair.h"
#include "core/wire.h"

enum note_kind {
	NOTE_MODE, // mode, reason, culprit
	NOTE_LINK_UP,
	NOTE_LINK_DOWN,
	NOTE_SECOND,     // a second controller was turned away
	NOTE_SILENT,     // the controller does not answer in lockstep
	NOTE_STOP,       // somebody asked the guard to end
	NOTE_IMPOSSIBLE, // the guard attempted a transition between two modes that does not exist
};

struct note {
	enum note_kind kind;
	enum guard_mode from, mode; // from: only IMPOSSIBLE
	enum guard_reason reason;
	int culprit;    // or -1
	int error;      // REASON_HAL: -errno
	int line;       // REASON_HAL: that failed, or -1
	uint32_t count; // SECOND: so far
};

struct rt_log {
	const struct chair *chair;
	pthread_t thread;
	int read_fd, write_fd;
	_Atomic uint32_t lost; // notes that found the pipe full; logged with the next one
};

// The log must stay where it is until rt_log_stop(), which says what is left to say.
int rt_log_start(struct rt_log *log, const struct chair *chair);
void rt_log_stop(struct rt_log *log);

// Real-time safe: never waits; a full pipe loses the note.
void rt_log_write(struct rt_log *log, const struct note *note);

#endif
