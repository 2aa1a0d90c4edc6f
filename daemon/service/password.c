// SPDX-License-Identifier: MIT
#include "service/password.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int password_read(const char *file, char ret_password[PASSWORD_SIZE])
{
	const char *directory = getenv("CREDENTIALS_DIRECTORY");
	char path[PATH_MAX], text[PASSWORD_SIZE];
	ssize_t n;
	int fd;

	if (!*file && !directory)
		return -ENOENT;
	if (*file)
		snprintf(path, sizeof(path), "%s", file);
	else
		snprintf(path, sizeof(path), "%s/mqtt-password", directory);
	// O_NONBLOCK: a FIFO without a writer must not block.
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	n = read(fd, text, sizeof(text));
	if (n < 0)
		n = -errno;
	else if (n == sizeof(text))
		n = -EFBIG;
	close(fd);
	if (n >= 0) {
		text[n] = '\0';
		text[strcspn(text, "\r\n")] = '\0';
		memcpy(ret_password, text, sizeof(text));
	}
	explicit_bzero(text, sizeof(text));
	return n < 0 ? (int)n : 0;
}
