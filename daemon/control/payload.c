// SPDX-License-Identifier: MIT
#include "control/payload.h"

#include <stdbool.h>
#include <stdint.h>

#include "config/utf8.h"

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
