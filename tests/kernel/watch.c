// SPDX-License-Identifier: MIT
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/system/process.h"

#define QUIET_US    100000
#define CHANGES_MAX (1 << 17)

struct change {
	int64_t t_us;
	unsigned int line;
	bool on;
};

struct watch {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	size_t n_lines;
	uint64_t levels;
	struct change *changes;
	size_t n_changes;
};

static void die(int error)
{
	fprintf(stderr, "watch: %s\n", strerror(error));
	abort();
}

struct watch *watch_new(size_t n_lines)
{
	struct watch *watch = calloc(1, sizeof(*watch));

	if (!watch || !(watch->changes = calloc(CHANGES_MAX, sizeof(*watch->changes))))
		die(ENOMEM);
	watch->n_lines = n_lines;
	pthread_mutex_init(&watch->mutex, NULL);
	pthread_cond_init(&watch->changed, NULL);
	return watch;
}

struct watch *watch_free(struct watch *watch)
{
	if (!watch)
		return NULL;
	pthread_cond_destroy(&watch->changed);
	pthread_mutex_destroy(&watch->mutex);
	free(watch->changes);
	free(watch);
	return NULL;
}

void watch_put(struct watch *watch, int64_t now_us, uint64_t levels)
{
	uint64_t changed;

	pthread_mutex_lock(&watch->mutex);
	changed = watch->levels ^ levels;
	for (unsigned int line = 0; line < watch->n_lines; line++) {
		if (!(changed >> line & 1))
			continue;
		if (watch->n_changes == CHANGES_MAX)
			die(ENOSPC);
		watch->changes[watch->n_changes++] =
			(struct change){ now_us, line, levels >> line & 1 };
	}
	watch->levels = levels;
	if (changed)
		pthread_cond_broadcast(&watch->changed);
	pthread_mutex_unlock(&watch->mutex);
}

// --- waiting ----------------------------------------------------------------------------------

// For a change; false where there is none until then. Called with the mutex, as the next two are.
static bool wait_change(struct watch *watch, int64_t until_us)
{
	const struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };

	return pthread_cond_clockwait(&watch->changed, &watch->mutex, CLOCK_MONOTONIC, &until) == 0;
}

// Backwards, because what is asked for has happened of late.
static int64_t first(const struct watch *watch, unsigned int line, bool on, int64_t from_us)
{
	bool before = watch->levels >> line & 1; // before the changes that have been looked at
	int64_t t_us = -1;

	for (size_t i = watch->n_changes; i > 0 && watch->changes[i - 1].t_us >= from_us; i--) {
		const struct change *change = &watch->changes[i - 1];

		if (change->line != line)
			continue;
		if (change->on == on)
			t_us = change->t_us;
		before = !change->on;
	}
	return before == on ? from_us : t_us;
}

int64_t watch_wait(struct watch *watch, unsigned int line, bool on, int64_t from_us,
	int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), t_us;

	pthread_mutex_lock(&watch->mutex);
	while ((t_us = first(watch, line, on, from_us)) < 0 && wait_change(watch, until_us))
		;
	pthread_mutex_unlock(&watch->mutex);
	return t_us;
}

// The last change of any line where all are off, otherwise -1.
static int64_t off_since(const struct watch *watch, int64_t from_us)
{
	int64_t last_us = watch->n_changes ? watch->changes[watch->n_changes - 1].t_us : from_us;

	if (watch->levels)
		return -1;
	return last_us > from_us ? last_us : from_us;
}

int64_t watch_wait_safe(struct watch *watch, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), since_us;
	bool soon;

	pthread_mutex_lock(&watch->mutex);
	do {
		since_us = off_since(watch, from_us);
		soon = since_us >= 0 && since_us + QUIET_US <= until_us;
	} while (wait_change(watch, soon ? since_us + QUIET_US : until_us));
	pthread_mutex_unlock(&watch->mutex);
	return soon ? since_us : -1;
}

// --- afterwards -------------------------------------------------------------------------------

bool watch_was_on(struct watch *watch, unsigned int line, int64_t from_us)
{
	bool was_on;

	pthread_mutex_lock(&watch->mutex);
	was_on = first(watch, line, true, from_us) >= 0;
	pthread_mutex_unlock(&watch->mutex);
	return was_on;
}

// A copy of one line's changes in between; for the caller to free.
static struct change *changes_of(struct watch *watch, unsigned int line, int64_t from_us,
	int64_t to_us, size_t *ret_n)
{
	struct change *changes = calloc(CHANGES_MAX, sizeof(*changes));

	if (!changes)
		die(ENOMEM);
	*ret_n = 0;
	pthread_mutex_lock(&watch->mutex);
	for (size_t i = 0; i < watch->n_changes; i++) {
		const struct change *change = &watch->changes[i];

		if (change->line == line && change->t_us >= from_us && change->t_us < to_us)
			changes[(*ret_n)++] = *change;
	}
	pthread_mutex_unlock(&watch->mutex);
	return changes;
}

size_t watch_changes(struct watch *watch, unsigned int line, int64_t from_us, int64_t to_us)
{
	size_t n;

	free(changes_of(watch, line, from_us, to_us, &n));
	return n;
}

static void widen(int64_t *min_us, int64_t *max_us, int64_t us)
{
	if (us < *min_us)
		*min_us = us;
	if (us > *max_us)
		*max_us = us;
}

struct watch_pulses watch_pulses(struct watch *watch, unsigned int line, int64_t from_us,
	int64_t to_us)
{
	size_t n;
	struct change *changes = changes_of(watch, line, from_us, to_us, &n);
	struct watch_pulses pulses = { .width_min_us = INT64_MAX, .period_min_us = INT64_MAX };

	for (size_t i = changes[0].on ? 0 : 1; i + 2 < n; i += 2, pulses.n++) {
		widen(&pulses.width_min_us, &pulses.width_max_us,
			changes[i + 1].t_us - changes[i].t_us);
		widen(&pulses.period_min_us, &pulses.period_max_us,
			changes[i + 2].t_us - changes[i].t_us);
	}
	free(changes);
	return pulses;
}
