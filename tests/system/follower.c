// SPDX-License-Identifier: MIT
#include "follower.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include "process.h"

#define LINES_MAX 64
#define QUIET_US  200000

struct change {
	int64_t t_us; // of the trace
	uint8_t line;
	bool on;
};

struct follower {
	char path[300];
	int speed;
	int inotify_fd, stop_fd;
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t more;
	struct {
		char wire[48], name[100];
		int safe;
		bool enable;
	} line[LINES_MAX];
	size_t n_lines;
	struct change *changes;
	size_t n, capacity;
	int64_t offset_us; // CLOCK_MONOTONIC at the trace's 0
	uint64_t on;       // lines off their safe level now, but for the enable line
	int64_t on_changed_us; // of the trace
};

// Before anything has changed, everything was long ago.
static int64_t to_monotonic_us(const struct follower *follower, int64_t t_us)
{
	if (follower->offset_us == INT64_MAX)
		return 0;
	return follower->offset_us + t_us / follower->speed;
}

static void take_header(struct follower *follower, const char *text)
{
	char wire[48], actuator[48], role[48];
	size_t i = follower->n_lines;
	int safe;

	if (i == LINES_MAX ||
		sscanf(text, "# line %47s %47s %47s safe %d", wire, actuator, role, &safe) != 4)
		return;
	bool own = !strcmp(actuator, "-");

	snprintf(follower->line[i].wire, sizeof(follower->line[i].wire), "%s", wire);
	snprintf(follower->line[i].name, sizeof(follower->line[i].name), "%s%s%s",
		own ? "" : actuator, own ? "" : ".", role);
	follower->line[i].safe = safe;
	follower->line[i].enable = !strcmp(role, "enable");
	follower->n_lines++;
}

static void add_change(struct follower *follower, int64_t t_us, size_t line, bool on)
{
	int64_t offset_us = monotonic_us() - t_us / follower->speed;

	// The first lines are written before there is a first call, from which the trace counts.
	if (t_us > 0 && offset_us < follower->offset_us)
		follower->offset_us = offset_us;
	if (follower->n == follower->capacity) {
		follower->capacity = follower->capacity ? 2 * follower->capacity : 4096;
		follower->changes = realloc(follower->changes,
			follower->capacity * sizeof(*follower->changes));
		if (!follower->changes)
			abort();
	}
	follower->changes[follower->n++] = (struct change){ t_us, (uint8_t)line, on };
	if (follower->line[line].enable)
		return;
	uint64_t bit = UINT64_C(1) << line;

	if (!(follower->on & bit) == on)
		follower->on_changed_us = t_us;
	follower->on = on ? follower->on | bit : follower->on & ~bit;
}

static void take_line(struct follower *follower, const char *text)
{
	char wire[48];
	int64_t t_us;
	int level;

	pthread_mutex_lock(&follower->mutex);
	if (text[0] == '#')
		take_header(follower, text);
	else if (sscanf(text, "%" SCNd64 " %47s %d", &t_us, wire, &level) == 3) {
		for (size_t i = 0; i < follower->n_lines; i++) {
			if (!strcmp(follower->line[i].wire, wire))
				add_change(follower, t_us, i, level != follower->line[i].safe);
		}
	}
	pthread_cond_broadcast(&follower->more);
	pthread_mutex_unlock(&follower->mutex);
}

// Reads whole lines; what is not yet whole stays in `rest`.
static void read_more(struct follower *follower, int fd, char *rest, size_t size)
{
	size_t n = strlen(rest);
	ssize_t got;

	while ((got = read(fd, rest + n, size - 1 - n)) > 0) {
		char *line = rest, *end;

		n += (size_t)got;
		rest[n] = '\0';
		while ((end = strchr(line, '\n'))) {
			*end = '\0';
			take_line(follower, line);
			line = end + 1;
		}
		n = strlen(line);
		memmove(rest, line, n + 1);
	}
}

