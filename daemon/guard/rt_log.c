// SPDX-License-Identifier: MIT
#include "guard/rt_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "service/log.h"
#include "service/notify.h"

#define STACK_SIZE (256 * 1024) // locked in memory with everything else

// Lines of one chip are accessed at once: the first stands for all.
static void describe_line(const struct chair *chair, const struct note *note, char *text,
	size_t size)
{
	if (note->line >= 0)
		snprintf(text, size, ": %s: %s", chair->lines[note->line].name,
			strerror(-note->error));
	else
		snprintf(text, size, ": %s", strerror(-note->error));
}

static void log_mode(const struct chair *chair, const struct note *note)
{
	const char *mode = guard_mode_name(note->mode);
	const char *culprit = note->culprit >= 0 ? chair->actuators[note->culprit].name : "chair";
	int level = guard_reason_is_trip(note->reason) ? LOG_WARNING : LOG_INFO;
	char line[NAME_SIZE + 80] = "";

	if (note->reason == REASON_NONE) {
		log_info("%s", mode);
		notify_status("%s", mode);
		return;
	}
	if (note->reason == REASON_HAL)
		describe_line(chair, note, line, sizeof(line));
	log_message(level, "%s: %s: %s%s", mode, culprit, guard_reason_text(note->reason), line);
	notify_status("%s: %s: %s%s", mode, culprit, guard_reason_text(note->reason), line);
}

static void log_note(const struct chair *chair, const struct note *note)
{
	switch (note->kind) {
	case NOTE_MODE:
		log_mode(chair, note);
		break;
	case NOTE_LINK_UP:
		log_info("a controller is connected");
		break;
	case NOTE_LINK_DOWN:
		log_info("the controller has gone");
		break;
	case NOTE_SECOND:
		log_warning("a second controller was refused (%u so far)", note->count);
		break;
	case NOTE_SILENT:
		log_warning("the controller does not answer: the chair's time goes on without it");
		break;
	case NOTE_IMPOSSIBLE:
		log_error("impossible transition from %s to %s: an error of this program",
			guard_mode_name(note->from), guard_mode_name(note->mode));
		break;
	case NOTE_STOP:
		log_info("asked to end: releasing first");
		break;
	}
}

static void log_lost(const struct rt_log *log, uint32_t *logged)
{
	uint32_t lost = log->lost;

	if (lost != *logged)
		log_warning("%u notes of the loop were lost so far", lost);
	*logged = lost;
}

// Ends when the pipe is closed.
static void *run(void *data)
{
	const struct rt_log *log = data;
	struct note note;
	uint32_t logged = 0;
	ssize_t n;

	do {
		n = read(log->read_fd, &note, sizeof(note));
		if (n == sizeof(note))
			log_note(log->chair, &note);
		log_lost(log, &logged);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return NULL;
}

int rt_log_start(struct rt_log *log, const struct chair *chair)
{
	pthread_attr_t attributes;
	int fds[2], r;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	if (fcntl(fds[1], F_SETFL, O_NONBLOCK) < 0) {
		r = errno;
		goto out;
	}
	log->chair = chair;
	log->read_fd = fds[0];
	log->write_fd = fds[1];
	log->lost = 0;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	r = pthread_create(&log->thread, &attributes, run, log);
	pthread_attr_destroy(&attributes);
	if (r == 0)
		return 0;
out:
	close(fds[0]);
	close(fds[1]);
	return -r;
}

void rt_log_stop(struct rt_log *log)
{
	close(log->write_fd);
	pthread_join(log->thread, NULL);
	close(log->read_fd);
}

void rt_log_write(struct rt_log *log, const struct note *note)
{
	if (write(log->write_fd, note, sizeof(*note)) != sizeof(*note))
		log->lost++;
}
