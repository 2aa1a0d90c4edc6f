// SPDX-License-Identifier: MIT
//
// Writer of one file for the event loop, which never waits for the disk: a short-lived thread
// writes, one at a time, and begins at most once in an interval.
#ifndef CHAIRD_CONTROL_FILE_WRITER_H
#define CHAIRD_CONTROL_FILE_WRITER_H

#include <stdint.h>
#include <systemd/sd-event.h>

#define FILE_WRITER_RETRY_US (30 * US_PER_S) // after a failure

struct file_writer;

struct file_writer_port {
	// Write the text. Runs in a thread, and in that of the caller at the end. 0 or -errno.
	int (*save)(const char *directory, const char *text);
	// Result of a write, in the event loop.
	void (*done)(void *data, int r);
	void *data;
};

// directory is borrowed. -errno.
int file_writer_new(sd_event *event, const char *directory, int64_t interval_us,
	const struct file_writer_port *port, struct file_writer **ret_writer);
// Writes what is left, and waits for it.
struct file_writer *file_writer_free(struct file_writer *writer);

// Have this text written, in place of one that is not yet. Takes the text; NULL counts as -ENOMEM.
void file_writer_put(struct file_writer *writer, char *text);

#endif
