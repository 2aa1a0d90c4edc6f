// SPDX-License-Identifier: MIT
#include "control/consent_book.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "service/atomic_file.h"
#include "control/calendar.h"
#include "control/file_writer.h"
#include "service/log.h"

#define VERSION   1
#define BYTES_MAX (256 * 1024) // a larger file counts as broken

const char consent_text[] =
	"The chair presses firmly and for a while. It is for comfort; it treats and cures nothing. "
	"Do not use it with a history of blood clots (thrombosis), with anticoagulants or a "
	"bleeding disorder, a fracture, severe osteoporosis, open wounds, in pregnancy, with a "
	"pacemaker or an implant, neuropathy, after a recent stroke, or as a child. It never "
	"presses the front of the neck, the abdomen or the head. Discuss its use with a physician "
	"beforehand. By accepting you confirm that none of these applies to you.";

struct consent {
	char person[NAME_SIZE];
	char given[CALENDAR_MOMENT_SIZE];
	char text[CONSENT_TEXT_SIZE];
};

struct consent_book {
	const char *state_dir;
	struct file_writer *writer;
	bool logged_failure;
	struct consent list[CONSENTS_MAX]; // oldest first
	size_t n;
};

// --- the file ---------------------------------------------------------------------------------

static bool read_text(const json_t *entry, const char *key, char *ret_text, size_t size)
{
	const json_t *value = json_object_get(entry, key);

	if (!json_is_string(value) || json_string_length(value) >= size ||
		!json_string_length(value))
		return false;
	strcpy(ret_text, json_string_value(value));
	return true;
}

static bool read_consents(const json_t *root, struct consent_book *book)
{
	const json_t *list = json_object_get(root, "consents"), *entry;
	size_t i;

	if (json_integer_value(json_object_get(root, "version")) != VERSION ||
		!json_is_array(list) || json_array_size(list) > CONSENTS_MAX)
		return false;
	json_array_foreach((json_t *)list, i, entry)
	{
		struct consent *consent = &book->list[i];

		if (!read_text(entry, "person", consent->person, sizeof(consent->person)) ||
			!read_text(entry, "given", consent->given, sizeof(consent->given)) ||
			!read_text(entry, "text", consent->text, sizeof(consent->text)))
			return false;
	}
	book->n = json_array_size(list);
	return true;
}

static int parse(const char *bytes, size_t size, struct consent_book *book)
{
	json_t *root = size <= BYTES_MAX ? json_loadb(bytes, size, JSON_REJECT_DUPLICATES, NULL)
					 : NULL;
	bool good = json_is_object(root) && read_consents(root, book);

	json_decref(root);
	return good ? 0 : -EINVAL;
}

static void set_aside(const struct consent_book *book)
{
	char from[PATH_MAX], to[PATH_MAX + sizeof(".broken")];

	log_warning("consent: %s/" CONSENT_FILE " is broken; it is kept aside as .broken, and "
		    "consent must be given again",
		book->state_dir);
	if (snprintf(from, sizeof(from), "%s/" CONSENT_FILE, book->state_dir) >= (int)sizeof(from))
		return;
	snprintf(to, sizeof(to), "%s.broken", from);
	if (rename(from, to) < 0)
		log_warning("consent: it cannot be kept aside: %s", strerror(errno));
}

static int load(struct consent_book *book)
{
	char *bytes = malloc(BYTES_MAX + 1);
	ssize_t n;

	if (!bytes)
		return -ENOMEM;
	n = atomic_file_read(book->state_dir, CONSENT_FILE, bytes, BYTES_MAX + 1);
	if (n < 0 && n != -ENOENT)
		log_warning("consent: %s/" CONSENT_FILE " cannot be read: %s", book->state_dir,
			strerror((int)-n));
	if (n >= 0 && parse(bytes, (size_t)n, book) < 0)
		set_aside(book);
	free(bytes);
	return 0;
}

static char *dump(const struct consent_book *book)
{
	json_t *list = json_array(), *root;
	char *text;

	for (size_t i = 0; i < book->n; i++)
		json_array_append_new(list,
			json_pack("{s:s, s:s, s:s}", "person", book->list[i].person, "given",
				book->list[i].given, "text", book->list[i].text));
	root = json_pack("{s:i, s:o}", "version", VERSION, "consents", list);
	text = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	json_decref(root);
	return text;
}

static int save(const char *directory, const char *text)
{
	return atomic_file_write(directory, CONSENT_FILE, text);
}

static void note_result(void *data, int r)
{
	struct consent_book *book = data;

	if (r < 0 && !book->logged_failure)
		log_error("consent: %s/" CONSENT_FILE " cannot be written: %s", book->state_dir,
			strerror(-r));
	book->logged_failure = r < 0;
}

// --- consents ---------------------------------------------------------------------------------

int consent_book_new(sd_event *event, const char *state_dir, struct consent_book **ret_book)
{
	struct consent_book *book = calloc(1, sizeof(*book));
	const struct file_writer_port port = { .save = save, .done = note_result, .data = book };
	int r;

	if (!book)
		return -ENOMEM;
	book->state_dir = state_dir;
	r = load(book);
	if (r >= 0)
		r = file_writer_new(event, state_dir, 0, &port, &book->writer);
	if (r < 0) {
		consent_book_free(book);
		return r;
	}
	*ret_book = book;
	return 0;
}

struct consent_book *consent_book_free(struct consent_book *book)
{
	if (!book)
		return NULL;
	file_writer_free(book->writer);
	free(book);
	return NULL;
}

static size_t find(const struct consent_book *book, const char *person)
{
	size_t i = 0;

	while (i < book->n && strcmp(book->list[i].person, person))
		i++;
	return i;
}

const char *consent_book_given(const struct consent_book *book, const char *person)
{
	size_t i = find(book, person);

	return i < book->n && !strcmp(book->list[i].text, consent_text) ? book->list[i].given
									: NULL;
}

static void forget(struct consent_book *book, size_t index)
{
	book->n--;
	memmove(&book->list[index], &book->list[index + 1],
		(book->n - index) * sizeof(book->list[0]));
}

void consent_book_give(struct consent_book *book, const char *person, int64_t unix_s)
{
	size_t i = find(book, person);
	struct consent *consent;

	if (i < book->n)
		forget(book, i);
	else if (book->n == CONSENTS_MAX)
		forget(book, 0);
	consent = &book->list[book->n++];
	snprintf(consent->person, sizeof(consent->person), "%s", person);
	calendar_iso(unix_s, consent->given);
	snprintf(consent->text, sizeof(consent->text), "%s", consent_text);
	file_writer_put(book->writer, dump(book));
}
