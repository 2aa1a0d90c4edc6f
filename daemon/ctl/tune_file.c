// SPDX-License-Identifier: MIT
#include "ctl/tune_file.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/folder.h"
#include "config/text.h"
#include "ctl/terminal.h"
#include "service/atomic_file.h"

#define RESCUE ".unsaved"

// --- where it comes from ----------------------------------------------------------------------

static int open_file(struct tune_file *file, const char *operand)
{
	problems_auto problems = { 0 };
	const char *base;
	size_t size;

	if (!realpath(operand, file->path) ||
		text_read(file->path, &problems, &file->text, &size) < 0) {
		options_print_problems(stderr, &problems);
		if (!problems.n)
			terminal_error("file",
				strchr(operand, '/') ? NULL
						     : "chairctl profiles lists those of the chair",
				"%s: %s", operand, strerror(errno));
		return EXIT_USAGE;
	}
	base = folder_stem(file->path, &size);
	snprintf(file->name, sizeof(file->name), "%.*s", (int)size, base);
	return EXIT_OK;
}

static int open_profile(struct tune_file *file, const char *name, struct tune_chair *chair,
	char **ret_text)
{
	json_auto_t *args = json_pack("{s:s}", "profile", name);
	json_auto_t *data = NULL;
	const char *text = NULL;
	int r = request_send(chair->broker, chair->options, "profile", args, &data);

	if (r != EXIT_OK)
		return r;
	json_unpack(data, "{s?s}", "text", &text);
	if (!text || !(*ret_text = strdup(text))) {
		terminal_error("profile", "chairctl reload reads the files again",
			"%s: its file has changed since the chair read it", name);
		return EXIT_REFUSED;
	}
	snprintf(file->name, sizeof(file->name), "%s", name);
	snprintf(file->path, sizeof(file->path), "%s.cfg", name);
	file->shown = file->path;
	return EXIT_OK;
}

int tune_file_open(struct tune_file *file, const char *operand, struct tune_chair *chair,
	char **ret_text)
{
	int r;

	*file = (struct tune_file){ .shown = operand };
	if (!folder_is_path(operand))
		return open_profile(file, operand, chair, ret_text);
	r = open_file(file, operand);
	if (r == EXIT_OK && !(*ret_text = strdup(file->text)))
		r = EXIT_REFUSED;
	return r;
}

void tune_file_close(struct tune_file *file)
{
	free(file->text);
	file->text = NULL;
}

// --- where it goes ----------------------------------------------------------------------------

bool tune_file_has_changed(const struct tune_file *file)
{
	problems_auto problems = { 0 };
	text_auto *present = NULL;
	size_t size;
	bool there = text_read(file->path, &problems, &present, &size) == 0;

	return there != (file->text != NULL) || (there && strcmp(present, file->text) != 0);
}

// The folder and the name within it. The path is copied, as the two are parts of it.
static int write_to(const char *path, const char *text,
	int (*write)(const char *directory, const char *name, const char *text))
{
	text_auto *folder = strdup(path);
	text_auto *name = strdup(path);

	return folder && name ? write(dirname(folder), basename(name), text) : -ENOMEM;
}

int tune_file_save(struct tune_file *file, const char *text)
{
	char *copy = strdup(text);
	int r = copy ? write_to(file->path, text, atomic_file_replace) : -ENOMEM;

	if (r < 0) {
		free(copy);
		return r;
	}
	free(file->text);
	file->text = copy;
	return 0;
}

int tune_file_rescue(const struct tune_file *file, const char *text)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s" RESCUE, file->path) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	return write_to(path, text, atomic_file_write);
}
