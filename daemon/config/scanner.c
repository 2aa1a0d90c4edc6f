// SPDX-License-Identifier: MIT
#include "config/scanner.h"

#include <string.h>
#include <strings.h>

#include "config/utf8.h"

void scanner_start(struct scanner *scanner, const char *text)
{
	*scanner = (struct scanner){ .at = text, .line_start = text, .line = 1 };
}

int scanner_column(const struct scanner *scanner, const char *at)
{
	int column = 1;

	for (const char *c = scanner->line_start; c < at; column++) {
		size_t n = utf8_length(c, (size_t)(at - c));

		c += n ? n : 1;
	}
	return column;
}

static void new_line(struct scanner *scanner, const char *next)
{
	scanner->line++;
	scanner->line_start = next;
}

static const char *skip_comment(struct scanner *scanner, const char *at)
{
	if (*at == '#' || at[1] == '/')
		return at + strcspn(at, "\n");
	for (at += 2; *at && !(at[0] == '*' && at[1] == '/'); at++) {
		if (*at == '\n')
			new_line(scanner, at + 1);
	}
	return *at ? at + 2 : at;
}

// The next place that is neither white space nor in a comment.
static const char *skip_space(struct scanner *scanner)
{
	const char *at = scanner->at;

	for (;;) {
		if (*at == ' ') // the most frequent one
			at++;
		else if (*at == '#' || (*at == '/' && (at[1] == '/' || at[1] == '*')))
			at = skip_comment(scanner, at);
		else if (*at == '\n')
			new_line(scanner, ++at);
		else if (*at == '\t' || *at == '\r' || *at == '\f')
			at++;
		else
			return at;
	}
}

// Word characters, and punctuation, which is its own token.
static const char token_of[256] = {
	['A' ... 'Z'] = TOKEN_WORD,
	['a' ... 'z'] = TOKEN_WORD,
	['0' ... '9'] = TOKEN_WORD,
	['-'] = TOKEN_WORD,
	['_'] = TOKEN_WORD,
	['*'] = TOKEN_WORD,
	['.'] = TOKEN_WORD,
	['+'] = TOKEN_WORD,
	['{'] = '{',
	['}'] = '}',
	['['] = '[',
	[']'] = ']',
	['('] = '(',
	[')'] = ')',
	['='] = '=',
	[':'] = '=',
	[','] = ',',
	[';'] = ';',
};

static size_t word_length(const char *at)
{
	size_t n = 0;

	while (token_of[(unsigned char)at[n]] == TOKEN_WORD)
		n++;
	return n;
}

// Its closing quote, or where the line or the text ends first.
static const char *string_end(const char *string)
{
	static const bool ends[256] = { ['\0'] = true, ['"'] = true, ['\n'] = true, ['\\'] = true };
	const char *at = string + 1;

	for (;; at++) {
		while (!ends[(unsigned char)*at])
			at++;
		if (*at != '\\')
			return at;
		if (at[1] && at[1] != '\n')
			at++;
	}
}

static char measure_string(const char *at, size_t *ret_length)
{
	const char *end = string_end(at);

	*ret_length = (size_t)(end - at) + (*end == '"');
	return *end == '"' ? TOKEN_STRING : TOKEN_UNENDING;
}

static char measure(const char *at, size_t *ret_length)
{
	char token = token_of[(unsigned char)*at];

	if (*at == '"')
		return measure_string(at, ret_length);
	*ret_length = token == TOKEN_WORD ? word_length(at) : 1;
	if (token)
		return token;
	return *at ? TOKEN_STRAY : TOKEN_END;
}

char scanner_next(struct scanner *scanner)
{
	const char *at = skip_space(scanner);
	char token = measure(at, &scanner->length);

	scanner->token = at;
	scanner->at = token == TOKEN_END ? at : at + scanner->length;
	return token;
}

bool scanner_is(const struct scanner *scanner, const char *word)
{
	return scanner->length == strlen(word) && !memcmp(scanner->token, word, scanner->length);
}

bool scanner_is_any(const struct scanner *scanner, const char *const words[])
{
	for (; *words; words++) {
		if (scanner->length == strlen(*words) &&
			!strncasecmp(scanner->token, *words, scanner->length))
			return true;
	}
	return false;
}
