// SPDX-License-Identifier: MIT
#include "control/file_writer.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>

#include "control/worker.h"
#include "core/units.h"
#include "service/clock.h"

#define END_MAX_MS 10000 // longest wait for a running write at the end of the process

struct file_writer {
	sd_event *event;
	sd_event_source *timer, *io;
	const char *directory;
	int64_t interval_us;
	struct file_writer_port port;
	char *text;    // to be written; NULL: nothing
	int worker_fd; // of the running write, or -1
	int64_t due_us;
};

// Input of a writing thread.
struct write_job {
	const char *directory;
	int (*save)(const char *directory, const char *text);
	char *text;
};

static int run_write(void *data)
{
	const struct write_job *job = data;

	return job->save(job->directory, job->text);
}

static void free_job(void *data)
{
	struct write_job *job = data;

	if (job)
		free(job->text);
	free(job);
}

static void arm_timer(struct file_writer *writer)
{
	bool due = writer->worker_fd < 0 && writer->text;

	sd_event_source_set_time(writer->timer, (uint64_t)writer->due_us);
	sd_event_source_set_enabled(writer->timer, due ? SD_EVENT_ONESHOT : SD_EVENT_OFF);
}

// Returns the result of the write. A text that was not written is tried again, unless there is a
// newer one.
static int finish_write(struct file_writer *writer)
{
	void *data = NULL;
	struct write_job *job;
	int result, r;

	writer->io = sd_event_source_disable_unref(writer->io);
	r = worker_finish(writer->worker_fd, &result, &data);
	writer->worker_fd = -1;
	r = r < 0 ? r : result;
	job = data;
	if (r < 0 && job && !writer->text) {
		writer->text = job->text;
		job->text = NULL;
		writer->due_us = clock_monotonic_us() + FILE_WRITER_RETRY_US;
	}
	free_job(job);
	return r;
}

static int on_written(sd_event_source *source, int fd, uint32_t events, void *data)
{
	struct file_writer *writer = data;

	(void)source;
	(void)fd;
	(void)events;
	writer->port.done(writer->port.data, finish_write(writer));
	arm_timer(writer);
	return 0;
}

// Takes the text, unless it fails.
static int start_write(struct file_writer *writer)
{
	struct write_job *job = malloc(sizeof(*job));
	int r;

	if (!job)
		return -ENOMEM;
	*job = (struct write_job){
		.directory = writer->directory, .save = writer->port.save, .text = writer->text
	};
	r = worker_start(run_write, free_job, job, &writer->worker_fd);
	if (r < 0) {
		free(job);
		return r;
	}
	writer->text = NULL;
	return sd_event_add_io(writer->event, &writer->io, writer->worker_fd, EPOLLIN, on_written,
		writer);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
	struct file_writer *writer = data;
	int r;

	(void)source;
	(void)usec;
	writer->due_us = clock_monotonic_us() + writer->interval_us;
	r = start_write(writer);
	if (r < 0) {
		writer->port.done(writer->port.data, r);
		arm_timer(writer);
	}
	return 0;
}

int file_writer_new(sd_event *event, const char *directory, int64_t interval_us,
	const struct file_writer_port *port, struct file_writer **ret_writer)
{
	struct file_writer *writer = calloc(1, sizeof(*writer));
	int r;

	if (!writer)
		return -ENOMEM;
	writer->event = sd_event_ref(event);
	writer->directory = directory;
	writer->interval_us = interval_us;
	writer->port = *port;
	writer->worker_fd = -1;
	writer->due_us = clock_monotonic_us();
	r = sd_event_add_time(event, &writer->timer, CLOCK_MONOTONIC, 0, US_PER_MS, on_timer,
		writer);
	if (r < 0) {
		file_writer_free(writer);
		return r;
	}
	arm_timer(writer);
	*ret_writer = writer;
	return 0;
}

struct file_writer *file_writer_free(struct file_writer *writer)
{
	if (!writer)
		return NULL;
	if (writer->worker_fd >= 0) {
		struct pollfd done = { .fd = writer->worker_fd, .events = POLLIN };

		if (poll(&done, 1, END_MAX_MS) > 0)
			writer->port.done(writer->port.data, finish_write(writer));
		else
			worker_abandon(writer->worker_fd);
	}
	if (writer->text)
		writer->port.done(writer->port.data,
			writer->port.save(writer->directory, writer->text));
	sd_event_source_disable_unref(writer->io);
	sd_event_source_disable_unref(writer->timer);
	sd_event_unref(writer->event);
	free(writer->text);
	free(writer);
	return NULL;
}

void file_writer_put(struct file_writer *writer, char *text)
{
	if (!text) {
		writer->port.done(writer->port.data, -ENOMEM);
		return;
	}
	free(writer->text);
	writer->text = text;
	arm_timer(writer);
}
