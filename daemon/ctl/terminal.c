// SPDX-License-Identifier: MIT
#include "ctl/terminal.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_MIN   20 // of $COLUMNS: less counts as a mistake
#define COLUMNS_USUAL 80
#define HINT_INDENT   2

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

void terminal_wrap(FILE *stream, const struct terminal *terminal, int indent, const char *text)
{
	int column = 0;
	bool begun = false; // there is a word on this line

	while (*text) {
		size_t gap = strspn(text, " "), n = strcspn(text + gap, " \n");
		int width = terminal_width(text + gap, n);

		if (terminal->columns && begun && column + (int)gap + width > terminal->columns) {
			fprintf(stream, "\n%*s", indent, "");
			column = indent;
		} else {
			fprintf(stream, "%*s", (int)gap, "");
			column += (int)gap;
		}
		fwrite(text + gap, 1, n, stream);
		column += width;
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
		fprintf(stderr, "%*shint: ", HINT_INDENT, "");
		terminal_print(stderr, hint);
		fputc('\n', stderr);
	}
}
