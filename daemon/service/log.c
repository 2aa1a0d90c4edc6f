// SPDX-License-Identifier: MIT
#include "service/log.h"

#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "service/journald.h"

#define TEXT_SIZE 1024

// Set by log_open() before any thread starts; read-only from then on, except for the count.
static struct {
	const char *program;
	int max_level;
	bool journal, socket; // stderr is one
	unsigned lost;        // since the last accepted message
} log_target = { .program = "chaird", .max_level = LOG_INFO };

// JOURNAL_STREAM has device and inode of the stream that systemd connected. If stderr is another
// one, it has been redirected, and the messages go there.
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	if (!stream || sscanf(stream, "%llu:%llu", &device, &inode) != 2)
		return false;
	return fstat(STDERR_FILENO, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

static bool stderr_is_socket(void)
{
	struct stat st;

	return fstat(STDERR_FILENO, &st) == 0 && S_ISSOCK(st.st_mode);
}

void log_open(const char *program, int max_level)
{
	log_target.program = program;
	log_target.max_level = max_level;
	log_target.journal = stderr_is_journal();
	log_target.socket = stderr_is_socket();
}

// One write, so that lines of two programs do not mix. A pipe or terminal that is ready accepts at
// least PIPE_BUF bytes without blocking, which is more than a line has.
static bool put_stderr(const char *text)
{
	struct pollfd ready = { .fd = STDERR_FILENO, .events = POLLOUT };
	char line[TEXT_SIZE + 64];
	int length = snprintf(line, sizeof(line), "%s: %s\n", log_target.program, text);

	if (length >= (int)sizeof(line))
		length = (int)sizeof(line) - 1;
	if (log_target.socket)
		return send(STDERR_FILENO, line, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL) ==
			length;
	return poll(&ready, 1, 0) == 1 && ready.revents & POLLOUT &&
		write(STDERR_FILENO, line, (size_t)length) == length;
}

static bool put(int level, const char *text, const char *const fields[])
{
	if (log_target.journal)
		return journald_send(JOURNALD_SOCKET, log_target.program, level, text, fields) == 0;
	return put_stderr(text);
}

// Before the message, log the number of lost ones. The lock keeps a second thread from filling the
// pipe between poll and write.
void log_fields(int level, const char *text, const char *const fields[])
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	char lost_text[64];

	if (level > log_target.max_level)
		return;
	pthread_mutex_lock(&lock);
	snprintf(lost_text, sizeof(lost_text), "%u messages were lost: the log was full",
		log_target.lost);
	if (log_target.lost && put(LOG_WARNING, lost_text, (const char *const[]){ NULL }))
		log_target.lost = 0;
	if (log_target.lost || !put(level, text, fields))
		log_target.lost++;
	pthread_mutex_unlock(&lock);
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

void log_error_text(void *data, const char *text)
{
	(void)data;
	log_error("%s", text);
}
