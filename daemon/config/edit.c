// SPDX-License-Identifier: MIT
#include "config/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/edit_private.h"
#include "config/reader.h"
#include "config/text.h"

#define NUMBER_SIZE 32

// --- the place of a setting -------------------------------------------------------------------

// From a group's first key to the value of this one, or to the end of the group.
static bool find_key(struct edit_cursor *cursor, const char *key, size_t length,
	struct edit_place *place)
{
	place->add_at = cursor->behind;
	place->line = cursor->scanner.line_start;
	place->needs_semicolon = false;
	while (cursor->token == TOKEN_WORD) {
		bool found = cursor->scanner.length == length &&
			!memcmp(cursor->scanner.token, key, length);

		place->line = cursor->scanner.line_start;
		edit_cursor_next(cursor); // "="
		edit_cursor_next(cursor);
		if (found)
			return true;
		edit_cursor_skip_value(cursor);
		place->needs_semicolon = cursor->token != ';' && cursor->token != ',';
		edit_cursor_skip_separator(cursor);
		place->add_at = cursor->behind;
	}
	place->bracket_line = cursor->scanner.line_start;
	return false;
}

static bool find_element(struct edit_cursor *cursor, unsigned long index)
{
	while (index-- > 0 && !edit_cursor_closes(cursor)) {
		edit_cursor_skip_value(cursor);
		edit_cursor_skip_separator(cursor);
	}
	return !edit_cursor_closes(cursor);
}

// One step of a path, from a value to a value within it. False: there is none.
static bool follow(struct edit_cursor *cursor, const char **path, struct edit_place *place)
{
	const char *at = *path;
	size_t length = strcspn(at, ".[");
	char *end;

	if (*at == '[') {
		unsigned long index = strtoul(at + 1, &end, 10);

		*path = end + 1;
		if (end == at + 1 || *end != ']' || (end[1] && !strchr(".[", end[1])) ||
			(cursor->token != '(' && cursor->token != '['))
			return false;
		edit_cursor_next(cursor);
		return find_element(cursor, index);
	}
	if (cursor->token != '{') // the text as a whole has no bracket
		return false;
	edit_cursor_next(cursor);
	*path = at + length;
	if (find_key(cursor, at, length, place))
		return true;
	place->key = *at && !at[length] ? at : NULL;
	return false;
}

bool edit_find_place(const char *text, const char *path, struct edit_place *ret_place)
{
	struct edit_cursor cursor = { .token = '{' };
	struct edit_place place = { 0 };

	scanner_start(&cursor.scanner, text);
	do {
		path += *path == '.';
		if (!follow(&cursor, &path, &place)) {
			*ret_place = place;
			return place.key != NULL;
		}
	} while (*path);
	place.begin = cursor.scanner.token;
	edit_cursor_skip_value(&cursor);
	place.end = cursor.behind;
	*ret_place = place;
	return true;
}

// --- the new text -----------------------------------------------------------------------------

void edit_write_value(FILE *stream, const char *value, const char *line, int indent)
{
	for (; *value; value++) {
		fputc(*value, stream);
		if (*value == '\n')
			fprintf(stream, "%.*s", indent, line);
	}
}

static void write_added(FILE *stream, const char *text, const struct edit_place *place,
	const char *value, int indent)
{
	bool own_line = place->bracket_line > place->add_at || place->add_at == text;
	const char *at = own_line ? place->bracket_line : place->add_at;

	fwrite(text, 1, (size_t)(place->add_at - text), stream);
	fputs(place->needs_semicolon ? ";" : "", stream);
	fwrite(place->add_at, 1, (size_t)(at - place->add_at), stream);
	if (own_line)
		fprintf(stream, "%.*s", indent, place->line);
	else
		fputc(' ', stream);
	fprintf(stream, "%s = ", place->key);
	edit_write_value(stream, value, place->line, indent);
	fputs(own_line ? ";\n" : ";", stream);
	fputs(at, stream);
}

// NULL without memory.
static char *compose(const char *text, const struct edit_place *place, const char *value)
{
	int indent = (int)strspn(place->line, " \t");
	char *composed = NULL;
	size_t size;
	FILE *stream = open_memstream(&composed, &size);

	if (!stream)
		return NULL;
	if (place->begin) {
		fwrite(text, 1, (size_t)(place->begin - text), stream);
		edit_write_value(stream, value, place->line, indent);
		fputs(place->end, stream);
	} else {
		write_added(stream, text, place, value, indent);
	}
	if (fclose(stream) == 0)
		return composed;
	free(composed);
	return NULL;
}

// --- its proof --------------------------------------------------------------------------------