static void *follow(void *data)
{
	struct follower *follower = data;
	struct pollfd fds[] = { { .fd = follower->inotify_fd, .events = POLLIN },
		{ .fd = follower->stop_fd, .events = POLLIN } };
	char rest[8192] = "", events[4096];
	int fd = -1;

	do {
		if (fd < 0)
			fd = open(follower->path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0)
			read_more(follower, fd, rest, sizeof(rest));
		poll(fds, 2, -1);
		if (fds[0].revents && read(follower->inotify_fd, events, sizeof(events)) < 0)
			break;
	} while (!fds[1].revents);
	if (fd >= 0)
		close(fd);
	return NULL;
}

struct follower *follower_new(const char *dir, const char *name, int speed)
{
	struct follower *follower = calloc(1, sizeof(*follower));
	pthread_condattr_t monotonic;

	if (!follower)
		abort();
	snprintf(follower->path, sizeof(follower->path), "%s/%s", dir, name);
	follower->speed = speed;
	follower->offset_us = INT64_MAX;
	pthread_mutex_init(&follower->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&follower->more, &monotonic);
	pthread_condattr_destroy(&monotonic);
	follower->inotify_fd = inotify_init1(IN_CLOEXEC);
	follower->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (follower->inotify_fd < 0 || follower->stop_fd < 0 ||
		inotify_add_watch(follower->inotify_fd, dir, IN_CREATE | IN_MODIFY) < 0 ||
		pthread_create(&follower->thread, NULL, follow, follower)) {
		perror(follower->path);
		abort();
	}
	return follower;
}

struct follower *follower_free(struct follower *follower)
{
	if (!follower)
		return NULL;
	eventfd_write(follower->stop_fd, 1);
	pthread_join(follower->thread, NULL);
	close(follower->inotify_fd);
	close(follower->stop_fd);
	pthread_mutex_destroy(&follower->mutex);
	pthread_cond_destroy(&follower->more);
	free(follower->changes);
	free(follower);
	return NULL;
}

static struct timespec timespec_of(int64_t t_us)
{
	return (struct timespec){ t_us / 1000000, t_us % 1000000 * 1000 };
}

static int64_t find(const struct follower *follower, const char *line, bool on, int64_t from_us)
{
	for (size_t i = 0; i < follower->n; i++) {
		const struct change *change = &follower->changes[i];
		int64_t t_us = to_monotonic_us(follower, change->t_us);

		if (t_us >= from_us && change->on == on &&
			!strcmp(follower->line[change->line].name, line))
			return t_us;
	}
	return -1;
}

int64_t follower_wait(struct follower *follower, const char *line, bool on, int64_t from_us,
	int timeout_ms)
{
	struct timespec until = timespec_of(monotonic_us() + timeout_ms * INT64_C(1000));
	int64_t t_us;

	pthread_mutex_lock(&follower->mutex);
	while ((t_us = find(follower, line, on, from_us)) < 0) {
		if (pthread_cond_timedwait(&follower->more, &follower->mutex, &until) == ETIMEDOUT)
			break;
	}
	pthread_mutex_unlock(&follower->mutex);
	return t_us;
}

int64_t follower_wait_safe(struct follower *follower, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), safe_us = -1;

	pthread_mutex_lock(&follower->mutex);
	for (;;) {
		int64_t now_us = monotonic_us(), wake_us = until_us;

		if (!follower->on) {
			int64_t since_us = to_monotonic_us(follower, follower->on_changed_us);

			if (since_us < from_us)
				since_us = from_us;
			if (now_us >= since_us + QUIET_US) {
				safe_us = since_us;
				break;
			}
			if (since_us + QUIET_US < wake_us)
				wake_us = since_us + QUIET_US;
		}
		if (now_us >= until_us)
			break;
		struct timespec wake = timespec_of(wake_us);

		pthread_cond_timedwait(&follower->more, &follower->mutex, &wake);
	}
	pthread_mutex_unlock(&follower->mutex);
	return safe_us;
}

bool follower_anything_on(struct follower *follower)
{
	bool on;

	pthread_mutex_lock(&follower->mutex);
	on = follower->on != 0;
	pthread_mutex_unlock(&follower->mutex);
	return on;
}
