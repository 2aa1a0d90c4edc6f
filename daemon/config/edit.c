// SPDX-License-Identifier: MIT
#include "config/edit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/reader.h"
#include "config/scanner.h"
#include "config/text.h"

#define NUMBER_SIZE 32

// --- the place of a setting -------------------------------------------------------------------

// The present token, and where the one before it ended. The text has passed text_check(): what
// follows relies on its grammar.
struct cursor {
	struct scanner scanner;
	char token;
	const char *behind;
};

// A setting's value; or, if its group does not have it, where it would be added.
struct place {
	const char *begin, *end;  // of the value; NULL: not there
	const char *line;         // the beginning of the line whose indentation it has
	const char *key;          // of a setting to be added: the end of the path
	const char *add_at;       // behind the group's last setting, or its "{"
	const char *bracket_line; // of what closes the group
	bool needs_semicolon;     // the last setting has none
};

static void advance(struct cursor *cursor)
{
	cursor->behind = cursor->scanner.at;
	cursor->token = scanner_next(&cursor->scanner);
}

static bool opens(char token)
{
	return token == '{' || token == '(' || token == '[';
}

static bool closes(char token)
{
	return token == '}' || token == ')' || token == ']';
}

static void skip_value(struct cursor *cursor)
{
	int depth = 0;

	if (cursor->token == TOKEN_STRING) { // strings that follow each other are one
		while (cursor->token == TOKEN_STRING)
			advance(cursor);
		return;
	}
	do {
		depth += opens(cursor->token) - closes(cursor->token);
		advance(cursor);
	} while (depth > 0);
}

static void skip_separator(struct cursor *cursor)
{
	if (cursor->token == ';' || cursor->token == ',')
		advance(cursor);
}

// From a group's first key to the value of this one, or to the end of the group.
static bool find_key(struct cursor *cursor, const char *key, size_t length, struct place *place)
{
	place->add_at = cursor->behind;
	place->line = cursor->scanner.line_start;
	place->needs_semicolon = false;
	while (cursor->token == TOKEN_WORD) {
		bool found = cursor->scanner.length == length &&
			!memcmp(cursor->scanner.token, key, length);

		place->line = cursor->scanner.line_start;
		advance(cursor); // "="
		advance(cursor);
		if (found)
			return true;
		skip_value(cursor);
		place->needs_semicolon = cursor->token != ';' && cursor->token != ',';
		skip_separator(cursor);
		place->add_at = cursor->behind;
	}
	place->bracket_line = cursor->scanner.line_start;
	return false;
}

static bool find_element(struct cursor *cursor, unsigned long index)
{
	while (index-- > 0 && !closes(cursor->token)) {
		skip_value(cursor);
		skip_separator(cursor);
	}
	return !closes(cursor->token);
}

// One step of a path, from a value to a value within it. False: there is none.
static bool follow(struct cursor *cursor, const char **path, struct place *place)
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
		advance(cursor);
		return find_element(cursor, index);
	}
	if (cursor->token != '{') // the text as a whole has no bracket
		return false;
	advance(cursor);
	*path = at + length;
	if (find_key(cursor, at, length, place))
		return true;
	place->key = *at && !at[length] ? at : NULL;
	return false;
}

static bool find_place(const char *text, const char *path, struct place *ret_place)
{
	struct cursor cursor = { .token = '{' };
	struct place place = { 0 };

	scanner_start(&cursor.scanner, text);
	do {
		path += *path == '.';
		if (!follow(&cursor, &path, &place)) {
			*ret_place = place;
			return place.key != NULL;
		}
	} while (*path);
	place.begin = cursor.scanner.token;
	skip_value(&cursor);
	place.end = cursor.behind;
	*ret_place = place;
	return true;
}

// --- the new text -----------------------------------------------------------------------------

static void write_value(FILE *stream, const char *value, const char *line, int indent)
{
	for (; *value; value++) {
		fputc(*value, stream);
		if (*value == '\n')
			fprintf(stream, "%.*s", indent, line);
	}
}

static void write_added(FILE *stream, const char *text, const struct place *place,
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
	write_value(stream, value, place->line, indent);
	fputs(own_line ? ";\n" : ";", stream);
	fputs(at, stream);
}

// NULL without memory.
static char *compose(const char *text, const struct place *place, const char *value)
{
	int indent = (int)strspn(place->line, " \t");
	char *composed = NULL;
	size_t size;
	FILE *stream = open_memstream(&composed, &size);

	if (!stream)
		return NULL;
	if (place->begin) {
		fwrite(text, 1, (size_t)(place->begin - text), stream);
		write_value(stream, value, place->line, indent);
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

// The setting at a path that find_place() has found, or NULL.
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

static void free_text(char **text)
{
	free(*text);
}

#define text_auto   __attribute__((cleanup(free_text))) char
#define reader_auto __attribute__((cleanup(reader_freep))) struct reader

// 1 if two settings are the same but for what is excepted in each, 0, or -ENOMEM.
static int same(const struct config_setting_t *a, const struct config_setting_t *except_a,
	const struct config_setting_t *b, const struct config_setting_t *except_b)
{
	text_auto *first = printed(a, except_a);
	text_auto *second = printed(b, except_b);

	return first && second ? !strcmp(first, second) : -ENOMEM;
}

// The new text is valid, and differs in that one value at most.
static int prove(const char *name, const char *text, const char *composed, const char *path,
	struct problems *problems)
{
	reader_auto *old = NULL;
	reader_auto *new = NULL;
	const struct config_setting_t *changed;
	int r = reader_parse(name, text, problems, &old);

	if (r == 0)
		r = reader_parse(name, composed, problems, &new);
	if (r == 0 && (reader_problems(old) || reader_problems(new)))
		r = -EINVAL;
	if (r < 0)
		return r;
	changed = setting_at(new, path);
	r = changed ? same(reader_root(old), setting_at(old, path), reader_root(new), changed) : 0;
	if (r == 0)
		problems_add(problems, name, 0, path, "would be more than one value");
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

// --- the door ---------------------------------------------------------------------------------

int edit_value(const char *name, const char *text, const char *path, const char *value,
	struct problems *problems, char **ret_text)
{
	struct place place;
	char *composed;
	int r;

	if (text_check(name, text, problems) < 0)
		return -EINVAL;
	if (!find_place(text, path, &place)) {
		problems_add(problems, name, 0, path, "is not in this text");
		return -EINVAL;
	}
	composed = compose(text, &place, value);
	if (!composed)
		return -ENOMEM;
	r = prove(name, text, composed, path, problems);
	if (r == 0)
		*ret_text = composed;
	else
		free(composed);
	return r;
}

char *edit_present(const char *text, const char *path)
{
	struct problems unread = { 0 };
	struct place place;
	bool good = text_check("", text, &unread) == 0;

	problems_clear(&unread);
	if (!good || !find_place(text, path, &place) || !place.begin)
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
