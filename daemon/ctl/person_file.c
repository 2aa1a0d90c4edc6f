// SPDX-License-Identifier: MIT
#include "ctl/person_file.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/edit.h"
#include "config/library.h"
#include "config/text.h"
#include "ctl/options.h"
#include "ctl/terminal.h"
#include "service/atomic_file.h"

#define LIST     "persons"
#define NEW_MODE 0644 // chaird, which is another user, reads it

static const char new_text[] = "# People by name: see persons.cfg(5).\npersons = (\n);\n";

#define persons_auto __attribute__((cleanup(persons_clear))) struct persons

static int refuse(const char *file, const char *hint, const char *why,
	const struct problems *problems)
{
	options_print_problems(stderr, problems);
	terminal_error("file", hint, "%s is unchanged: %s", file, why);
	return EXIT_REFUSED;
}

// The present text and the people in it; a new text with nobody if there is no file. -errno, with
// problems added.
static int read_people(const char *file, const struct atlas *atlas, struct problems *problems,
	char **ret_text, struct persons *ret_persons)
{
	size_t size;
	int r = 0;

	if (access(file, F_OK) < 0 && errno == ENOENT)
		*ret_text = strdup(new_text);
	else
		r = text_read(file, problems, ret_text, &size);
	if (r == 0 && !*ret_text)
		r = -ENOMEM;
	return r < 0 ? r : persons_parse(file, *ret_text, atlas, problems, ret_persons);
}

// Also through a link, whose file is replaced and not the link.
static int write_text(const char *file, const char *text)
{
	char path[PATH_MAX], folder[PATH_MAX], name[PATH_MAX];

	if (!realpath(file, path)) {
		if (errno != ENOENT || strlen(file) >= sizeof(path))
			return -errno;
		strcpy(path, file);
		strcpy(folder, path);
		strcpy(name, path);
		return atomic_file_create(dirname(folder), basename(name), text, NEW_MODE);
	}
	strcpy(folder, path);
	strcpy(name, path);
	return atomic_file_replace(dirname(folder), basename(name), text);
}

// The new text must be valid as a whole.
static int write_valid(const char *file, const struct atlas *atlas, const char *text,
	struct problems *problems)
{
	persons_auto persons = { 0 };
	int r;

	if (persons_parse(file, text, atlas, problems, &persons) < 0)
		return refuse(file, NULL, "it would not be valid", problems);
	r = write_text(file, text);
	if (r < 0)
		return refuse(file,
			r == -EACCES ? "write it as root: sudo chairctl person ..." : NULL,
			strerror(-r), problems);
	return EXIT_OK;
}

int person_file_may_add(const char *file, const struct atlas *atlas, const char *name)
{
	problems_auto problems = { 0 };
	persons_auto persons = { 0 };
	text_auto *text = NULL;
	char why[PERSON_FAULT_SIZE];

	if (!person_entry_check_name(name, why)) {
		terminal_error("usage", NULL, "%s", why);
		return EXIT_USAGE;
	}
	if (read_people(file, atlas, &problems, &text, &persons) < 0)
		return refuse(file, NULL, "it must be valid before", &problems);
	if (persons_find(&persons, name)) {
		snprintf(why, sizeof(why), "there is a \"%s\" already", name);
		return refuse(file, "remove it first: chairctl person remove, or edit the file",
			why, &problems);
	}
	if (persons.n < PERSONS_MAX)
		return EXIT_OK;
	snprintf(why, sizeof(why), "it has %zu people (at most %d)", persons.n, PERSONS_MAX);
	return refuse(file, NULL, why, &problems);
}

int person_file_add(const char *file, const struct atlas *atlas, const struct person_entry *entry)
{
	problems_auto problems = { 0 };
	persons_auto persons = { 0 };
	text_auto *old = NULL;
	text_auto *new = NULL;
	text_auto *group = person_entry_text(entry);

	if (!group)
		return refuse(file, NULL, strerror(ENOMEM), &problems);
	if (read_people(file, atlas, &problems, &old, &persons) < 0 ||
		edit_add(file, old, LIST, group, &problems, &new) < 0)
		return refuse(file, NULL, "the person cannot be put into it", &problems);
	return write_valid(file, atlas, new, &problems);
}

int person_file_remove(const char *file, const struct atlas *atlas, const char *name)
{
	problems_auto problems = { 0 };
	persons_auto persons = { 0 };
	text_auto *old = NULL;
	text_auto *new = NULL;
	const struct person *person;

	if (read_people(file, atlas, &problems, &old, &persons) < 0)
		return refuse(file, NULL, "it must be valid before", &problems);
	person = persons_find(&persons, name);
	if (!person) {
		char why[NAME_SIZE + 40];

		snprintf(why, sizeof(why), "it has nobody called \"%.*s\"", NAME_SIZE, name);
		return refuse(file, "chairctl person list lists those of the chair", why,
			&problems);
	}
	if (edit_remove(file, old, LIST, (size_t)(person - persons.list), &problems, &new) < 0)
		return refuse(file, NULL, "the person cannot be taken out of it", &problems);
	return write_valid(file, atlas, new, &problems);
}
