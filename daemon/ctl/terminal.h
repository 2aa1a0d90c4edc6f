// SPDX-License-Identifier: MIT
//
// Output to a terminal: its abilities, safe text, and error messages.
#ifndef CHAIRD_CTL_TERMINAL_H
#define CHAIRD_CTL_TERMINAL_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct terminal {
	bool live;  // lines may be drawn again in place
	bool color; // live, and NO_COLOR is not set
	bool utf8;
	int columns; // of a line at most; 0: no limit, as for output that is no terminal
};

// setlocale(LC_CTYPE, "") must have been called.
struct terminal terminal_detect(FILE *stream);

// An escape sequence, or "" without colour.
const char *terminal_good(const struct terminal *terminal);
const char *terminal_bad(const struct terminal *terminal);
const char *terminal_plain(const struct terminal *terminal);

// The present width: that of a window changes.
int terminal_columns(FILE *stream);

// Print a text that ends in a newline, with lines that are too long broken between words, and what
// follows indented, by at most a third of the line. A word that is too long is not broken, but
// not indented. Escape sequences take no columns.
void terminal_wrap(FILE *stream, const struct terminal *terminal, int indent, const char *text);
// The same of a formatted text, to which it adds the newline.
void terminal_wrap_line(FILE *stream, const struct terminal *terminal, int indent,
	const char *format, va_list args) __attribute__((format(printf, 4, 0)));

// Columns that the first n bytes of a text take.
int terminal_width(const char *text, size_t n);

// Print a formatted line to standard output, wrapped likewise, its control characters replaced.
void terminal_put(const struct terminal *terminal, int indent, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

// Print a text from outside with its control characters replaced.
void terminal_print(FILE *stream, const char *text);

// "chairctl: CODE: MESSAGE" and "  hint: HINT" on stderr; the hint may be NULL or "".
void terminal_error(const char *code, const char *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
