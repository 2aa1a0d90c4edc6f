// SPDX-License-Identifier: MIT
//
// The .cfg files of a folder, sorted by name, and what is in a file's name.
#ifndef CHAIRD_CONFIG_FOLDER_H
#define CHAIRD_CONFIG_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "config/problems.h"

#define FOLDER_FILES_MAX 1024

struct folder {
	char **files; // paths
	size_t n;
};

// 0, or -EINVAL with a problem added, or -ENOMEM.
int folder_list(const char *dir, const char *sub, struct problems *problems,
	struct folder *ret_folder);

// Add the files of `over`, which becomes empty, in place of those of the same name. -ENOMEM.
int folder_overlay(struct folder *folder, struct folder *over);

void folder_clear(struct folder *folder);

// The name in a path, without folder and ".cfg": where it begins, and its length.
const char *folder_stem(const char *path, size_t *ret_length);

// Whether a word means a file, and not something by its name: it has a slash or ".cfg".
bool folder_is_path(const char *word);

#endif
