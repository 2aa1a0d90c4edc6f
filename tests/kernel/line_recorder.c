// SPDX-License-Identifier: MIT
#include "line_recorder.h"

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

struct line_recorder {
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

struct line_recorder *line_recorder_new(size_t n_lines)
{
	struct line_recorder *recorder = calloc(1, sizeof(*recorder));

	if (!recorder || !(recorder->changes = calloc(CHANGES_MAX, sizeof(*recorder->changes))))
		die(ENOMEM);
	recorder->n_lines = n_lines;
	pthread_mutex_init(&recorder->mutex, NULL);
	pthread_cond_init(&recorder->changed, NULL);
	return recorder;
}

struct line_recorder *line_recorder_free(struct line_recorder *recorder)
{
	if (!recorder)
		return NULL;
	pthread_cond_destroy(&recorder->changed);
	pthread_mutex_destroy(&recorder->mutex);
	free(recorder->changes);
	free(recorder);
	return NULL;
}

void line_recorder_put(struct line_recorder *recorder, int64_t now_us, uint64_t levels)
{
	uint64_t changed;

	pthread_mutex_lock(&recorder->mutex);
	changed = recorder->levels ^ levels;
	for (unsigned int line = 0; line < recorder->n_lines; line++) {
		if (!(changed >> line & 1))
			continue;
		if (recorder->n_changes == CHANGES_MAX)
			die(ENOSPC);
		recorder->changes[recorder->n_changes++] = (struct change){ now_us, line,
			levels >> line & 1 };
	}
	recorder->levels = levels;
	if (changed)
		pthread_cond_broadcast(&recorder->changed);
	pthread_mutex_unlock(&recorder->mutex);
}

// --- waiting ----------------------------------------------------------------------------------

// Wait for a change; false if there is none until then. Called with the mutex, as the next two are.
static bool wait_change(struct line_recorder *recorder, int64_t until_us)
{
	const struct timespec until = { until_us / 1000000, until_us % 1000000 * 1000 };

	return pthread_cond_clockwait(&recorder->changed, &recorder->mutex, CLOCK_MONOTONIC,
		       &until) == 0;
}

// Search backwards, because queries are about recent changes.
static int64_t first(const struct line_recorder *recorder, unsigned int line, bool on,
	int64_t from_us)
{
	bool before = recorder->levels >> line & 1; // before the changes that have been looked at
	int64_t t_us = -1;

	for (size_t i = recorder->n_changes; i > 0 && recorder->changes[i - 1].t_us >= from_us;
		i--) {
		const struct change *change = &recorder->changes[i - 1];

		if (change->line != line)
			continue;
		if (change->on == on)
			t_us = change->t_us;
		before = !change->on;
	}
	return before == on ? from_us : t_us;
}

int64_t line_recorder_wait(struct line_recorder *recorder, unsigned int line, bool on,
	int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), t_us;

	pthread_mutex_lock(&recorder->mutex);
	while ((t_us = first(recorder, line, on, from_us)) < 0 && wait_change(recorder, until_us))
		;
	pthread_mutex_unlock(&recorder->mutex);
	return t_us;
}

// The time of the last change of any line if all are off, otherwise -1.
static int64_t off_since(const struct line_recorder *recorder, int64_t from_us)
{
	int64_t last_us = recorder->n_changes ? recorder->changes[recorder->n_changes - 1].t_us
					      : from_us;

	if (recorder->levels)
		return -1;
	return last_us > from_us ? last_us : from_us;
}

int64_t line_recorder_wait_safe(struct line_recorder *recorder, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), since_us;
	bool soon;

	pthread_mutex_lock(&recorder->mutex);
	do {
		since_us = off_since(recorder, from_us);
		soon = since_us >= 0 && since_us + QUIET_US <= until_us;
	} while (wait_change(recorder, soon ? since_us + QUIET_US : until_us));
	pthread_mutex_unlock(&recorder->mutex);
	return soon ? since_us : -1;
}

// --- afterwards -------------------------------------------------------------------------------

bool line_recorder_was_on(struct line_recorder *recorder, unsigned int line, int64_t from_us)
{
	bool was_on;

	pthread_mutex_lock(&recorder->mutex);
	was_on = first(recorder, line, true, from_us) >= 0;
	pthread_mutex_unlock(&recorder->mutex);
	return was_on;
}

// A copy of one line's changes in between; for the caller to free.
static struct change *changes_of(struct line_recorder *recorder, unsigned int line, int64_t from_us,
	int64_t to_us, size_t *ret_n)
{
	struct change *changes = calloc(CHANGES_MAX, sizeof(*changes));

	if (!changes)
		die(ENOMEM);
	*ret_n = 0;
	pthread_mutex_lock(&recorder->mutex);
	for (size_t i = 0; i < recorder->n_changes; i++) {
		const struct change *change = &recorder->changes[i];

		if (change->line == line && change->t_us >= from_us && change->t_us < to_us)
			changes[(*ret_n)++] = *change;
	}
	pthread_mutex_unlock(&recorder->mutex);
	return changes;
}

size_t line_recorder_changes(struct line_recorder *recorder, unsigned int line, int64_t from_us,
	int64_t to_us)
{
	size_t n;

	free(changes_of(recorder, line, from_us, to_us, &n));
	return n;
}

static void widen(int64_t *min_us, int64_t *max_us, int64_t us)
{
	if (us < *min_us)
		*min_us = us;
	if (us > *max_us)
		*max_us = us;
}

struct line_recorder_pulses line_recorder_pulses(struct line_recorder *recorder, unsigned int line,
	int64_t from_us, int64_t to_us)
{
	size_t n;
	struct change *changes = changes_of(recorder, line, from_us, to_us, &n);
	struct line_recorder_pulses pulses = { .width_min_us = INT64_MAX,
		.period_min_us = INT64_MAX };

	for (size_t i = changes[0].on ? 0 : 1; i + 2 < n; i += 2, pulses.n++) {
		widen(&pulses.width_min_us, &pulses.width_max_us,
			changes[i + 1].t_us - changes[i].t_us);
		widen(&pulses.period_min_us, &pulses.period_max_us,
			changes[i + 2].t_us - changes[i].t_us);
	}
	free(changes);
	return pulses;
}
