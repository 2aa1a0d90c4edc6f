// SPDX-License-Identifier: MIT
//
// The control socket of a simulated chair (--sim-control): each datagram is a line of text and is
// answered. No call blocks.
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

// The sender of a datagram, for the answer.
struct fault_socket_peer {
	struct sockaddr_un address;
	socklen_t size;
};

// A socket that a dead owner left at `path` is replaced. 0 or -errno.
int fault_socket_open(struct fault_socket *fault_socket, const char *path);
void fault_socket_close(struct fault_socket *fault_socket); // no effect if fd is -1

// The next text, without its newline, and its sender. False if there is none.
bool fault_socket_receive(struct fault_socket *fault_socket, char *text, size_t size,
	struct fault_socket_peer *ret_peer);

// An answer that the peer does not accept at once is lost.
void fault_socket_answer(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	const char *text);

// Parse the text as a fault (sim.h), inject it, and answer "ok" or a sentence for people.
void fault_socket_inject(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	struct hal *hal, const char *text);

#endif
