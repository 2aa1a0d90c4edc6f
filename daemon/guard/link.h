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

// The next frame: its size, -EAGAIN where there is none now, -EPIPE where the controller has
// gone (and is closed). A frame larger than `size` comes back larger than anything valid.
int link_receive(struct link *link, void *frame, size_t size);

// Send header->length bytes. 0, or -EAGAIN and counted where the controller does not read.
int link_send(struct link *link, const struct wire_header *frame);

#endif
