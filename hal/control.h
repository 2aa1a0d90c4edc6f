// SPDX-License-Identifier: MIT
//
// The control socket of a simulated chair: a datagram is a line of plain text, and is answered.
#ifndef CHAIRD_HAL_CONTROL_H
#define CHAIRD_HAL_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "hal/hal.h"

struct control {
	int fd;
	struct sockaddr_un address;
};

// Who is to be answered.
struct control_peer {
	struct sockaddr_un address;
	socklen_t size;
};

// What a dead owner left at `path` is replaced. -errno.
int control_open(struct control *control, const char *path);
void control_close(struct control *control); // does nothing where fd is -1

// The next text, without its newline, and who sent it. False where none waits.
bool control_take(struct control *control, char *text, size_t size, struct control_peer *ret_peer);

// Never waits: nobody hears what he does not take.
void control_answer(struct control *control, const struct control_peer *peer, const char *text);

// Make a fault (sim.h) of a text and answer "ok", or a plain sentence why not.
void control_fault(struct control *control, const struct control_peer *peer, struct hal *hal,
	const char *text);

#endif
