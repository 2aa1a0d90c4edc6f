// SPDX-License-Identifier: MIT
#include "service/journald.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define DATAGRAM_SIZE 6144 // for a text of 1 KiB and two dozen fields; further fields are left out

struct datagram {
	char bytes[DATAGRAM_SIZE];
	size_t size;
};

// Add NAME=value as one line: a new line in it would begin another field.
static void add(struct datagram *datagram, const char *name, const char *value)
{
	char *at = datagram->bytes + datagram->size;
	size_t left = sizeof(datagram->bytes) - datagram->size;
	int n = snprintf(at, left, "%s%s\n", name, value);

	if (n < 0 || (size_t)n >= left)
		return;
	for (int i = 0; i < n - 1; i++)
		at[i] = at[i] == '\n' ? ' ' : at[i];
	datagram->size += (size_t)n;
}

int journald_send(const char *path, const char *program, int level, const char *text,
	const char *const fields[])
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct datagram datagram;
	char priority[16];
	int fd, r = 0;

	datagram.size = 0;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	snprintf(priority, sizeof(priority), "%d", level);
	add(&datagram, "MESSAGE=", text);
	add(&datagram, "PRIORITY=", priority);
	add(&datagram, "SYSLOG_IDENTIFIER=", program);
	for (size_t i = 0; fields[i]; i++)
		add(&datagram, "", fields[i]);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (sendto(fd, datagram.bytes, datagram.size, MSG_DONTWAIT | MSG_NOSIGNAL,
		    (const struct sockaddr *)&address, sizeof(address)) < 0)
		r = -errno;
	close(fd);
	return r;
}
