// SPDX-License-Identifier: MIT
//
// Logging thread of the real-time loop, fed through a pipe that never blocks.
//
// Logging takes system calls that a real-time loop should not make. The loop writes a short note
// into the pipe; a thread of ordinary priority reads and logs it. This thread feeds no watchdog:
// the loop does that by itself (service/feeder.h).
#ifndef CHAIRD_GUARD_RT_LOG_H
#define CHAIRD_GUARD_RT_LOG_H

#include <pthread.h>

#include "core/chair.h"
#include "core/wire.h"

enum note_kind {
	NOTE_MODE, // mode, reason, culprit
	NOTE_LINK_UP,
	NOTE_LINK_DOWN,
	NOTE_SECOND,     // a second controller was refused
	NOTE_SILENT,     // the controller does not answer in lockstep
	NOTE_STOP,       // a signal ends the guard
	NOTE_IMPOSSIBLE, // the guard attempted a transition between two modes that does not exist
};

struct note {
	enum note_kind kind;
	enum guard_mode from, mode; // from: only IMPOSSIBLE
	enum guard_reason reason;
	int culprit;    // or -1
	int error;      // REASON_HAL: -errno
	int line;       // REASON_HAL: the line that failed, or -1
	uint32_t count; // SECOND: number so far
};

struct rt_log {
	const struct chair *chair;
	pthread_t thread;
	int read_fd, write_fd;
	_Atomic uint32_t lost; // notes that found the pipe full; logged with the next one
};

// The struct must not move until rt_log_stop(), which logs all pending notes. 0 or -errno.
int rt_log_start(struct rt_log *log, const struct chair *chair);
void rt_log_stop(struct rt_log *log);

// Real-time safe: never blocks. If the pipe is full the note is lost, and counted.
void rt_log_write(struct rt_log *log, const struct note *note);

#endif
