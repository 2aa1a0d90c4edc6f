// SPDX-License-Identifier: MIT
#include "control/payload.h"

#include <stdbool.h>
#include <stdint.h>

// The length of the UTF-8 sequence at `at`, or 0 where it is none (RFC 3629, section 4).
static size_t utf8_length(const uint8_t *at, size_t left)
{
	uint8_t low = 0x80, high = 0xbf; // the range of the second byte
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

	if (left < n || at[1] < low || at[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++) {
		if (at[i] < 0x80 || at[i] > 0xbf)
			return 0;
	}
	return n;
}

enum payload_fault payload_check(const void *bytes, size_t size)
{
	const uint8_t *at = bytes, *end = at + size;
	bool in_string = false, escaped = false;
	int depth = 0;

	for (size_t n; at < end; at += n) {
		if (!*at)
			return PAYLOAD_NUL;
		n = utf8_length(at, (size_t)(end - at));
		if (!n)
			return PAYLOAD_NOT_UTF8;
		if (escaped)
			escaped = false;
		else if (in_string && *at == '\\')
			escaped = true;
		else if (*at == '"')
			in_string = !in_string;
		else if (!in_string && (*at == '[' || *at == '{') && ++depth > PAYLOAD_DEPTH_MAX)
			return PAYLOAD_TOO_DEEP;
		else if (!in_string && (*at == ']' || *at == '}'))
			depth--;
	}
	return PAYLOAD_OK;
}
