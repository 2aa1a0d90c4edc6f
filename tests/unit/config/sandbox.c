// SPDX-License-Identifier: MIT
#include "sandbox.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

int sandbox_setup(void **state)
{
	struct sandbox *sandbox = calloc(1, sizeof(*sandbox));

	strcpy(sandbox->dir, "/tmp/chaird-config-XXXXXX");
	if (!mkdtemp(sandbox->dir))
		return -1;
	*state = sandbox;
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status;
	(void)type;
	(void)ftw;
	return remove(path);
}

int sandbox_teardown(void **state)
{
	struct sandbox *sandbox = *state;

	nftw(sandbox->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	free(sandbox);
	return 0;
}

const char *sandbox_path(struct sandbox *sandbox, const char *name)
{
	snprintf(sandbox->path, sizeof(sandbox->path), "%s/%s", sandbox->dir, name);
	return sandbox->path;
}

void sandbox_folder(struct sandbox *sandbox, const char *name)
{
	assert_int_equal(mkdir(sandbox_path(sandbox, name), 0755), 0);
}

const char *sandbox_bytes(struct sandbox *sandbox, const char *name, const void *bytes, size_t size)
{
	FILE *file = fopen(sandbox_path(sandbox, name), "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	return sandbox->path;
}

const char *sandbox_file(struct sandbox *sandbox, const char *name, const char *text)
{
	return sandbox_bytes(sandbox, name, text, strlen(text));
}

char *sandbox_lines(struct problems *problems)
{
	char *lines = calloc(1, (problems->n + 1) * PROBLEM_LINE_MAX);
	size_t length = 0;

	for (size_t i = 0; i < problems->n; i++) {
		char line[PROBLEM_LINE_MAX];
		char *slash;

		problem_format(&problems->list[i], line, sizeof(line));
		slash = strrchr(problems->list[i].file, '/');
		length += (size_t)sprintf(lines + length, "%s\n",
			line + (slash ? slash + 1 - problems->list[i].file : 0));
	}
	problems_clear(problems);
	return lines;
}

char *sandbox_edit(const char *text, const char *find, const char *replace)
{
	const char *at = strstr(text, find);
	char *edited = malloc(strlen(text) + strlen(replace) + 1);

	if (!at)
		print_error("not in the text: %s\n", find);
	assert_non_null(at);
	sprintf(edited, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	return edited;
}
