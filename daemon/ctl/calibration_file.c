// SPDX-License-Identifier: MIT
#include "ctl/calibration_file.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "config/edit.h"
#include "config/library.h"
#include "config/text.h"
#include "ctl/options.h"
#include "ctl/terminal.h"
#include "service/atomic_file.h"

// The value of the key, or NULL without memory.
static char *compose(const struct calibration *table, const struct fit_point *points, size_t n)
{
	time_t now = time(NULL);
	char date[16], *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	strftime(date, sizeof(date), "%Y-%m-%d", localtime(&now));
	fprintf(stream, "( # measured %s; reading minus table, in N:\n  #", date);
	for (size_t i = 0; i < n; i++)
		fprintf(stream, "%s %.0f: %+.1f", i ? "," : "", points[i].drive_permille,
			fit_residual(table, &points[i]));
	fputs("\n  ", stream);
	for (int i = 0; i < table->n; i++)
		fprintf(stream, "%s(%d, %.1f)", i ? ", " : "", table->at[i].drive_permille,
			table->at[i].force_n);
	fputs(" )", stream);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}

// The list without one of its strings, and without the comma behind or before that.
static void drop_word(char *list, const char *word)
{
	char *at = strstr(list, word), *before = at, *end = at + strlen(word);
	char *behind = end + strspn(end, " \t\n");

	while (before > list && strchr(" \t\n", before[-1]))
		before--;
	if (*behind == ',')
		end = behind + 1 + strspn(behind + 1, " \t\n");
	else if (before > list && before[-1] == ',')
		at = before - 1;
	else
		end = behind;
	memmove(at, end, strlen(end) + 1);
}

// The chair file may acknowledge that there is no table; that is over. 0 with a new text, or with
// NULL if there is nothing to change.
static int end_acknowledgement(const char *file, const char *text, int actuator,
	struct problems *problems, char **ret_text)
{
	static const char word[] = "\"uncalibrated\"";
	text_auto *list = NULL;
	char key[64];

	*ret_text = NULL;
	snprintf(key, sizeof(key), "actuators[%d].acknowledged", actuator);
	list = edit_present(text, key);
	if (!list || !strstr(list, word))
		return 0;
	drop_word(list, word);
	return edit_value(file, text, key, list, problems, ret_text);
}

// The text of the file with the table, or NULL with problems added.
static char *edit(const char *file, const char *text, int actuator, const char *value,
	struct problems *problems)
{
	char *with_table = NULL, *both = NULL, key[64];

	snprintf(key, sizeof(key), "actuators[%d].calibration", actuator);
	if (edit_value(file, text, key, value, problems, &with_table) < 0)
		return NULL;
	if (end_acknowledgement(file, with_table, actuator, problems, &both) < 0 || both) {
		free(with_table);
		return both;
	}
	return with_table;
}

// Whether the text is a valid chair, by the loader of both programs.
static bool is_chair(const char *text, struct problems *problems)
{
	int fd = memfd_create("chair", MFD_CLOEXEC);
	size_t size = strlen(text);
	struct chair chair;
	char path[40];
	bool good;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	good = fd >= 0 && write(fd, text, size) == (ssize_t)size &&
		chair_load(path, problems, &chair) == 0;
	if (fd >= 0)
		close(fd);
	return good;
}

static int refuse(const char *file, const char *why, const struct problems *problems)
{
	options_print_problems(stderr, problems);
	terminal_error("file", NULL, "%s is unchanged: %s", file, why);
	return EXIT_REFUSED;
}

int calibration_file_write(const char *file, int actuator, const struct calibration *table,
	const struct fit_point *points, size_t n)
{
	problems_auto problems = { 0 };
	text_auto *old = NULL, *new = NULL;
	text_auto *value = compose(table, points, n);
	char path[PATH_MAX], folder[PATH_MAX];
	size_t size;
	int r;

	if (!value || !realpath(file, path))
		return refuse(file, strerror(errno), &problems);
	strcpy(folder, path);
	if (text_read(path, &problems, &old, &size) < 0 ||
		!(new = edit(path, old, actuator, value, &problems)))
		return refuse(file, "the table cannot be put into it", &problems);
	if (!is_chair(new, &problems))
		return refuse(file, "with the new table it would not be a valid chair", &problems);
	r = atomic_file_replace(dirname(folder), strrchr(path, '/') + 1, new);
	return r < 0 ? refuse(file, strerror(-r), &problems) : EXIT_OK;
}
