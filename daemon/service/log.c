// SPDX-License-Identifier: MIT
#include "service/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION // the message says enough
#include <systemd/sd-journal.h>

#define TEXT_SIZE   1024
#define FIELDS_MAX  24
#define PREFIX_SIZE 16

// Decided once, before anything else runs; read-only from then on.
static struct {
	const char *program;
	int max_level;
	bool journal;
} log_target = { .program = "chaird", .max_level = LOG_INFO };

// systemd tells in JOURNAL_STREAM what it connected stderr to. Somebody who redirects stderr of
// a program under systemd wants to see it there.
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void log_open(const char *program, int max_level)
{
	log_target.program = program;
	log_target.max_level = max_level;
	log_target.journal = stderr_is_journal();
}

static void write_stderr(const char *text)
{
	char line[TEXT_SIZE + 64];
	int length = snprintf(line, sizeof(line), "%s: %s\n", log_target.program, text);

	if (length >= (int)sizeof(line))
		length = (int)sizeof(line) - 1;
	// One write, so that lines of two programs do not mix. A stderr that nobody reads loses
	// messages; that is no reason to stop.
	if (write(STDERR_FILENO, line, (size_t)length) < 0)
		return;
}

void log_fields(int level, const char *text, const char *const fields[])
{
	struct iovec iov[FIELDS_MAX + 2];
	char message[TEXT_SIZE + PREFIX_SIZE], priority[PREFIX_SIZE];
	int n = 0;

	if (level > log_target.max_level)
		return;
	if (!log_target.journal) {
		write_stderr(text);
		return;
	}
	snprintf(message, sizeof(message), "MESSAGE=%s", text);
	snprintf(priority, sizeof(priority), "PRIORITY=%d", level);
	iov[n++] = (struct iovec){ message, strlen(message) };
	iov[n++] = (struct iovec){ priority, strlen(priority) };
	for (size_t i = 0; fields[i] && i < FIELDS_MAX; i++)
		iov[n++] = (struct iovec){ (void *)fields[i], strlen(fields[i]) };
	sd_journal_sendv(iov, n);
}

void log_message(int level, const char *format, ...)
{
	static const char *const no_fields[] = { NULL };
	char text[TEXT_SIZE];
	va_list args;

	if (level > log_target.max_level)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_fields(level, text, no_fields);
}
