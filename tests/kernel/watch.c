// SPDX-License-Identifier: MIT
#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/system/process.h"

#define TELL_US     5000 // even where nothing has changed
#define QUIET_US    100000
#define CHANGES_MAX (1 << 17)

struct change {
	int64_t t_us;
	unsigned int line;
	bool on;
};

struct watch {
	pthread_mutex_t mutex;
	pthread_cond_t looked;
	size_t n_lines;
	uint64_t levels;
	int64_t look_us, told_us; // the last look, and the last one that others were woken for
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
	pthread_condattr_t monotonic;

	if (!watch || !(watch->changes = calloc(CHANGES_MAX, sizeof(*watch->changes))))
		die(ENOMEM);
	watch->n_lines = n_lines;
	pthread_mutex_init(&watch->mutex, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&watch->looked, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return watch;
}

struct watch *watch_free(struct watch *watch)
{
	if (!watch)
		return NULL;
	pthread_cond_destroy(&watch->looked);
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
	watch->look_us = now_us;
	if (changed || now_us - watch->told_us >= TELL_US) {
		watch->told_us = now_us;
		pthread_cond_broadcast(&watch->looked);
	}
	pthread_mutex_unlock(&watch->mutex);
}

// --- waiting ----------------------------------------------------------------------------------

void watch_until(struct watch *watch, int64_t t_us)
{
	pthread_mutex_lock(&watch->mutex);
	while (watch->look_us < t_us)
		pthread_cond_wait(&watch->looked, &watch->mutex);
	pthread_mutex_unlock(&watch->mutex);
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
	return before == on && watch->look_us >= from_us ? from_us : t_us;
}

int64_t watch_wait(struct watch *watch, unsigned int line, bool on, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), t_us;

	pthread_mutex_lock(&watch->mutex);
	while ((t_us = first(watch, line, on, from_us)) < 0 && watch->look_us < until_us)
		pthread_cond_wait(&watch->looked, &watch->mutex);
	pthread_mutex_unlock(&watch->mutex);
	return t_us;
}

// The last change of any line where all are off, otherwise never.
static int64_t off_since(const struct watch *watch, int64_t from_us)
{
	int64_t last_us = watch->n_changes ? watch->changes[watch->n_changes - 1].t_us : from_us;

	if (watch->levels)
		return INT64_MAX;
	return last_us > from_us ? last_us : from_us;
}

int64_t watch_wait_safe(struct watch *watch, int64_t from_us, int timeout_ms)
{
	int64_t until_us = monotonic_us() + timeout_ms * INT64_C(1000), since_us;
	bool safe;

	pthread_mutex_lock(&watch->mutex);
	do {
		pthread_cond_wait(&watch->looked, &watch->mutex);
		since_us = off_since(watch, from_us);
		safe = watch->look_us - QUIET_US >= since_us;
	} while (!safe && watch->look_us < until_us);
	pthread_mutex_unlock(&watch->mutex);
	return safe ? since_us : -1;
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

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static double middle_mean(int64_t values[], size_t n)
{
	size_t from = n / 4, to = n - n / 4;
	double sum = 0;

	qsort(values, n, sizeof(values[0]), compare);
	for (size_t i = from; i < to; i++)
		sum += (double)values[i];
	return sum / (double)(to - from);
}

struct watch_pulses watch_pulses(struct watch *watch, unsigned int line, int64_t from_us,
	int64_t to_us)
{
	size_t n, n_pulses = 0;
	struct change *changes = changes_of(watch, line, from_us, to_us, &n);
	int64_t *widths_us = calloc(2 * n + 1, sizeof(*widths_us)), *periods_us = widths_us + n;
	struct watch_pulses pulses = { 0 };

	if (!widths_us)
		die(ENOMEM);
	for (size_t i = changes[0].on ? 0 : 1; i + 2 < n; i += 2) {
		widths_us[n_pulses] = changes[i + 1].t_us - changes[i].t_us;
		periods_us[n_pulses++] = changes[i + 2].t_us - changes[i].t_us;
	}
	if (n_pulses) {
		double period_us = middle_mean(periods_us, n_pulses);

		pulses.duty = middle_mean(widths_us, n_pulses) / period_us;
		pulses.hz = 1e6 / period_us;
	}
	free(widths_us);
	free(changes);
	return pulses;
}
