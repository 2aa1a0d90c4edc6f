// SPDX-License-Identifier: MIT
#include "config/folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SUFFIX ".cfg"

static int is_cfg(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return entry->d_name[0] != '.' && dot && !strcmp(dot, SUFFIX);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

void folder_clear(struct folder *folder)
{
	for (size_t i = 0; i < folder->n; i++)
		free(folder->files[i]);
	free(folder->files);
	*folder = (struct folder){ 0 };
}

static int keep_paths(const char *path, struct dirent *const *entries, size_t n,
	struct folder *ret_folder)
{
	struct folder folder = { .files = calloc(n + 1, sizeof(*folder.files)) };

	if (!folder.files)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (asprintf(&folder.files[i], "%s/%s", path, entries[i]->d_name) < 0) {
			folder_clear(&folder);
			return -ENOMEM;
		}
		folder.n = i + 1;
	}
	*ret_folder = folder;
	return 0;
}

// The name without its folder.
static const char *base_name(const char *path)
{
	return strrchr(path, '/') + 1; // keep_paths() has put one there
}

static bool has_name(const struct folder *folder, const char *name)
{
	for (size_t i = 0; i < folder->n; i++) {
		if (!strcmp(base_name(folder->files[i]), name))
			return true;
	}
	return false;
}

int folder_overlay(struct folder *folder, struct folder *over)
{
	char **files = calloc(folder->n + over->n + 1, sizeof(*files));
	size_t n = 0;

	if (!files)
		return -ENOMEM;
	for (size_t i = 0; i < folder->n; i++) {
		if (has_name(over, base_name(folder->files[i])))
			free(folder->files[i]);
		else
			files[n++] = folder->files[i];
	}
	memcpy(files + n, over->files, over->n * sizeof(*files));
	free(folder->files);
	free(over->files);
	*folder = (struct folder){ .files = files, .n = n + over->n };
	*over = (struct folder){ 0 };
	return 0;
}

int folder_list(const char *dir, const char *sub, struct problems *problems,
	struct folder *ret_folder)
{
	char path[PATH_MAX];
	struct dirent **entries;
	int n, r = -EINVAL;

	snprintf(path, sizeof(path), "%s/%s", dir, sub);
	n = scandir(path, &entries, is_cfg, by_name);
	if (n < 0) {
		problems_add(problems, path, 0, "", "cannot be read: %s", strerror(errno));
		return errno == ENOMEM ? -ENOMEM : -EINVAL;
	}
	if (n > FOLDER_FILES_MAX)
		problems_add(problems, path, 0, "", "has %d files (at most %d)", n,
			FOLDER_FILES_MAX);
	else
		r = keep_paths(path, entries, (size_t)n, ret_folder);
	for (int i = 0; i < n; i++)
		free(entries[i]);
	free(entries);
	return r;
}

const char *folder_stem(const char *path, size_t *ret_length)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t length = strlen(base), end = strlen(SUFFIX);

	*ret_length = length > end && !strcmp(base + length - end, SUFFIX) ? length - end : length;
	return base;
}

bool folder_is_path(const char *word)
{
	return strchr(word, '/') || strstr(word, SUFFIX);
}
