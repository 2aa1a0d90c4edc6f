// SPDX-License-Identifier: MIT
#include "config/utf8.h"

#include <stdint.h>

size_t utf8_printable(const char *text)
{
	const unsigned char *byte = (const unsigned char *)text;
	uint32_t character = byte[0];
	size_t length;

	if (byte[0] < 0x80)
		return byte[0] >= 0x20 && byte[0] != 0x7f;
	length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
	character &= 0x7fu >> length;
	for (size_t i = 1; i < length; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (byte[i] & 0x3f);
	}
	// Neither control characters, overlong forms, surrogates nor what lies beyond Unicode.
	if (byte[0] < 0xc2 || byte[0] > 0xf4 || character < 0xa0 ||
		(length == 3 && character < 0x800) || (length == 4 && character < 0x10000) ||
		(character >= 0xd800 && character <= 0xdfff) || character > 0x10ffff)
		return 0;
	return length;
}
