// SPDX-License-Identifier: MIT
//
// People written into persons.cfg(5), and removed from it: its comments and layout stay, what would
// not be valid changes nothing, and the old file is kept as NAME.bak.
#ifndef CHAIRD_CTL_PERSON_FILE_H
#define CHAIRD_CTL_PERSON_FILE_H

#include "ctl/person_entry.h"

// Refuse a name that is none, or that is there already; prints why. A file that is not there has
// nobody. Returns an exit code, as the others.
int person_file_may_add(const char *file, const struct atlas *atlas, const char *name);

// Makes the file if it is not there.
int person_file_add(const char *file, const struct atlas *atlas, const struct person_entry *entry);

int person_file_remove(const char *file, const struct atlas *atlas, const char *name);

#endif
