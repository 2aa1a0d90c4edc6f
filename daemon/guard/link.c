// SPDX-License-Identifier: MIT
#include "guard/link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG 4

static int socket_new(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? -errno : fd;
}

static bool is_listening(const struct sockaddr_un *address)
{
	int fd = socket_new();
	bool listens;

	if (fd < 0)
		return true;
	listens = connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
		errno == EAGAIN;
	close(fd);
	return listens;
}

static int bind_new(int fd, const struct sockaddr_un *address)
{
	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		return 0;
	if (errno != EADDRINUSE || is_listening(address))
		return -errno;
	unlink(address->sun_path);
	return bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0 ? -errno : 0;
}

// The mode is set before listen(), so before anyone can connect.
static int listen_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, r;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket_new();
	if (fd < 0)
		return fd;
	r = bind_new(fd, &address);
	if (r < 0)
		goto out;
	if (chmod(path, 0660) < 0 || listen(fd, BACKLOG) < 0) {
		r = -errno;
		unlink(path);
		goto out;
	}
	return fd;
out:
	close(fd);
	return r;
}

int link_open(const char *path, int inherited_fd, struct link *ret_link)
{
	struct link link = { .listen_fd = inherited_fd, .fd = -1 };

	if (inherited_fd < 0) {
		link.listen_fd = listen_at(path);
		link.path = path;
	} else if (fcntl(inherited_fd, F_SETFL, O_NONBLOCK) < 0) {
		return -errno;
	}
	if (link.listen_fd < 0)
		return link.listen_fd;
	*ret_link = link;
	return 0;
}

void link_close(struct link *link)
{
	if (link->fd >= 0)
		close(link->fd);
	close(link->listen_fd);
	if (link->path)
		unlink(link->path);
	link->fd = link->listen_fd = -1;
}

bool link_accept(struct link *link)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);
	int fd = accept4(link->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	if (link->fd >= 0) {
		link->refused++;
		close(fd);
		return false;
	}
	link->fd = fd;
	link->peer = getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 ? peer.pid : 0;
	return true;
}

static int disconnected(struct link *link)
{
	close(link->fd);
	link->fd = -1;
	link->size = link->at = 0;
	return -EPIPE;
}

static int receive_message(struct link *link)
{
	ssize_t n;

	if (link->fd < 0)
		return -EPIPE;
	n = recv(link->fd, link->message, sizeof(link->message), MSG_DONTWAIT | MSG_TRUNC);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (n <= 0)
		return disconnected(link);
	link->size = (size_t)n;
	link->at = 0;
	link->frames = 0;
	return 0;
}

bool link_holds_frame(const struct link *link)
{
	return link->at < link->size;
}

int link_receive(struct link *link, union wire_frame *ret_frame)
{
	const unsigned char *bytes;
	size_t size;
	int r = link_holds_frame(link) ? 0 : receive_message(link);

	if (r < 0)
		return r;
	bytes = link->message + link->at;
	size = link->size - link->at;
	// The last frame that a message may have takes all of the rest: if that is more, no check
	// accepts it. So it is with a message that is too long.
	if (link->size <= sizeof(link->message) && ++link->frames < WIRE_MESSAGE_FRAMES_MAX)
		size = wire_first_size(bytes, size);
	link->at += size;
	memcpy(ret_frame, bytes, size < sizeof(*ret_frame) ? size : sizeof(*ret_frame));
	return (int)size;
}

int link_send(struct link *link, const union wire_frame *frame)
{
	if (link->fd < 0)
		return -EPIPE;
	if (send(link->fd, frame, frame->header.length, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
		return 0;
	if (errno != EAGAIN && errno != EINTR)
		return -EPIPE; // link_receive() will return it, too
	link->dropped++;
	return -EAGAIN;
}
