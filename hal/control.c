// SPDX-License-Identifier: MIT
#include "hal/control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hal/backend.h"
#include "hal/sim.h"

int control_open(struct control *control, const char *path)
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
	*control = (struct control){ fd, address };
	return 0;
}

void control_close(struct control *control)
{
	if (control->fd < 0)
		return;
	close(control->fd);
	unlink(control->address.sun_path);
	control->fd = -1;
}

bool control_take(struct control *control, char *text, size_t size, struct control_peer *ret_peer)
{
	struct control_peer peer = { .size = sizeof(peer.address) };
	ssize_t n = recvfrom(control->fd, text, size - 1, MSG_DONTWAIT,
		(struct sockaddr *)&peer.address, &peer.size);

	if (n < 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	*ret_peer = peer;
	return true;
}

void control_answer(struct control *control, const struct control_peer *peer, const char *text)
{
	if (peer->size > sizeof(peer->address.sun_family))
		sendto(control->fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL,
			(const struct sockaddr *)&peer->address, peer->size);
}

void control_fault(struct control *control, const struct control_peer *peer, struct hal *hal,
	const char *text)
{
	struct sim_fault fault;
	char why[256] = "ok";
	int r = sim_fault_parse(hal->chair, text, &fault, why, sizeof(why));

	if (r == 0 && sim_inject(hal, &fault) < 0)
		snprintf(why, sizeof(why), "too many faults are pending");
	control_answer(control, peer, why);
}
