// SPDX-License-Identifier: MIT
#include "hal/attribute.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int attribute_open(const char *dir, const char *name, int flags)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int attribute_read(const char *dir, const char *name, char *ret_text, size_t size)
{
	int fd = attribute_open(dir, name, O_RDONLY), r;
	ssize_t n;

	ret_text[0] = '\0';
	if (fd < 0)
		return fd;
	n = read(fd, ret_text, size - 1);
	r = n < 0 ? -errno : 0;
	close(fd);
	ret_text[n > 0 ? n : 0] = '\0';
	ret_text[strcspn(ret_text, "\n")] = '\0';
	return r;
}
