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

#define NOT_PLAIN 0x80 // so is every byte beyond ASCII

// Word characters, and punctuation, which is its own token.
static const unsigned char token_of[256] = {
	['A' ... 'Z'] = TOKEN_WORD,
	['a' ... 'z'] = TOKEN_WORD,
	['0' ... '9'] = TOKEN_WORD,
	['-'] = TOKEN_WORD,
	['_'] = TOKEN_WORD,
	['*'] = TOKEN_WORD,
	['.'] = TOKEN_WORD | NOT_PLAIN,
	['+'] = TOKEN_WORD | NOT_PLAIN,
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

static char measure_word(struct scanner *scanner)
{
	unsigned char token, all = 0;
	size_t n = 0;

	while (((token = token_of[(unsigned char)scanner->token[n]]) & ~NOT_PLAIN) == TOKEN_WORD) {
		all |= token;
		n++;
	}
	scanner->length = n;
	scanner->plain = !(all & NOT_PLAIN);
	return TOKEN_WORD;
}

// To its closing quote, or where the line or the text ends first.
static char measure_string(struct scanner *scanner)
{
	static const bool ends[256] = { ['\0'] = true, ['"'] = true, ['\n'] = true, ['\\'] = true };
	const char *at = scanner->token + 1;
	char all = 0;

	for (;; at++) {
		for (; !ends[(unsigned char)*at]; at++)
			all |= *at;
		if (*at != '\\')
			break;
		if (at[1] && at[1] != '\n')
			all |= *++at;
	}
	scanner->length = (size_t)(at - scanner->token) + (*at == '"');
	scanner->plain = !(all & NOT_PLAIN);
	return *at == '"' ? TOKEN_STRING : TOKEN_UNENDING;
}

static char measure(struct scanner *scanner)
{
	const char first = *scanner->token;
	unsigned char token = token_of[(unsigned char)first];

	if ((token & ~NOT_PLAIN) == TOKEN_WORD)
		return measure_word(scanner);
	if (first == '"')
		return measure_string(scanner);
	scanner->length = first != '\0';
	if (token)
		return (char)token;
	return first ? TOKEN_STRAY : TOKEN_END;
}

char scanner_next(struct scanner *scanner)
{
	char token;

	scanner->token = skip_space(scanner);
	token = measure(scanner);
	scanner->at = scanner->token + scanner->length;
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
