// SPDX-License-Identifier: MIT
//
// Names of characters that may not stand in a configuration file outside of its strings and
// comments, and what to write in their place.
#ifndef CHAIRD_CONFIG_CHARACTERS_H
#define CHAIRD_CONFIG_CHARACTERS_H

#include <stdbool.h>
#include <stddef.h>

#define CHARACTER_TEXT_SIZE 160

// A sentence about the first character of a string that is not empty: "a no-break space (U+00A0):
// write a space". Returns its length in bytes, which is 1 for a byte that is not UTF-8.
size_t character_explain(const char *text, char ret_text[CHARACTER_TEXT_SIZE]);

// True of a character that people write for a quotation mark: “, ’, ', `.
bool character_is_quote(const char *text);

// What stands for it where the text around it must be read: a letter for a letter; NUL: nothing.
char character_substitute(const char *text);

// The first typographic quotation mark in `length` bytes, or NULL.
const char *character_find_quote(const char *text, size_t length);

#endif
