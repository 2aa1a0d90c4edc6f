// SPDX-License-Identifier: MIT
#include "control/state_file.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "service/atomic_file.h"

#define HOLDS_MAX 100000

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

int state_file_load(const char *directory, struct kept_state *ret_state)
{
	char bytes[STATE_FILE_BYTES_MAX + 1];
	ssize_t n = atomic_file_read(directory, STATE_FILE_NAME, bytes, sizeof(bytes));

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

char *state_file_text(const struct kept_state *state)
{
	json_t *root = json_pack("{s:s, s:f, s:o, s:s}", "profile", state->profile, "intensity",
		state->intensity_percent, "last", last_document(&state->last), "discovery",
		state->discovery);
	char *text = root ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;

	json_decref(root);
	return text;
}

int state_file_write(const char *directory, const char *text)
{
	return atomic_file_write(directory, STATE_FILE_NAME, text);
}

int state_file_save(const char *directory, const struct kept_state *state)
{
	char *text = state_file_text(state);
	int r = text ? state_file_write(directory, text) : -ENOMEM;

	free(text);
	return r;
}
