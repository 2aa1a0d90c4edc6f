// SPDX-License-Identifier: MIT
//
// A temporary folder for one test, its files, and problems as lines of text.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_SANDBOX_H
#define CHAIRD_TESTS_UNIT_CONFIG_SANDBOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "config/library.h"
#include "config/problems.h"

#define SANDBOX_PATH 512

struct sandbox {
	char dir[64];
	char path[SANDBOX_PATH];
};

int sandbox_setup(void **state);
int sandbox_teardown(void **state);
// The path of a name in the sandbox; valid until the next call.
const char *sandbox_path(struct sandbox *sandbox, const char *name);
// Make a folder or a file in it; the path of the file, valid until the next call.
void sandbox_folder(struct sandbox *sandbox, const char *name);
const char *sandbox_bytes(struct sandbox *sandbox, const char *name, const void *bytes,
	size_t size);
const char *sandbox_file(struct sandbox *sandbox, const char *name, const char *text);
// All problems, one a line, without the folders before the file's name; clears them. To be freed.
char *sandbox_lines(struct problems *problems);
// The text with the first `find` replaced; to be freed. The test fails if it is not in the text.
char *sandbox_edit(const char *text, const char *find, const char *replace);

#endif
