// SPDX-License-Identifier: MIT
//
// Files to try: a folder that lives as long as one test, and problems as lines of text.
#ifndef CHAIRD_TESTS_UNIT_CONFIG_SANDBOX_H
#define CHAIRD_TESTS_UNIT_CONFIG_SANDBOX_H

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/library.h"
#include "config/problems.h"

#define SANDBOX_PATH 512

struct sandbox {
	char dir[64];
	char path[SANDBOX_PATH];
};

static inline int sandbox_setup(void **state)
{
	struct sandbox *sandbox = calloc(1, sizeof(*sandbox));

	strcpy(sandbox->dir, "/tmp/chaird-config-XXXXXX");
	if (!mkdtemp(sandbox->dir))
		return -1;
	*state = sandbox;
	return 0;
}

static inline int sandbox_remove(const char *path, const struct stat *status, int type,
	struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int sandbox_teardown(void **state)
{
	struct sandbox *sandbox = *state;

	nftw(sandbox->dir, sandbox_remove, 16, FTW_DEPTH | FTW_PHYS);
	free(sandbox);
	return 0;
}

// The path of a name in the sandbox, until the next call.
static inline const char *sandbox_path(struct sandbox *sandbox, const char *name)
{
	snprintf(sandbox->path, sizeof(sandbox->path), "%s/%s", sandbox->dir, name);
	return sandbox->path;
}

static inline void sandbox_folder(struct sandbox *sandbox, const char *name)
{
	assert_int_equal(mkdir(sandbox_path(sandbox, name), 0755), 0);
}

static inline const char *sandbox_bytes(struct sandbox *sandbox, const char *name,
	const void *bytes, size_t size)
{
	FILE *file = fopen(sandbox_path(sandbox, name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return sandbox->path;
}

static inline const char *sandbox_file(struct sandbox *sandbox, const char *name, const char *text)
{
	return sandbox_bytes(sandbox, name, text, strlen(text));
}

// All problems, one a line, without the folders before the file's name; cleared.
static inline char *sandbox_lines(struct problems *problems)
{
	char *lines = calloc(1, (problems->n + 1) * 1024);
	size_t length = 0;

	for (size_t i = 0; i < problems->n; i++) {
		char line[1024];
		char *slash;

		problem_format(&problems->list[i], line, sizeof(line));
		slash = strrchr(problems->list[i].file, '/');
		length += (size_t)sprintf(lines + length, "%s\n",
			line + (slash ? slash + 1 - problems->list[i].file : 0));
	}
	problems_clear(problems);
	return lines;
}

// A text with one piece of it replaced; to be freed.
static inline char *sandbox_edit(const char *text, const char *find, const char *replace)
{
	const char *at = strstr(text, find);
	char *edited = malloc(strlen(text) + strlen(replace) + 1);

	if (!at)
		print_error("not in the text: %s\n", find);
	assert_non_null(at);
	sprintf(edited, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	return edited;
}

#endif
