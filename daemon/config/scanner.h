// SPDX-License-Identifier: MIT
//
// Tokens of a configuration text: words, strings and punctuation, each with its place.
#ifndef CHAIRD_CONFIG_SCANNER_H
#define CHAIRD_CONFIG_SCANNER_H

#include <stdbool.h>
#include <stddef.h>

// Punctuation is its own token, one of "{}[]()=,;". libconfig takes ':' for '='.
#define TOKEN_END      '\0'
#define TOKEN_WORD     'w' // a key, a number, true, false: of A-Z a-z 0-9 - _ * . +
#define TOKEN_STRING   '"' // with its quotes
#define TOKEN_UNENDING '!' // a string whose line ends first
#define TOKEN_STRAY    '?' // a character that may stand only in a string or a comment

struct scanner {
	const char *at, *line_start;
	int line; // of the last token, from 1
	// The last token.
	const char *token;
	size_t length; // bytes
	bool plain;    // a word without '.' and '+', as every key is; a string all in ASCII
};

void scanner_start(struct scanner *scanner, const char *text);
char scanner_next(struct scanner *scanner);

// Column of a place in the line of the last token: characters, from 1.
int scanner_column(const struct scanner *scanner, const char *at);

// True if the last token is this word.
bool scanner_is(const struct scanner *scanner, const char *word);

// True if it is one of the words of a list that NULL ends, in letters of any case.
bool scanner_is_any(const struct scanner *scanner, const char *const words[]);

#endif
