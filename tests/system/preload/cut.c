// SPDX-License-Identifier: MIT
//
// Preload that cuts the power: from the time when the file $CUT exists, which holds a number N, the
// process is killed before the Nth (from 0) of its main thread's calls that change the disk. A
// write counts twice: before it, and half way through it.
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h> // renameat
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool is_cut(void)
{
	static int calls;
	const char *file = getenv("CUT");
	char number[12] = "";
	int fd = file && gettid() == getpid()
		? (int)syscall(SYS_openat, AT_FDCWD, file, O_RDONLY | O_CLOEXEC)
		: -1;
	ssize_t n;

	if (fd < 0)
		return false;
	n = read(fd, number, sizeof(number) - 1);
	close(fd);
	return n > 0 && calls++ == atoi(number);
}

static void cut_power(void)
{
	if (is_cut())
		raise(SIGKILL);
}

static bool is_on_disk(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

int openat(int directory, const char *path, int flags, ...)
{
	if (flags & O_CREAT)
		cut_power();
	return (int)syscall(SYS_openat, directory, path, flags, 0600);
}

ssize_t write(int fd, const void *bytes, size_t size)
{
	if (is_on_disk(fd)) {
		cut_power();
		if (is_cut()) {
			syscall(SYS_write, fd, bytes, size / 2);
			raise(SIGKILL);
		}
	}
	return syscall(SYS_write, fd, bytes, size);
}

int fsync(int fd)
{
	cut_power();
	return (int)syscall(SYS_fsync, fd);
}

int mkdir(const char *path, mode_t mode)
{
	cut_power();
	return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int linkat(int from, const char *old_path, int to, const char *new_path, int flags)
{
	cut_power();
	return (int)syscall(SYS_linkat, from, old_path, to, new_path, flags);
}

int renameat(int from, const char *old_path, int to, const char *new_path)
{
	cut_power();
	return (int)syscall(SYS_renameat2, from, old_path, to, new_path, 0);
}

int unlinkat(int directory, const char *path, int flags)
{
	cut_power();
	return (int)syscall(SYS_unlinkat, directory, path, flags);
}
