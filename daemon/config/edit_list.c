// SPDX-License-Identifier: MIT
//
// Elements added to a list of a text, and removed from it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "config/edit.h"
#include "config/edit_private.h"
#include "config/text.h"

#define ADDED_INDENT 2 // of the first element of a list
#define PATH_SIZE    128

// An element of a list.
struct element {
	const char *begin, *end;
	const char *behind;                     // its comma, or its end without one
	const char *before_end, *before_behind; // the same of the one before, or of the "("
	const char *bracket;                    // that closes the list
	size_t n;                               // elements of the list
};

// Find the element of that index, or the last one. Of an empty list the "(" counts as its end.
static struct element find_element(const char *list, size_t index)
{
	struct element element = { 0 };
	struct edit_cursor cursor = { 0 };

	scanner_start(&cursor.scanner, list);
	edit_cursor_next(&cursor);
	edit_cursor_next(&cursor);
	element.end = element.behind = list + 1;
	for (; !edit_cursor_closes(&cursor); element.n++) {
		bool wanted = element.n <= index;

		if (wanted) {
			element.before_end = element.end;
			element.before_behind = element.behind;
			element.begin = cursor.scanner.token;
		}
		edit_cursor_skip_value(&cursor);
		element.end = wanted ? cursor.behind : element.end;
		edit_cursor_skip_separator(&cursor);
		element.behind = wanted ? cursor.behind : element.behind;
	}
	element.bracket = cursor.scanner.token;
	return element;
}

static const char *line_of(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

static bool begins_line(const char *text, const char *at)
{
	const char *line = line_of(text, at);

	return line + strspn(line, " \t") == at;
}

static void write_part(FILE *stream, const char *begin, const char *end)
{
	fwrite(begin, 1, (size_t)(end - begin), stream);
}

static void write_indented(FILE *stream, const char *value, const char *line, int more)
{
	int indent = (int)strspn(line, " \t");
	char blanks[PATH_SIZE];

	snprintf(blanks, sizeof(blanks), "%.*s%*s", indent, line, more, "");
	fputs(blanks, stream);
	edit_write_value(stream, value, blanks, (int)strlen(blanks));
}

// Up to where an element ends, and on behind its comma, with what stands between them.
static void write_without_comma(FILE *stream, const char *text, const char *end, const char *behind,
	const char *to)
{
	write_part(stream, text, end);
	if (behind > end)
		write_part(stream, end, behind - 1);
	write_part(stream, behind, to);
}

// The element goes onto lines of its own: before the bracket's line, if the bracket begins one;
// so comments behind the last element stay there.
static void compose_added(FILE *stream, const char *text, const struct element *last,
	const char *value)
{
	bool apart = begins_line(text, last->bracket);
	bool inside = !last->n || !begins_line(text, last->begin);
	const char *line = line_of(text, last->n ? last->begin : last->bracket);
	const char *to = apart ? line_of(text, last->bracket) : last->behind;

	write_part(stream, text, last->end);
	if (last->n)
		fputc(',', stream);
	write_without_comma(stream, last->end, last->end, last->behind, to);
	if (!apart)
		fputc('\n', stream);
	write_indented(stream, value, line, inside ? ADDED_INDENT : 0);
	fputc('\n', stream);
	fputs(apart ? to : last->bracket, stream);
}

static bool ends_line(const char *at)
{
	at += strspn(at, " \t");
	return *at == '\n' || *at == '#' || !strncmp(at, "//", 2);
}

// With its comma, or the last one with the comma before it; with its whole lines, and what is noted
// behind it, if nothing else stands there.
static void compose_removed(FILE *stream, const char *text, const struct element *element,
	bool is_last)
{
	const char *begin = element->begin, *end = element->behind;

	if (begins_line(text, begin) && ends_line(end)) {
		begin = line_of(text, begin);
		end += strcspn(end, "\n");
		end += *end == '\n';
	}
	if (is_last && element->behind == element->end)
		write_without_comma(stream, text, element->before_end, element->before_behind,
			begin);
	else
		write_part(stream, text, begin);
	fputs(end, stream);
}

// --- the door ---------------------------------------------------------------------------------

static bool find_list(const char *name, const char *text, const char *path,
	struct problems *problems, struct edit_place *ret_list)
{
	if (text_check(name, text, problems) < 0)
		return false;
	if (edit_find_place(text, path, ret_list) && ret_list->begin && *ret_list->begin == '(')
		return true;
	problems_add(problems, name, 0, path, "is no list in this text");
	return false;
}

// A text that is being written.
struct composition {
	FILE *stream;
	char *text;
	size_t size;
};

static int finish(struct composition *composition, int r, char **ret_text)
{
	if (r == 0)
		*ret_text = composition->text;
	else
		free(composition->text);
	return r;
}

int edit_add(const char *name, const char *text, const char *path, const char *value,
	struct problems *problems, char **ret_text)
{
	struct composition composed = { 0 };
	char added[PATH_SIZE];
	struct edit_place list;
	struct element last;

	if (!find_list(name, text, path, problems, &list))
		return -EINVAL;
	composed.stream = open_memstream(&composed.text, &composed.size);
	if (!composed.stream)
		return -ENOMEM;
	last = find_element(list.begin, SIZE_MAX);
	compose_added(composed.stream, text, &last, value);
	if (fclose(composed.stream) != 0)
		return finish(&composed, -ENOMEM, ret_text);
	snprintf(added, sizeof(added), "%s[%zu]", path, last.n);
	return finish(&composed, edit_prove(name, text, NULL, composed.text, added, problems),
		ret_text);
}

int edit_remove(const char *name, const char *text, const char *path, size_t index,
	struct problems *problems, char **ret_text)
{
	struct composition composed = { 0 };
	char removed[PATH_SIZE];
	struct edit_place list;
	struct element element;

	if (!find_list(name, text, path, problems, &list))
		return -EINVAL;
	element = find_element(list.begin, index);
	if (index >= element.n) {
		problems_add(problems, name, 0, path, "has no element %zu", index);
		return -EINVAL;
	}
	composed.stream = open_memstream(&composed.text, &composed.size);
	if (!composed.stream)
		return -ENOMEM;
	compose_removed(composed.stream, text, &element, index + 1 == element.n);
	if (fclose(composed.stream) != 0)
		return finish(&composed, -ENOMEM, ret_text);
	snprintf(removed, sizeof(removed), "%s[%zu]", path, index);
	return finish(&composed, edit_prove(name, text, removed, composed.text, NULL, problems),
		ret_text);
}
