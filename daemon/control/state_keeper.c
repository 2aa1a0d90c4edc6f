// SPDX-License-Identifier: MIT
#include "control/state_keeper.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "control/worker.h"
#include "service/clock.h"
#include "service/log.h"

#define END_MAX_MS 10000 // longest wait for a running write at the end of the process

struct state_keeper {
	sd_event *event;
	sd_event_source *timer, *io;
	const char *directory;
	struct kept_state state, written;
	int worker_fd; // of the running write, or -1
	int64_t begun_us;
	bool logged_failure;
};

// Input of a writing thread.
struct write_job {
	const char *directory;
	struct kept_state state;
};

static bool same(const struct kept_state *a, const struct kept_state *b)
{
	return !strcmp(a->profile, b->profile) && !strcmp(a->discovery, b->discovery) &&
		a->intensity_percent == b->intensity_percent &&
		!strcmp(a->last.profile, b->last.profile) && a->last.minutes == b->last.minutes &&
		a->last.holds == b->last.holds && a->last.completed == b->last.completed;
}

static int run_write(void *data)
{
	const struct write_job *job = data;

	return state_file_save(job->directory, &job->state);
}

// After a failure the next change tries again.
static void note_result(struct state_keeper *keeper, int r)
{
	if (r < 0 && !keeper->logged_failure)
		log_error("state: %s/%s cannot be written: %s", keeper->directory, STATE_FILE_NAME,
			strerror(-r));
	keeper->logged_failure = r < 0;
}

static void arm_timer(struct state_keeper *keeper)
{
	bool due = keeper->worker_fd < 0 && !same(&keeper->state, &keeper->written);

	sd_event_source_set_time(keeper->timer, (uint64_t)(keeper->begun_us + STATE_WRITE_US));
	sd_event_source_set_enabled(keeper->timer, due ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

static int finish_write(struct state_keeper *keeper)
{
	void *job = NULL;
	int result, r;

	keeper->io = sd_event_source_disable_unref(keeper->io);
	r = worker_finish(keeper->worker_fd, &result, &job);
	keeper->worker_fd = -1;
	free(job);
	return r < 0 ? r : result;
}

static int on_written(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct state_keeper *keeper = data;

	(void)source;
	(void)fd;
	(void)events;
	note_result(keeper, finish_write(keeper));
	arm_timer(keeper);
	return 0;
}

static int start_write(struct state_keeper *keeper)
{
	struct write_job *job = malloc(sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	*job = (struct write_job){ .directory = keeper->directory, .state = keeper->state };
	r = worker_start(run_write, free, job, &keeper->worker_fd);
	if (r < 0) {
		free(job);
		return r;
	}
	return sd_event_add_io(keeper->event, &keeper->io, keeper->worker_fd, EPOLLIN, on_written,
		keeper);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct state_keeper *keeper = data;
	int r;

	(void)source;
	(void)usec;
	keeper->begun_us = clock_monotonic_us();
	keeper->written = keeper->state;
	r = start_write(keeper);
	if (r < 0)
		note_result(keeper, r);
	return 0;
}

static void load(struct state_keeper *keeper)
{
	int r = state_file_load(keeper->directory, &keeper->state);

	if (r == -ENOENT)
		log_info("state: nothing is kept in %s yet", keeper->directory);
	else if (r == -EINVAL || r == -EFBIG)
		log_warning("state: %s/%s is broken (%s); it is ignored", keeper->directory,
			STATE_FILE_NAME, r == -EFBIG ? "too large" : "not what was written there");
	else if (r < 0)
		log_warning("state: %s/%s cannot be read: %s", keeper->directory, STATE_FILE_NAME,
			strerror(-r));
	keeper->written = keeper->state;
}

int state_keeper_new(sd_event *event, const char *directory, struct kept_state *ret_state,
	struct state_keeper **ret_keeper)
{
	struct state_keeper *keeper = calloc(1, sizeof(*keeper));
	int r;

	if (!keeper)
		return -ENOMEM;
	keeper->event = sd_event_ref(event);
	keeper->directory = directory;
	keeper->worker_fd = -1;
	keeper->begun_us = clock_monotonic_us() - STATE_WRITE_US;
	kept_state_default(&keeper->state);
	load(keeper);
	r = sd_event_add_time(event, &keeper->timer, CLOCK_MONOTONIC, 0, US_PER_MS, on_timer,
		keeper);
	if (r < 0) {
		state_keeper_free(keeper);
		return r;
	}
	arm_timer(keeper);
	*ret_state = keeper->state;
	*ret_keeper = keeper;
	return 0;
}

struct state_keeper *state_keeper_free(struct state_keeper *keeper)
{
	if (!keeper)
		return NULL;
	if (keeper->worker_fd >= 0) {
		struct pollfd done = { .fd = keeper->worker_fd, .events = POLLIN };

		if (poll(&done, 1, END_MAX_MS) > 0)
			note_result(keeper, finish_write(keeper));
		else
			worker_abandon(keeper->worker_fd);
	}
	if (!same(&keeper->state, &keeper->written))
		note_result(keeper, state_file_save(keeper->directory, &keeper->state));
	sd_event_source_disable_unref(keeper->io);
	sd_event_source_disable_unref(keeper->timer);
	sd_event_unref(keeper->event);
	free(keeper);
	return NULL;
}

void state_keeper_update(struct state_keeper *keeper, const struct kept_state *state)
{
	if (same(&keeper->state, state))
		return;
	keeper->state = *state;
	arm_timer(keeper);
}
