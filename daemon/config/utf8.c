// SPDX-License-Identifier: MIT
#include "config/utf8.h"

#include <string.h>

size_t utf8_length(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	unsigned char low = 0x80, high = 0xbf; // range of the second byte
	size_t n;

	if (at[0] < 0x80)
		return 1;
	if (at[0] >= 0xc2 && at[0] <= 0xdf)
		n = 2;
	else if (at[0] >= 0xe0 && at[0] <= 0xef)
		n = 3;
	else if (at[0] >= 0xf0 && at[0] <= 0xf4)
		n = 4;
	else
		return 0;

	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;

	if (size < n || at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	}
	return n;
}

void utf8_drop_incomplete(char *text)
{
	size_t n = strlen(text), start = n;

	while (start > 0 && n - start < 3 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	if (start > 0 && (unsigned char)text[start - 1] >= 0xc0 &&
		!utf8_length(text + start - 1, n - start + 1))
		text[start - 1] = '\0';
}

size_t utf8_printable(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t n;

	if (at[0] >= 0x20 && at[0] < 0x7f)
		return 1;
	n = utf8_length(text, 4); // the NUL at the end is in no sequence
	if (n == 1 && (at[0] < 0x20 || at[0] == 0x7f))
		return 0;
	if (n == 2 && at[0] == 0xc2 && at[1] < 0xa0) // U+0080 ... U+009F are control characters
		return 0;
	return n;
}
