// SPDX-License-Identifier: MIT
//
// The control socket of a simulated chair: a datagram is a line of plain text, and is answered.
#ifndef CHAIRD_HAL_SIM_FAULT_SOCKET_H
#define CHAIRD_HAL_SIM_FAULT_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "hal/hal.h"

struct fault_socket {
	int fd;
	struct sockaddr_un address;
};

// Who is to be answered.
struct fault_socket_peer {
	struct sockaddr_un address;
	socklen_t size;
};

// What a dead owner left at `path` is replaced. -errno.
int fault_socket_open(struct fault_socket *fault_socket, const char *path);
void fault_socket_close(struct fault_socket *fault_socket); // does nothing where fd is -1

// The next text, without its newline, and who sent it. False where none waits.
bool fault_socket_receive(struct fault_socket *fault_socket, char *text, size_t size,
	struct fault_socket_peer *ret_peer);

// Never waits: nobody hears what he does not take.
void fault_socket_answer(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	const char *text);

// Make a fault (sim.h) of a text and answer "ok", or a plain sentence why not.
void fault_socket_inject(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	struct hal *hal, const char *text);

#endif
