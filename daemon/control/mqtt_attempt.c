// SPDX-License-Identifier: MIT
#include "control/mqtt_attempt.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

static void attempt_free(struct attempt *attempt)
{
	close(attempt->fd);
	attempt->free(attempt);
}

static void *attempt_thread(void *data)
{
	struct attempt *attempt = data;

	attempt->result = attempt->run(attempt);
	// Once it is sent it is no longer ours; where nobody takes it, it still is.
	if (send(attempt->fd, &attempt, sizeof(attempt), MSG_NOSIGNAL) < 0)
		attempt_free(attempt);
	return NULL;
}

int attempt_start(struct attempt *attempt, int *ret_fd)
{
	pthread_t thread;
	int fds[2], r;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return -errno;
	attempt->fd = fds[1];
	r = pthread_create(&thread, NULL, attempt_thread, attempt);
	if (r) {
		close(fds[0]);
		close(fds[1]);
		return -r;
	}
	pthread_detach(thread);
	*ret_fd = fds[0];
	return 0;
}

struct attempt *attempt_finish(int fd)
{
	struct attempt *attempt = NULL;

	if (recv(fd, &attempt, sizeof(attempt), MSG_DONTWAIT) != sizeof(attempt))
		attempt = NULL;
	else
		close(attempt->fd);
	close(fd);
	return attempt;
}

void attempt_abandon(int fd)
{
	struct attempt *attempt;

	shutdown(fd, SHUT_RD); // from here on the thread cannot hand it over ...
	if (recv(fd, &attempt, sizeof(attempt), MSG_DONTWAIT) == sizeof(attempt))
		attempt_free(attempt); // ... but it had
	close(fd);
}
