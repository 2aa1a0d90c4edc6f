// SPDX-License-Identifier: MIT
//
// Files that are read and written as a whole. After a power cut either the old or the new file is
// there: a write goes to NAME.new, which is synced and renamed over the old one.
#ifndef CHAIRD_SERVICE_ATOMIC_FILE_H
#define CHAIRD_SERVICE_ATOMIC_FILE_H

#include <stddef.h>
#include <sys/types.h>

#define ATOMIC_FILE_BACKUP    ".bak"
#define ATOMIC_FILE_TEMPORARY ".new" // appended to the name

// Read up to size bytes of a regular file of the directory. Returns their number, or -errno.
ssize_t atomic_file_read(const char *directory, const char *name, char *bytes, size_t size);

// Write the whole file, with mode and owner of the one that was there, or readable by this user
// alone. Waits for the disk. 0 or -errno.
int atomic_file_write(const char *directory, const char *name, const char *text);

// The same with the mode of a file that was not there before.
int atomic_file_create(const char *directory, const char *name, const char *text, mode_t new_mode);

// As atomic_file_write(), and the file that was there, if any, becomes NAME.bak, in place of an
// older one.
int atomic_file_replace(const char *directory, const char *name, const char *text);

#endif
