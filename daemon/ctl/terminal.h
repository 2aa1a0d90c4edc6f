// SPDX-License-Identifier: MIT
//
// Output to a terminal: its abilities, safe text, and error messages.
#ifndef CHAIRD_CTL_TERMINAL_H
#define CHAIRD_CTL_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

struct terminal {
	bool live;  // lines may be drawn again in place
	bool color; // live, and NO_COLOR is not set
	bool utf8;
	int columns; // 80 if not known
};

// setlocale(LC_CTYPE, "") must have been called.
struct terminal terminal_detect(FILE *stream);

// An escape sequence, or "" without colour.
const char *terminal_good(const struct terminal *terminal);
const char *terminal_bad(const struct terminal *terminal);
const char *terminal_plain(const struct terminal *terminal);

// Print a text from outside with its control characters replaced.
void terminal_print(FILE *stream, const char *text);

// "chairctl: CODE: MESSAGE" and "  hint: HINT" on stderr; the hint may be NULL or "".
void terminal_error(const char *code, const char *hint, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
