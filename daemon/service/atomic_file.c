// SPDX-License-Identifier: MIT
#include "service/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OWN_MODE 0600

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

// Mode and owner of the file that is replaced; without one, the mode of a new one.
static int take_over(int directory, const char *name, mode_t new_mode, int fd)
{
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return -errno;
		return fchmod(fd, new_mode) < 0 ? -errno : 0;
	}
	if (status.st_uid != geteuid() && fchown(fd, status.st_uid, status.st_gid) < 0)
		return -errno;
	return fchmod(fd, status.st_mode & 07777) < 0 ? -errno : 0;
}

static int write_whole(int directory, const char *name, const char *replaced, const char *text,
	mode_t new_mode)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		OWN_MODE);
	size_t size = strlen(text);
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -errno;
	n = write(fd, text, size);
	if (n < 0)
		r = -errno;
	else if ((size_t)n < size)
		r = -ENOSPC;
	if (r == 0)
		r = take_over(directory, replaced, new_mode, fd);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	close(fd);
	return r;
}

static int suffixed(const char *name, const char *suffix, char ret_name[NAME_MAX + 1])
{
	return snprintf(ret_name, NAME_MAX + 1, "%s%s", name, suffix) > NAME_MAX ? -ENAMETOOLONG
										 : 0;
}

// Give the file, if there is one, a second name, in place of what has it. The first stays.
static int keep(int directory, const char *name)
{
	char backup[NAME_MAX + 1], temporary[NAME_MAX + 1];
	int r = suffixed(name, ATOMIC_FILE_BACKUP, backup);

	if (r == 0)
		r = suffixed(backup, ATOMIC_FILE_TEMPORARY, temporary);
	if (r < 0)
		return r;
	unlinkat(directory, temporary, 0);
	if (linkat(directory, name, directory, temporary, 0) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (renameat(directory, temporary, directory, backup) < 0)
		return -errno;
	unlinkat(directory, temporary, 0); // it stays where both are the same file already
	return 0;
}

static int write_over(int directory, const char *name, const char *text, mode_t new_mode)
{
	char temporary[NAME_MAX + 1];
	int r = suffixed(name, ATOMIC_FILE_TEMPORARY, temporary);

	if (r == 0)
		r = write_whole(directory, temporary, name, text, new_mode);
	if (r == 0 && renameat(directory, temporary, directory, name) < 0)
		r = -errno;
	if (r == 0 && fsync(directory) < 0)
		r = -errno;
	return r;
}

int atomic_file_create(const char *directory, const char *name, const char *text, mode_t mode)
{
	int fd = open_directory(directory), r;

	if (fd < 0)
		return fd;
	r = write_over(fd, name, text, mode);
	close(fd);
	return r;
}

int atomic_file_write(const char *directory, const char *name, const char *text)
{
	return atomic_file_create(directory, name, text, OWN_MODE);
}

int atomic_file_replace(const char *directory, const char *name, const char *text)
{
	int fd = open_directory(directory), r;

	if (fd < 0)
		return fd;
	r = keep(fd, name);
	if (r == 0)
		r = write_over(fd, name, text, OWN_MODE);
	close(fd);
	return r;
}
