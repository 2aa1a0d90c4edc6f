// SPDX-License-Identifier: MIT
#include "hal/sim/fault_socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hal/backend.h"
#include "hal/sim/sim.h"

int fault_socket_open(struct fault_socket *fault_socket, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat old;
	int fd, error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (!lstat(path, &old) && S_ISSOCK(old.st_mode))
		unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		error = -errno;
		close(fd);
		return error;
	}
	*fault_socket = (struct fault_socket){ fd, address };
	return 0;
}

void fault_socket_close(struct fault_socket *fault_socket)
{
	if (fault_socket->fd < 0)
		return;
	close(fault_socket->fd);
	unlink(fault_socket->address.sun_path);
	fault_socket->fd = -1;
}

bool fault_socket_receive(struct fault_socket *fault_socket, char *text, size_t size,
	struct fault_socket_peer *ret_peer)
{
	struct fault_socket_peer peer = { .size = sizeof(peer.address) };
	ssize_t n = recvfrom(fault_socket->fd, text, size - 1, MSG_DONTWAIT,
		(struct sockaddr *)&peer.address, &peer.size);

	if (n < 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	*ret_peer = peer;
	return true;
}

void fault_socket_answer(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	const char *text)
{
	if (peer->size > sizeof(peer->address.sun_family))
		sendto(fault_socket->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)&peer->address, peer->size);
}

void fault_socket_inject(struct fault_socket *fault_socket, const struct fault_socket_peer *peer,
	struct hal *hal, const char *text)
{
	struct sim_fault fault;
	char why[256] = "ok";
	int r = sim_fault_parse(hal->chair, text, &fault, why, sizeof(why));

	if (r == 0 && sim_inject(hal, &fault) < 0)
		snprintf(why, sizeof(why), "too many faults are pending");
	fault_socket_answer(fault_socket, peer, why);
}
