// SPDX-License-Identifier: MIT
#include "control/spelling.h"

#include <ctype.h>
#include <string.h>

// --- what people and programs put around a value ------------------------------------------------

// UTF-8 of what carries no meaning at the ends of a value: white space, quotes, a byte order mark.
static const char *const padding[] = { " ", "\t", "\r", "\n", "\v", "\f", "\"", "'", "`",
	"\xc2\xa0", "\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d", "\xe2\x80\x8b",
	"\xe2\x80\xaf", "\xef\xbb\xbf" };

// Length of the padding that the bytes begin with, or end with; 0 if there is none. A NUL, as a
// string in C ends with, is padding, too.
static size_t padding_length(const char *bytes, size_t size, bool at_end)
{
	if (size && !bytes[at_end ? size - 1 : 0])
		return 1;
	for (size_t i = 0; i < sizeof(padding) / sizeof(padding[0]); i++) {
		size_t n = strlen(padding[i]);

		if (n <= size && !memcmp(at_end ? bytes + size - n : bytes, padding[i], n))
			return n;
	}
	return 0;
}

static bool copy_text(const char *text, size_t size, char ret_text[NAME_SIZE])
{
	if (size >= NAME_SIZE || memchr(text, '\0', size))
		return false;
	memcpy(ret_text, text, size);
	ret_text[size] = '\0';
	return true;
}

bool spelling_trim(const void *bytes, size_t size, char ret_text[NAME_SIZE])
{
	const char *text = bytes;
	size_t n;

	while ((n = padding_length(text, size, true)))
		size -= n;
	for (; (n = padding_length(text, size, false)); size -= n)
		text += n;
	return copy_text(text, size, ret_text);
}

bool spelling_trim_space(const void *bytes, size_t size, char ret_text[NAME_SIZE])
{
	static const char space[] = " \t\r\n";
	const char *text = bytes;

	while (size && memchr(space, text[size - 1], sizeof(space) - 1))
		size--;
	for (; size && memchr(space, *text, sizeof(space) - 1); size--)
		text++;
	return copy_text(text, size, ret_text);
}

// --- a wish to stop or pause, however it is spelled ----------------------------------------------

// The ASCII letters and digits of a text, lower-cased, as far as they fit: once joined, and once
// with a blank on each side of every word. NUL bytes are ignored: UTF-16 reads like ASCII.
struct spelling {
	char joined[SPELLING_MAX + 1], words[2 * SPELLING_MAX + 3];
};

static void spell(const void *bytes, size_t size, struct spelling *spelling)
{
	const unsigned char *at = bytes, *end = at + size;
	size_t n = 0, n_words = 0;

	spelling->words[n_words++] = ' ';
	for (; at < end && n < sizeof(spelling->joined) - 1; at++) {
		if (isascii(*at) && isalnum(*at)) {
			spelling->joined[n++] = (char)tolower(*at);
			spelling->words[n_words++] = (char)tolower(*at);
		} else if (*at && spelling->words[n_words - 1] != ' ') {
			spelling->words[n_words++] = ' ';
		}
	}
	if (spelling->words[n_words - 1] != ' ')
		spelling->words[n_words++] = ' ';
	spelling->joined[n] = '\0';
	spelling->words[n_words] = '\0';
}

static bool has_any(const char *text, const char *const parts[])
{
	for (; *parts; parts++) {
		if (strstr(text, *parts))
			return true;
	}
	return false;
}

static bool spells_stop(const struct spelling *spelling)
{
	static const char *const anywhere[] = { "stop", "halt", "abort", "cancel", NULL };
	static const char *const words[] = { " off ", " end ", " quit ", " exit ", " kill ",
		" release ", " idle ", " emergency ", NULL };

	return has_any(spelling->joined, anywhere) || has_any(spelling->words, words);
}

// What a switch sends that is turned off.
static bool spells_off(const struct spelling *spelling)
{
	static const char *const words[] = { " 0 ", " 00 ", " false ", NULL };

	return has_any(spelling->words, words);
}

bool spelling_means_stop(const void *bytes, size_t size)
{
	struct spelling spelling;

	spell(bytes, size, &spelling);
	return spells_stop(&spelling);
}

bool spelling_means_off(const void *bytes, size_t size)
{
	struct spelling spelling;

	spell(bytes, size, &spelling);
	return spells_stop(&spelling) || spells_off(&spelling);
}

bool spelling_means_pause(const void *bytes, size_t size)
{
	struct spelling spelling;

	spell(bytes, size, &spelling);
	return strstr(spelling.joined, "pause") != NULL;
}
