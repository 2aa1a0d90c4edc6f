// SPDX-License-Identifier: MIT
//
// Attributes in sysfs: a small text in a file, of a device or of a channel of one.
#ifndef CHAIRD_HAL_ATTRIBUTE_H
#define CHAIRD_HAL_ATTRIBUTE_H

#include <stddef.h>

// Open the attribute in a directory, close-on-exec: a descriptor, or -errno.
int attribute_open(const char *dir, const char *name, int flags);

// Read its first line without the newline, cut to the size. 0; or -errno and "".
int attribute_read(const char *dir, const char *name, char *ret_text, size_t size);

#endif
