// SPDX-License-Identifier: MIT
#include "ctl/terminal.h"

#include <langinfo.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MIN   20 // of $COLUMNS: less counts as a mistake
#define COLUMNS_USUAL 80
#define HINT_INDENT   2
#define INDENT_SHARE  3 // of a line, at most a part of it is indentation

struct terminal terminal_detect(FILE *stream)
{
	const char *no_color = getenv("NO_COLOR"); // https://no-color.org: set and not empty
	const char *term = getenv("TERM");
	struct terminal terminal = { 0 };

	terminal.live = isatty(fileno(stream)) && term && strcmp(term, "dumb") != 0;
	terminal.color = terminal.live && !(no_color && *no_color);
	terminal.utf8 = terminal.live && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	terminal.columns = terminal.live ? terminal_columns(stream) : 0;
	return terminal;
}

int terminal_columns(FILE *stream)
{
	const char *given = getenv("COLUMNS");
	int columns = given ? atoi(given) : 0;
	struct winsize size;

	if (columns >= COLUMNS_MIN)
		return columns;
	if (ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return COLUMNS_USUAL;
}

// --- text -------------------------------------------------------------------------------------

// Length of the escape sequence at the start of the text; 0: there is none.
static size_t escape_length(const char *text, size_t n)
{
	size_t i = 2;

	if (n < 2 || text[0] != '\033' || text[1] != '[')
		return 0;
	while (i < n && text[i] != 'm')
		i++;
	return i < n ? i + 1 : n;
}

int terminal_width(const char *text, size_t n)
{
	int width = 0;

	for (size_t i = 0, escape; i < n; i += escape ? escape : 1) {
		escape = escape_length(text + i, n - i);
		width += !escape && ((unsigned char)text[i] & 0xc0) != 0x80; // no further byte
	}
	return width;
}

// As many of the wished blanks as leave room for what else the line has.
static int blanks_beside(int width, int wished, int columns)
{
	int room = columns > width ? columns - width : 0;

	return wished < room ? wished : room;
}

void terminal_wrap(FILE *stream, const struct terminal *terminal, int indent, const char *text)
{
	int columns = terminal->columns ? terminal->columns : INT_MAX, column = 0, blanks;
	bool begun = false; // there is a word on this line

	if (indent > columns / INDENT_SHARE)
		indent = columns / INDENT_SHARE;
	while (*text) {
		size_t gap = strspn(text, " "), n = strcspn(text + gap, " \n");
		int width = terminal_width(text + gap, n);

		if (begun && (int)gap + width > columns - column) {
			fputc('\n', stream);
			column = 0;
			blanks = blanks_beside(width, indent, columns);
		} else {
			blanks = blanks_beside(column + width, (int)gap, columns);
		}
		fprintf(stream, "%*s", blanks, "");
		fwrite(text + gap, 1, n, stream);
		column += blanks + width;
		begun = true;
		text += gap + n;
		if (*text == '\n') {
			fputc(*text++, stream);
			column = 0;
			begun = false;
		}
	}
}

void terminal_wrap_line(FILE *stream, const struct terminal *terminal, int indent,
	const char *format, va_list args)
{
	char *text;

	if (vasprintf(&text, format, args) < 0)
		return;
	terminal_wrap(stream, terminal, indent, text);
	fputc('\n', stream);
	free(text);
}

const char *terminal_good(const struct terminal *terminal)
{
	return terminal->color ? "\033[32m" : "";
}

const char *terminal_bad(const struct terminal *terminal)
{
	return terminal->color ? "\033[1;31m" : "";
}

const char *terminal_plain(const struct terminal *terminal)
{
	return terminal->color ? "\033[0m" : "";
}

static char plain(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f ? '?' : c;
}

void terminal_print(FILE *stream, const char *text)
{
	for (; *text; text++)
		fputc(plain(*text), stream);
}

static void make_plain(char *text)
{
	for (; *text; text++)
		*text = plain(*text);
}

void terminal_put(const struct terminal *terminal, int indent, const char *format, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0)
		return;
	make_plain(text);
	terminal_wrap(stdout, terminal, indent, text);
	putchar('\n');
	free(text);
}

void terminal_error(const char *code, const char *hint, const char *format, ...)
{
	struct terminal terminal = terminal_detect(stderr);
	char message[1024], plain_code[64], line[1200];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	make_plain(message);
	snprintf(plain_code, sizeof(plain_code), "%s", code);
	make_plain(plain_code);
	snprintf(line, sizeof(line), "chairctl: %s%s%s: %s\n", terminal_bad(&terminal), plain_code,
		terminal_plain(&terminal), message);
	terminal_wrap(stderr, &terminal, HINT_INDENT, line);
	if (hint && *hint) {
		char plain_hint[1024];

		snprintf(plain_hint, sizeof(plain_hint), "%*shint: %s", HINT_INDENT, "", hint);
		make_plain(plain_hint);
		terminal_wrap(stderr, &terminal, 2 * HINT_INDENT, plain_hint);
		fputc('\n', stderr);
	}
}
