// SPDX-License-Identifier: MIT
//
// The socket to the guard: SOCK_SEQPACKET, never blocking, connected again with backoff.
//
// The link is up from the first good report on: a guard that refuses a second controller accepts
// and closes at once. A frame that does not fit into the socket is dropped: the guard does not
// read, and the lease looks after the rest.
//
// A guard with a simulated chair hands out the chair's time (core/wire.h); any other lives in the
// computer's.
#ifndef CHAIRD_CONTROL_GUARD_LINK_H
#define CHAIRD_CONTROL_GUARD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "core/wire.h"

struct guard_link_handlers {
	void (*up)(void *data);
	void (*down)(void *data);
	void (*report)(void *data, const struct wire_report *report); // has passed the check
	// Called once per wake-up, after all queued reports. Act here, not in report(): after a
	// stall the first reports are stale. guard_link_wake() ends it too.
	void (*reports_drained)(void *data);
	void *data;
};

struct guard_link;

// The path is copied. Connects at once, or keeps trying. -ENAMETOOLONG, -ENOMEM.
int guard_link_new(sd_event *event, const char *path, const struct guard_link_handlers *handlers,
	struct guard_link **ret_link);
struct guard_link *guard_link_free(struct guard_link *link);

// Send header.length bytes. -ENOTCONN, -EAGAIN where the guard does not read, or -errno after
// which the link is down (handlers.down is called from the loop, not from here).
int guard_link_send(struct guard_link *link, const union wire_frame *frame);

// The chair's time, microseconds. Goes back once at most, before anything has moved.
int64_t guard_link_now_us(const struct guard_link *link);

// Call handlers.reports_drained at next_us, unless reports come before. One call at a time; tell the phase, too.
void guard_link_wake(struct guard_link *link, int64_t next_us, uint32_t phase);

// Ask for a report.
int guard_link_query(struct guard_link *link);

bool guard_link_is_up(const struct guard_link *link);

#endif
