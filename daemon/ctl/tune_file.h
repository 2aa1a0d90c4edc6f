// SPDX-License-Identifier: MIT
//
// The file of a profile that is tuned: where its text comes from, and where it is saved.
#ifndef CHAIRD_CTL_TUNE_FILE_H
#define CHAIRD_CTL_TUNE_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "ctl/tune_chair.h"

struct tune_file {
	char path[PATH_MAX];  // where it is saved
	const char *shown;    // the same as the user named it; borrowed, or path
	char name[NAME_SIZE]; // of the profile
	char *text;           // that the file has, as far as is known; NULL: it is not there
};

// `operand` is a file, with a slash or the end .cfg; or the name of a profile of the chair, which
// is saved to NAME.cfg in the present folder. EXIT_OK with its text, which the caller frees; or an
// exit code after printing the error.
int tune_file_open(struct tune_file *file, const char *operand, struct tune_chair *chair,
	char **ret_text);
void tune_file_close(struct tune_file *file);

// Whether the file is not as it was when it was read or written last.
bool tune_file_has_changed(const struct tune_file *file);

// Write the text: the old or the new one is there at any time, and the old one stays as PATH.bak.
// 0 or -errno.
int tune_file_save(struct tune_file *file, const char *text);
// Write the text to PATH.unsaved. 0 or -errno.
int tune_file_rescue(const struct tune_file *file, const char *text);

#endif
