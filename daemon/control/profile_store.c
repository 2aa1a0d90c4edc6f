// SPDX-License-Identifier: MIT
#include "control/profile_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/folder.h"
#include "config/library.h"
#include "config/reader.h"
#include "service/atomic_file.h"

bool profile_store_is_name(const char *name)
{
	size_t length = strlen(name);

	return length < NAME_SIZE && *name != '.' && reader_is_name(name, length);
}

// The folder, which must outlive a power cut like what is written in it.
static int make_folder(const char *state_dir, const char *folder)
{
	int fd, r = 0;

	if (mkdir(folder, 0700) < 0)
		return errno == EEXIST ? 0 : -errno;
	fd = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fsync(fd) < 0)
		r = -errno;
	if (fd >= 0)
		close(fd);
	return r;
}

// Whether one more has room, or replaces one.
static int check_room(const char *state_dir, const char *path)
{
	__attribute__((cleanup(problems_clear))) struct problems problems = { 0 };
	__attribute__((cleanup(folder_clear))) struct folder folder = { 0 };
	int r = folder_list(state_dir, LIBRARY_STORED, &problems, &folder);

	if (r < 0)
		return r == -ENOMEM ? r : -EIO;
	return folder.n < PROFILE_STORE_MAX || access(path, F_OK) == 0 ? 0 : -ENOSPC;
}

int profile_store_put(const char *state_dir, const char *name, const char *text,
	char ret_path[PATH_MAX])
{
	char folder[PATH_MAX], file[NAME_SIZE + 4];
	int r;

	snprintf(file, sizeof(file), "%s.cfg", name);
	if (snprintf(folder, sizeof(folder), "%s/" LIBRARY_STORED, state_dir) >= PATH_MAX ||
		snprintf(ret_path, PATH_MAX, "%s/" LIBRARY_STORED "/%s", state_dir, file) >=
			PATH_MAX)
		return -ENAMETOOLONG;
	r = make_folder(state_dir, folder);
	if (r == 0)
		r = check_room(state_dir, ret_path);
	return r < 0 ? r : atomic_file_replace(folder, file, text);
}
