// SPDX-License-Identifier: MIT
#include "config/characters.h"

#include <stdio.h>

#include "config/utf8.h"

#define QUOTE "a typographic quotation mark"
#define BLANK "write a space"
#define DASH  "write -"
#define ERASE "delete it"

struct range {
	unsigned first, last; // code points
	const char *name, *remedy;
	bool invisible;  // its name alone is shown
	char substitute; // NUL: nothing
};

// clang-format off: a table, a row a line
static const struct range ranges[] = {
	{ 0x00, 0x1f, "a control character", ERASE, true, ' ' },
	{ '\'', '\'', "an apostrophe", "a string stands between \" and \"", false, '"' },
	{ '`', '`', "a backquote", "a string stands between \" and \"", false, '"' },
	{ '%', '%', "a per cent sign", "a number stands without its unit", false, ' ' },
	{ '/', '/', "a slash", "a comment begins with #; a text stands between \" and \"", false,
		'_' },
	{ 0x7f, 0x9f, "a control character", ERASE, true, ' ' },
	{ 0xa0, 0xa0, "a no-break space", BLANK, true, ' ' },
	{ 0xab, 0xab, QUOTE, "write \"", false, '"' },
	{ 0xad, 0xad, "a soft hyphen", ERASE, true, '\0' },
	{ 0xb0, 0xb0, "a degree sign", "a number stands without its unit", false, ' ' },
	{ 0xb4, 0xb4, "an accent", "a string stands between \" and \"", false, '"' },
	{ 0xbb, 0xbb, QUOTE, "write \"", false, '"' },
	{ 0x37e, 0x37e, "a Greek question mark", "write ;", false, ';' },
	{ 0x66b, 0x66b, "a decimal separator", "write a point", false, '.' },
	{ 0x2000, 0x200a, "a typographic space", BLANK, true, ' ' },
	{ 0x200b, 0x200f, "an invisible character", ERASE, true, '\0' },
	{ 0x2010, 0x2015, "a typographic dash", DASH, false, '-' },
	{ 0x2018, 0x201f, QUOTE, "write \"", false, '"' },
	{ 0x2026, 0x2026, "an ellipsis", ERASE, false, ' ' },
	{ 0x2028, 0x2029, "a line separator", "end the line in the usual way", true, ' ' },
	{ 0x202a, 0x202e, "an invisible character", ERASE, true, '\0' },
	{ 0x202f, 0x202f, "a narrow no-break space", BLANK, true, ' ' },
	{ 0x2032, 0x2036, "a prime", "write \"", false, '"' },
	{ 0x2039, 0x203a, QUOTE, "write \"", false, '"' },
	{ 0x205f, 0x205f, "a typographic space", BLANK, true, ' ' },
	{ 0x2060, 0x206f, "an invisible character", ERASE, true, '\0' },
	{ 0x2212, 0x2212, "a typographic minus", DASH, false, '-' },
	{ 0x3000, 0x3000, "an ideographic space", BLANK, true, ' ' },
	{ 0x3001, 0x3001, "an ideographic comma", "write ,", false, ',' },
	{ 0xfeff, 0xfeff, "a byte order mark", "it belongs at the beginning; " ERASE, true, '\0' },
};
// clang-format on

#define FULLWIDTH_FIRST 0xff01 // "!"; they follow the order of ASCII
#define FULLWIDTH_LAST  0xff5e

// Decode a well-formed character of n bytes.
static unsigned decode(const char *text, size_t n)
{
	static const unsigned char first[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	unsigned code = (unsigned char)*text & first[n];

	for (size_t i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

static const struct range *find(unsigned code)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		if (code >= ranges[i].first && code <= ranges[i].last)
			return &ranges[i];
	}
	return NULL;
}

bool character_is_quote(const char *text)
{
	return character_substitute(text) == '"';
}

char character_substitute(const char *text)
{
	size_t n = utf8_length(text, 4);
	unsigned code = n ? decode(text, n) : 0;
	const struct range *range = n ? find(code) : NULL;

	if (range)
		return range->substitute;
	if (code >= FULLWIDTH_FIRST && code <= FULLWIDTH_LAST)
		return (char)(code - FULLWIDTH_FIRST + '!');
	return '_';
}

size_t character_explain(const char *text, char ret_text[CHARACTER_TEXT_SIZE])
{
	size_t n = utf8_length(text, 4); // the NUL at the end is in no sequence
	unsigned code = n ? decode(text, n) : 0;
	const struct range *range = n ? find(code) : NULL;

	if (!n)
		snprintf(ret_text, CHARACTER_TEXT_SIZE,
			"the byte 0x%02X is not UTF-8: save the file as UTF-8",
			(unsigned char)*text);
	else if (range && range->invisible)
		snprintf(ret_text, CHARACTER_TEXT_SIZE, "%s (U+%04X): %s", range->name, code,
			range->remedy);
	else if (range)
		snprintf(ret_text, CHARACTER_TEXT_SIZE, "%s %.*s (U+%04X): %s", range->name, (int)n,
			text, code, range->remedy);
	else if (code >= FULLWIDTH_FIRST && code <= FULLWIDTH_LAST)
		snprintf(ret_text, CHARACTER_TEXT_SIZE, "a full-width %.*s (U+%04X): write %c",
			(int)n, text, code, (char)(code - FULLWIDTH_FIRST + '!'));
	else
		snprintf(ret_text, CHARACTER_TEXT_SIZE,
			"the character %.*s (U+%04X) may stand only in a string or a comment",
			(int)n, text, code);
	return n ? n : 1;
}

const char *character_find_quote(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		size_t n = utf8_length(text + i, length - i);
		unsigned code = n > 1 ? decode(text + i, n) : 0;

		if ((code >= 0x2018 && code <= 0x201f) || code == 0xab || code == 0xbb)
			return text + i;
	}
	return NULL;
}
