// SPDX-License-Identifier: MIT
//
// Client side of the guard's socket: SOCK_SEQPACKET, never blocking, reconnected with backoff.
//
// The link is up from the first valid report on: a guard that refuses a second controller accepts
// the connection and closes it at once. A frame that does not fit into the socket is dropped: then
// the guard does not read, and it releases when the lease ends.
//
// A guard with a simulated chair grants the chair's time (core/wire.h); with any other the time is
// the computer's.
#ifndef CHAIRD_CONTROL_GUARD_LINK_H
#define CHAIRD_CONTROL_GUARD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "core/wire.h"

struct guard_link_handlers {
	void (*up)(void *data);
	void (*down)(void *data);
	void (*report)(void *data, const struct wire_report *report); // checked
	// Called once per wake-up, after all queued reports. Act here, not in report(): after a
	// stall the first reports are stale. Also called at the time set by guard_link_wake().
	void (*reports_drained)(void *data);
	void *data;
};

struct guard_link;

// Copies the path. Connects at once, or keeps trying. -ENAMETOOLONG, -ENOMEM.
int guard_link_new(sd_event *event, const char *path, const struct guard_link_handlers *handlers,
	struct guard_link **ret_link);
struct guard_link *guard_link_free(struct guard_link *link);

// Send up to WIRE_MESSAGE_FRAMES_MAX frames in one message, header.length bytes of each. -ENOTCONN,
// -EAGAIN if the guard does not read, or -errno after which the link is down (handlers.down is
// called from the loop, not from here).
int guard_link_send(struct guard_link *link, const union wire_frame *frames, size_t n);

// The chair's time in microseconds. It goes back at most once, before anything has moved.
int64_t guard_link_now_us(const struct guard_link *link);

// How long ago the guard made a report that has just come.
int64_t guard_link_age_us(const struct guard_link *link, const struct wire_report *report);

// Call handlers.reports_drained at next_us, or earlier if reports arrive. A later call replaces the
// time. A guard in lockstep gets the phase, too.
void guard_link_wake(struct guard_link *link, int64_t next_us, uint32_t phase);

// Request a report.
int guard_link_query(struct guard_link *link);

bool guard_link_is_up(const struct guard_link *link);

#endif
