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
		if (*at == '#' || (*at == '/' && (at[1] == '/' || at[1] == '*')))
			at = skip_comment(scanner, at);
		else if (*at == '\n')
			new_line(scanner, ++at);
		else if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\f')
			at++;
		else
			return at;
	}
}

static size_t word_length(const char *at)
{
	static const bool in_word[256] = {
		['A' ... 'Z'] = true,
		['a' ... 'z'] = true,
		['0' ... '9'] = true,
		['-'] = true,
		['_'] = true,
		['*'] = true,
		['.'] = true,
		['+'] = true,
	};
	size_t n = 0;

	while (in_word[(unsigned char)at[n]])
		n++;
	return n;
}

// Its closing quote, or where the line or the text ends first.
static const char *string_end(const char *string)
{
	const char *at = string + 1;

	for (; *at && *at != '"' && *at != '\n'; at++) {
		if (*at == '\\' && at[1] && at[1] != '\n')
			at++;
	}
	return at;
}

static char measure(const char *at, size_t *ret_length)
{
	*ret_length = word_length(at);
	if (*ret_length)
		return TOKEN_WORD;
	*ret_length = 1;
	if (!*at)
		return TOKEN_END;
	if (*at == '"') {
		const char *end = string_end(at);

		*ret_length = (size_t)(end - at) + (*end == '"');
		return *end == '"' ? TOKEN_STRING : TOKEN_UNENDING;
	}
	if (strchr("{}[]()=,;", *at))
		return *at;
	return *at == ':' ? '=' : TOKEN_STRAY;
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
