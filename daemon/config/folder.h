// SPDX-License-Identifier: MIT
//
// The .cfg files of a folder, in the order of their names.
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
void folder_clear(struct folder *folder);

#endif