// The setting at a path that edit_find_place() has found, or NULL.
static const struct config_setting_t *setting_at(const struct reader *reader, const char *path)
{
	const struct config_setting_t *setting = reader_root(reader);

	while (setting && *path) {
		size_t length = strcspn(path + 1, ".[") + 1;
		char key[NAME_SIZE];

		if (*path == '[') {
			setting = reader_element(setting, strtoul(path + 1, NULL, 10));
		} else {
			snprintf(key, sizeof(key), "%.*s", (int)length, path);
			setting = reader_member(setting, key);
		}
		path += length;
		path += *path == '.';
	}
	return setting;
}

// Print a setting with all that it holds, but not `except`.
static void print_setting(FILE *stream, const struct config_setting_t *setting,
	const struct config_setting_t *except)
{
	if (setting == except)
		return;
	fprintf(stream, "%s %s", reader_key(setting) ? reader_key(setting) : "",
		reader_type_name(setting));
	if (reader_is(setting, FIELD_TEXT))
		fprintf(stream, " %zu %s", strlen(reader_text(setting)), reader_text(setting));
	else if (reader_is(setting, FIELD_BOOL))
		fprintf(stream, " %d", reader_bool(setting));
	else if (reader_is(setting, FIELD_REAL))
		fprintf(stream, " %.17g", reader_number(setting));
	for (size_t i = 0; reader_is(setting, FIELD_GROUP) || reader_is(setting, FIELD_LIST); i++) {
		if (i == reader_length(setting))
			break;
		print_setting(stream, reader_element(setting, i), except);
	}
	fputc('\n', stream);
}

static char *printed(const struct config_setting_t *setting, const struct config_setting_t *except)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	if (!stream)
		return NULL;
	print_setting(stream, setting, except);
	if (fclose(stream) == 0)
		return text;
	free(text);
	return NULL;
}

#define reader_auto __attribute__((cleanup(reader_freep))) struct reader

// 1 if two settings are the same but for what is excepted in each, 0, or -ENOMEM.
static int same(const struct config_setting_t *a, const struct config_setting_t *except_a,
	const struct config_setting_t *b, const struct config_setting_t *except_b)
{
	text_auto *first = printed(a, except_a);
	text_auto *second = printed(b, except_b);

	return first && second ? !strcmp(first, second) : -ENOMEM;
}

int edit_prove(const char *name, const char *text, const char *path, const char *composed,
	const char *new_path, struct problems *problems)
{
	reader_auto *old = NULL;
	reader_auto *new = NULL;
	const struct config_setting_t *was, *is;
	int r = reader_parse(name, text, problems, &old);

	if (r == 0)
		r = reader_parse(name, composed, problems, &new);
	if (r == 0 && (reader_problems(old) || reader_problems(new)))
		r = -EINVAL;
	if (r < 0)
		return r;
	was = path ? setting_at(old, path) : NULL;
	is = new_path ? setting_at(new, new_path) : NULL;
	r = is || !new_path ? same(reader_root(old), was, reader_root(new), is) : 0;
	if (r == 0)
		problems_add(problems, name, 0, new_path ? new_path : path,
			"would be more than one value");
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

// --- the door ---------------------------------------------------------------------------------

int edit_value(const char *name, const char *text, const char *path, const char *value,
	struct problems *problems, char **ret_text)
{
	struct edit_place place;
	char *composed;
	int r;

	if (text_check(name, text, problems) < 0)
		return -EINVAL;
	if (!edit_find_place(text, path, &place)) {
		problems_add(problems, name, 0, path, "is not in this text");
		return -EINVAL;
	}
	composed = compose(text, &place, value);
	if (!composed)
		return -ENOMEM;
	r = edit_prove(name, text, path, composed, path, problems);
	if (r == 0)
		*ret_text = composed;
	else
		free(composed);
	return r;
}

char *edit_present(const char *text, const char *path)
{
	struct problems unread = { 0 };
	struct edit_place place;
	bool good = text_check("", text, &unread) == 0;

	problems_clear(&unread);
	if (!good || !edit_find_place(text, path, &place) || !place.begin)
		return NULL;
	return strndup(place.begin, (size_t)(place.end - place.begin));
}

int edit_number(const char *name, const char *text, const char *path, double number,
	struct problems *problems, char **ret_text)
{
	text_auto *present = edit_present(text, path);
	char value[NUMBER_SIZE];

	snprintf(value, sizeof(value), "%.10g", number);
	if (present && strchr(present, '.') && !strpbrk(value, ".e"))
		strcat(value, ".0");
	return edit_value(name, text, path, value, problems, ret_text);
}
