// SPDX-License-Identifier: MIT
#include "control/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static ssize_t read_whole(int directory, const char *name, char *bytes, size_t size)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, bytes + used, size - used);
		used += n > 0 ? (size_t)n : 0;
	} while (n > 0 && used < size);
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)used;
}

ssize_t atomic_file_read(const char *directory, const char *name, char *bytes, size_t size)
{
	int fd = open_directory(directory);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read_whole(fd, name, bytes, size);
	close(fd);
	return n;
}

static int write_whole(int directory, const char *name, const char *text)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		0600);
	size_t size = strlen(text);
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -errno;
	n = write(fd, text, size);
	if (n < 0 || fsync(fd) < 0)
		r = -errno;
	else if ((size_t)n < size)
		r = -ENOSPC;
	close(fd);
	return r;
}

int atomic_file_write(const char *directory, const char *name, const char *text)
{
	char temporary[NAME_MAX + 1];
	int fd, r;

	if (snprintf(temporary, sizeof(temporary), "%s" ATOMIC_FILE_TEMPORARY, name) >=
		(int)sizeof(temporary))
		return -ENAMETOOLONG;
	fd = open_directory(directory);
	if (fd < 0)
		return fd;
	r = write_whole(fd, temporary, text);
	if (r == 0 && renameat(fd, temporary, fd, name) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	close(fd);
	return r;
}
