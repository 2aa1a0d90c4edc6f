// SPDX-License-Identifier: MIT
//
// List of the .cfg files of a folder, sorted by name.
#ifndef CHAIRD_CONFIG_FOLDER_H
#define CHAIRD_CONFIG_FOLDER_H

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

#endif
