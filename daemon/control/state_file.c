// SPDX-License-Identifier: MIT
#include "control/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TEMPORARY_NAME STATE_FILE_NAME ".new"
#define HOLDS_MAX      100000

void kept_state_default(struct kept_state *ret_state)
{
	*ret_state = (struct kept_state){ .intensity_percent = 100 };
}

// --- reading ----------------------------------------------------------------------------------

static bool read_text(const json_t *root, const char *key, char *ret_text, size_t size)
{
	const json_t *value = json_object_get(root, key);
	const char *text = json_string_value(value);

	if (!text || json_string_length(value) >= size)
		return false;
	strcpy(ret_text, text);
	return true;
}

static bool read_number(const json_t *root, const char *key, double max, double *ret_number)
{
	const json_t *value = json_object_get(root, key);

	*ret_number = json_number_value(value);
	return json_is_number(value) && *ret_number >= 0 && *ret_number <= max;
}

static bool read_last(const json_t *value, struct last_session *ret_last)
{
	const json_t *completed = json_object_get(value, "completed");
	double holds;

	if (json_is_null(value))
		return true;
	if (!read_text(value, "profile", ret_last->profile, sizeof(ret_last->profile)) ||
		!read_number(value, "minutes", 24 * 60, &ret_last->minutes) ||
		!read_number(value, "holds", HOLDS_MAX, &holds) || !json_is_boolean(completed))
		return false;
	ret_last->holds = (int)holds;
	ret_last->completed = json_is_true(completed);
	return true;
}

static int parse(const char *text, size_t size, struct kept_state *ret_state)
{
	struct kept_state state = { 0 };
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	bool good = json_is_object(root) &&
		read_text(root, "profile", state.profile, sizeof(state.profile)) &&
		read_number(root, "intensity", 100, &state.intensity_percent) &&
		read_last(json_object_get(root, "last"), &state.last) &&
		read_text(root, "discovery", state.discovery, sizeof(state.discovery));

	json_decref(root);
	if (good)
		*ret_state = state;
	return good ? 0 : -EINVAL;
}

// Read up to size bytes of a file. Returns their number, or -errno.
static ssize_t read_file(int directory, const char *name, char *bytes, size_t size)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	size_t used = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	do {
		n = read(fd, bytes + used, size - used);
		used += n > 0 ? (size_t)n : 0;
	} while (n > 0 && used < size);
	if (n < 0)
		n = -errno;
	close(fd);
	return n < 0 ? n : (ssize_t)used;
}

int state_file_load(const char *directory, struct kept_state *ret_state)
{
	char bytes[STATE_FILE_BYTES_MAX + 1];
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read_file(fd, STATE_FILE_NAME, bytes, sizeof(bytes));
	close(fd);
	if (n < 0)
		return (int)n;
	return n > STATE_FILE_BYTES_MAX ? -EFBIG : parse(bytes, (size_t)n, ret_state);
}

// --- writing ----------------------------------------------------------------------------------

static json_t *last_document(const struct last_session *last)
{
	if (!*last->profile)
		return json_null();
	return json_pack("{s:s, s:f, s:i, s:b}", "profile", last->profile, "minutes", last->minutes,
		"holds", last->holds, "completed", last->completed);
}

static char *dump(const struct kept_state *state)
{
	json_t *root = json_pack("{s:s, s:f, s:o, s:s}", "profile", state->profile, "intensity",
		state->intensity_percent, "last", last_document(&state->last), "discovery",
		state->discovery);
	char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;

	json_decref(root);
	return text;
}

static int write_file(int directory, const char *name, const char *text)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		0600);
	size_t size = strlen(text);
	ssize_t n;
	int r = 0;

	if (fd < 0)
		return -errno;
	n = write(fd, text, size);
	if (n < 0 || fsync(fd) < 0)
		r = -errno;
	else if ((size_t)n < size)
		r = -ENOSPC;
	close(fd);
	return r;
}

static int replace_file(int directory, const char *text)
{
	int r = write_file(directory, TEMPORARY_NAME, text);

	if (r == 0 && renameat(directory, TEMPORARY_NAME, directory, STATE_FILE_NAME) < 0)
		r = -errno;
	if (r == 0 && fsync(directory) < 0)
		r = -errno;
	return r;
}

int state_file_save(const char *directory, const struct kept_state *state)
{
	char *text = dump(state);
	int fd, r;

	if (!text)
		return -ENOMEM;
	fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		r = -errno;
	} else {
		r = replace_file(fd, text);
		close(fd);
	}
	free(text);
	return r;
}
