// SPDX-License-Identifier: MIT
#include "control/worker.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void worker_free(struct worker *worker)
{
	close(worker->fd);
	free(worker);
}

static void discard(struct worker *worker)
{
	worker->free(worker->data);
	worker_free(worker);
}

static void *worker_thread(void *data)
{
	struct worker *worker = data;

	worker->result = worker->run(worker->data);
	// Once it is sent, the receiver owns it; if it cannot be sent, we free it.
	if (send(worker->fd, &worker, sizeof(worker), MSG_NOSIGNAL) < 0)
		discard(worker);
	return NULL;
}

static int start_thread(struct worker *worker)
{
	pthread_t thread;
	int r = pthread_create(&thread, NULL, worker_thread, worker);

	if (r == 0)
		pthread_detach(thread);
	return -r;
}

int worker_start(int (*run)(void *data), void (*free_data)(void *data), void *data, int *ret_fd)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	int fds[2], r;

	if (!worker)
		return -ENOMEM;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0) {
		r = -errno;
		free(worker);
		return r;
	}
	*worker = (struct worker){ .run = run, .free = free_data, .data = data, .fd = fds[1] };
	r = start_thread(worker);
	if (r < 0) {
		close(fds[0]);
		worker_free(worker);
		return r;
	}
	*ret_fd = fds[0];
	return 0;
}

int worker_finish(int fd, int *ret_result, void **ret_data)
{
	struct worker *worker;
	ssize_t n = recv(fd, &worker, sizeof(worker), MSG_DONTWAIT);

	close(fd);
	if (n != sizeof(worker))
		return -EIO;
	*ret_result = worker->result;
	*ret_data = worker->data;
	worker_free(worker);
	return 0;
}

void worker_abandon(int fd)
{
	struct worker *worker;

	shutdown(fd, SHUT_RD); // from here on the thread cannot send it ...
	if (recv(fd, &worker, sizeof(worker), MSG_DONTWAIT) == sizeof(worker))
		discard(worker); // ... but it had sent it before
	close(fd);
}
