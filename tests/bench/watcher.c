// SPDX-License-Identifier: MIT
#include "watcher.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../system/process.h"

#define PRIORITY   70 // above the guard
#define HANG_S     120
#define CHUNKS_MAX 4096
#define CHUNK_SIZE 512

// What one read() gave: as a rule one line of the trace, or one message of the floor.
struct chunk {
	int fd;
	int64_t t_us;
	char text[CHUNK_SIZE];
};

struct watcher {
	struct pollfd fds[WATCHER_PIPES_MAX];
	size_t n_fds;
	pthread_t thread;
	pthread_mutex_t mutex; // for all that follows
	pthread_cond_t more;
	size_t n;
	struct chunk chunks[CHUNKS_MAX];
};

static void die(const char *what)
{
	perror(what);
	abort();
}

static void take(struct watcher *watcher, int fd)
{
	struct chunk chunk = { .fd = fd };
	ssize_t n = read(fd, chunk.text, sizeof(chunk.text) - 1);
	int cancel_state;

	chunk.t_us = monotonic_us();
	if (n <= 0)
		return;
	// watcher_free() cancels this thread, which must not happen while it holds the mutex.
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
	pthread_mutex_lock(&watcher->mutex);
	if (watcher->n == CHUNKS_MAX)
		abort();
	watcher->chunks[watcher->n++] = chunk;
	pthread_cond_signal(&watcher->more);
	pthread_mutex_unlock(&watcher->mutex);
	pthread_setcancelstate(cancel_state, NULL);
}

static void *run(void *data)
{
	struct watcher *watcher = data;

	while (poll(watcher->fds, watcher->n_fds, -1) > 0) {
		for (size_t i = 0; i < watcher->n_fds; i++) {
			if (watcher->fds[i].revents & POLLIN)
				take(watcher, watcher->fds[i].fd);
			else if (watcher->fds[i].revents) // its writer has ended
				watcher->fds[i].fd = -1;
		}
	}
	return NULL;
}

struct watcher *watcher_new(const int fds[], size_t n)
{
	const struct sched_param priority = { .sched_priority = PRIORITY };
	struct watcher *watcher = calloc(1, sizeof(*watcher));
	pthread_condattr_t monotonic;

	if (!watcher || n > WATCHER_PIPES_MAX)
		die("watcher");
	for (watcher->n_fds = 0; watcher->n_fds < n; watcher->n_fds++)
		watcher->fds[watcher->n_fds] = (struct pollfd){ fds[watcher->n_fds], POLLIN, 0 };
	pthread_mutex_init(&watcher->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&watcher->more, &monotonic);
	pthread_condattr_destroy(&monotonic);
	if (pthread_create(&watcher->thread, NULL, run, watcher))
		die("watcher");
	if (pthread_setschedparam(watcher->thread, SCHED_FIFO, &priority))
		fprintf(stderr, "bench: no real-time priority\n");
	return watcher;
}

struct watcher *watcher_free(struct watcher *watcher)
{
	if (!watcher)
		return NULL;
	pthread_cancel(watcher->thread);
	pthread_join(watcher->thread, NULL);
	pthread_cond_destroy(&watcher->more);
	pthread_mutex_destroy(&watcher->mutex);
	free(watcher);
	return NULL;
}

void watcher_forget(struct watcher *watcher)
{
	pthread_mutex_lock(&watcher->mutex);
	watcher->n = 0;
	pthread_mutex_unlock(&watcher->mutex);
}

// Called with the mutex.
static int64_t find(struct watcher *watcher, int fd, const char *text)
{
	for (size_t i = 0; i < watcher->n; i++) {
		const struct chunk *chunk = &watcher->chunks[i];
		int64_t t_us = chunk->t_us;

		if (chunk->fd != fd || !strstr(chunk->text, text))
			continue;
		watcher->n -= i + 1;
		memmove(watcher->chunks, chunk + 1, watcher->n * sizeof(*chunk));
		return t_us;
	}
	return -1;
}

int64_t watcher_wait(struct watcher *watcher, int fd, const char *text)
{
	const int64_t end_us = monotonic_us() + HANG_S * INT64_C(1000000);
	const struct timespec end = { end_us / 1000000, end_us % 1000000 * 1000 };
	int64_t t_us;

	pthread_mutex_lock(&watcher->mutex);
	while ((t_us = find(watcher, fd, text)) < 0) {
		if (pthread_cond_timedwait(&watcher->more, &watcher->mutex, &end)) {
			fprintf(stderr, "bench: %s does not come\n", text);
			abort();
		}
	}
	pthread_mutex_unlock(&watcher->mutex);
	return t_us;
}
