// SPDX-License-Identifier: MIT
#include "core/referral.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *referral_next(const char **at, size_t *ret_length)
{
	while (**at) {
		const char *zone = *at + strspn(*at, " ,");
		size_t length = strcspn(zone, ",");

		*at = zone + length;
		while (length > 0 && zone[length - 1] == ' ')
			length--;
		*ret_length = length;
		if (length > 0)
			return zone;
	}
	return NULL;
}

// Whether the byte belongs to a word: all of UTF-8 beyond ASCII does.
static bool is_in_word(char byte)
{
	return isalnum((unsigned char)byte) || (unsigned char)byte >= 0x80;
}

static bool zone_has(const char *zone, size_t length, const char *words, size_t n)
{
	for (size_t i = 0; i + n <= length; i++) {
		bool begins = i == 0 || !is_in_word(zone[i - 1]);
		bool ends = i + n == length || !is_in_word(zone[i + n]);

		if (begins && ends && strncasecmp(zone + i, words, n) == 0)
			return true;
	}
	return false;
}

bool referral_has(const char *referral, const char *words)
{
	size_t length, n = strlen(words);
	const char *zone;

	while (n > 0 && (zone = referral_next(&referral, &length))) {
		if (zone_has(zone, length, words, n))
			return true;
	}
	return false;
}
