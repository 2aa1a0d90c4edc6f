// SPDX-License-Identifier: MIT
//
// The guard's end of the socket to the controller: one listener, one controller at a time.
// After link_open() nothing here blocks, allocates or logs.
#ifndef CHAIRD_GUARD_LINK_H
#define CHAIRD_GUARD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/wire.h"

struct link {
	int listen_fd;
	int fd;           // the controller, or -1
	pid_t peer;       // its process
	const char *path; // to be removed at the end; NULL where systemd owns it
	uint32_t refused; // second controllers
	uint32_t dropped; // frames that the controller did not read in time
};

// Take the listening socket that was handed over, or where inherited_fd is -1 make one at `path`
// with mode 0660. A socket that a dead guard left behind is replaced. -EADDRINUSE where another
// guard listens.
int link_open(const char *path, int inherited_fd, struct link *ret_link);
void link_close(struct link *link);

// A controller knocks. True where it is now connected, false where it was turned away.
bool link_accept(struct link *link);

// Receive the next frame, unchecked. Returns its size, -EAGAIN if there is none now, or -EPIPE if
// the controller has gone (its socket is closed then). The size is that which was sent: of a frame
// too long for the union, the rest is lost, and no check accepts that size.
int link_receive(struct link *link, union wire_frame *ret_frame);

// Send header.length bytes. 0; -EAGAIN, and counted, if the controller does not read; or -EPIPE.
int link_send(struct link *link, const union wire_frame *frame);

#endif
