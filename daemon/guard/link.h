// SPDX-License-Identifier: MIT
//
// The guard's end of the socket to the controller: one listener, at most one connection. After
// link_open() no function blocks, allocates or logs.
#ifndef CHAIRD_GUARD_LINK_H
#define CHAIRD_GUARD_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/wire.h"

struct link {
	int listen_fd;
	int fd;           // of the controller's connection, or -1
	pid_t peer;       // its process
	const char *path; // removed by link_close(); NULL if systemd owns the socket; borrowed
	uint32_t refused; // number of connections beyond the first
	uint32_t dropped; // number of frames that the controller did not read in time
	// The last message: its size, how much of it was handed over, and as how many frames.
	size_t size, at;
	int frames;
	unsigned char message[WIRE_MESSAGE_MAX];
};

// Use the listening socket inherited_fd or, if that is -1, make one at `path` with mode 0660. A
// socket that a dead guard left behind is replaced. -EADDRINUSE if another guard listens; other
// -errno.
int link_open(const char *path, int inherited_fd, struct link *ret_link);
void link_close(struct link *link);

// Accept a pending connection. True if it became the controller; false if it was refused (one is
// connected) or accept failed.
bool link_accept(struct link *link);

// Receive the next frame, unchecked. Returns its size, -EAGAIN if there is none now, or -EPIPE if
// the controller has gone (its socket is closed then). The size is that which was sent: of a frame
// too long for the union, the rest is lost, and no check accepts that size.
int link_receive(struct link *link, union wire_frame *ret_frame);

// True if the next frame came with the last one: the socket does not show it.
bool link_holds_frame(const struct link *link);

// Send header.length bytes. 0; -EAGAIN, and counted, if the controller does not read; or -EPIPE.
int link_send(struct link *link, const union wire_frame *frame);

#endif
