// SPDX-License-Identifier: MIT
#include "control/attempt.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void attempt_free(struct attempt *attempt)
{
	close(attempt->fd);
	free(attempt);
}

static void discard(struct attempt *attempt)
{
	attempt->free(attempt->data);
	attempt_free(attempt);
}

static void *attempt_thread(void *data)
{
	struct attempt *attempt = data;

	attempt->result = attempt->run(attempt->data);
	// Once it is sent it is no longer ours; where nobody takes it, it still is.
	if (send(attempt->fd, &attempt, sizeof(attempt), MSG_NOSIGNAL) < 0)
		discard(attempt);
	return NULL;
}

static int start_thread(struct attempt *attempt)
{
	pthread_t thread;
	int r = pthread_create(&thread, NULL, attempt_thread, attempt);

	if (r == 0)
		pthread_detach(thread);
	return -r;
}

int attempt_start(int (*run)(void *data), void (*free_data)(void *data), void *data, int *ret_fd)
{
	struct attempt *attempt = calloc(1, sizeof(*attempt));
	int fds[2], r;

	if (!attempt)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		r = -errno;
		free(attempt);
		return r;
	}
	*attempt = (struct attempt){ .run = run, .free = free_data, .data = data, .fd = fds[1] };
	r = start_thread(attempt);
	if (r < 0) {
		close(fds[0]);
		attempt_free(attempt);
		return r;
	}
	*ret_fd = fds[0];
	return 0;
}

int attempt_finish(int fd, int *ret_result, void **ret_data)
{
	struct attempt *attempt;
	ssize_t n = recv(fd, &attempt, sizeof(attempt), MSG_DONTWAIT);

	close(fd);
	if (n != sizeof(attempt))
		return -EIO;
	*ret_result = attempt->result;
	*ret_data = attempt->data;
	attempt_free(attempt);
	return 0;
}

void attempt_abandon(int fd)
{
	struct attempt *attempt;

	shutdown(fd, SHUT_RD); // from here on the thread cannot hand it over ...
	if (recv(fd, &attempt, sizeof(attempt), MSG_DONTWAIT) == sizeof(attempt))
		discard(attempt); // ... but it had
	close(fd);
}
