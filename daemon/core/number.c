// SPDX-License-Identifier: MIT
#include "core/number.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORD_SIZE 48 // a longer word is no number of ours

static size_t digits(const char *text)
{
	size_t n = 0;

	while (text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

static size_t sign(const char *text)
{
	return *text == '-' || *text == '+';
}

bool number_begins(const char *word, size_t length)
{
	size_t n = sign(word);

	n += n < length && word[n] == '.';
	return n < length && isdigit((unsigned char)word[n]);
}

// Length of the longest decimal number at the beginning of a word. whole: it has neither point nor
// exponent.
static size_t decimal_length(const char *word, bool *ret_whole)
{
	size_t n = sign(word), before = digits(word + n), after = 0, exponent;

	n += before;
	*ret_whole = word[n] != '.';
	if (word[n] == '.') {
		after = digits(word + n + 1);
		n += 1 + after;
	}
	if (!before && !after)
		return 0;
	if (word[n] != 'e' && word[n] != 'E')
		return n;
	exponent = digits(word + n + 1 + sign(word + n + 1));
	if (!exponent)
		return n;
	*ret_whole = false;
	return n + 1 + sign(word + n + 1) + exponent;
}

static bool fits_32_bits(const char *text, int base, long *ret_value)
{
	errno = 0;
	*ret_value = strtol(text, NULL, base);
	return !errno && *ret_value >= INT32_MIN && *ret_value <= INT32_MAX;
}

static void explain_base(const char *word, const char *base, int radix,
	char ret_fault[NUMBER_FAULT_SIZE])
{
	size_t n = sign(word);
	char text[WORD_SIZE];
	char *end;
	long value;

	// Without the 0x: strtol() knows only this prefix, and not in every base.
	snprintf(text, sizeof(text), "%.*s%s", (int)n, word, word + n + 2);
	if (fits_32_bits(text, radix, &value) && (strtol(text, &end, radix), end > text && !*end))
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s is %s: write %ld", word, base, value);
	else
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s is %s: write a decimal number", word,
			base);
}

// The word has something behind its decimal number, or none at all.
static void explain(const char *word, size_t length, char ret_fault[NUMBER_FAULT_SIZE])
{
	const char *rest = word + length, *prefix = word + sign(word);
	const char *decimals = rest + 1;

	if (prefix[0] == '0' && (prefix[1] == 'x' || prefix[1] == 'X'))
		explain_base(word, "hexadecimal", 16, ret_fault);
	else if (prefix[0] == '0' && (prefix[1] == 'b' || prefix[1] == 'B'))
		explain_base(word, "binary", 2, ret_fault);
	else if (prefix[0] == '0' && (prefix[1] == 'o' || prefix[1] == 'O'))
		explain_base(word, "octal", 8, ret_fault);
	else if (length && *rest && strspn(rest, "Ll") == strlen(rest))
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s has the suffix %s: write %.*s", word,
			rest, (int)length, word);
	else if (length && *rest == ',' && digits(decimals) && !decimals[digits(decimals)])
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s has a decimal comma: write %.*s.%s",
			word, (int)length, word, decimals);
	else if (length && (isalpha((unsigned char)*rest) || *rest == '%'))
		snprintf(ret_fault, NUMBER_FAULT_SIZE,
			"%s is not a number (without its unit: write %.*s)", word, (int)length,
			word);
	else
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s is not a number", word);
}

// A copy with a NUL behind it.
static bool copy(const char *bytes, size_t size, char ret_word[WORD_SIZE],
	char ret_fault[NUMBER_FAULT_SIZE])
{
	if (size >= WORD_SIZE) {
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "a number of %zu characters is too long",
			size);
		return false;
	}
	memcpy(ret_word, bytes, size);
	ret_word[size] = '\0';
	return true;
}

static bool check_form(const char *word, bool *ret_whole, char ret_fault[NUMBER_FAULT_SIZE])
{
	size_t length = decimal_length(word, ret_whole), n = sign(word);

	if (!length || word[length]) {
		explain(word, length, ret_fault);
		return false;
	}
	if (!*ret_whole || word[n] != '0' || !word[n + 1])
		return true;
	while (word[n] == '0' && word[n + 1])
		n++;
	snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s begins with 0: write %.*s%s", word, *word == '-',
		word, word + n);
	return false;
}

bool number_check_form(const char *bytes, size_t size, char ret_fault[NUMBER_FAULT_SIZE])
{
	char word[WORD_SIZE];
	bool whole;

	return copy(bytes, size, word, ret_fault) && check_form(word, &whole, ret_fault);
}

// Most numbers are: digits that fit into 32 bits however they are.
static bool is_short(const char *bytes, size_t size)
{
	return size && size < 10 && (*bytes != '0' || size == 1) && digits(bytes) == size;
}

bool number_check(const char *bytes, size_t size, char ret_fault[NUMBER_FAULT_SIZE])
{
	char word[WORD_SIZE];
	bool whole;
	long value;

	if (is_short(bytes, size))
		return true;
	if (!copy(bytes, size, word, ret_fault) || !check_form(word, &whole, ret_fault))
		return false;
	if (whole ? fits_32_bits(word, 10, &value)
		  : !strpbrk(word, "eE") || isfinite(strtod(word, NULL)))
		return true;
	if (whole)
		snprintf(ret_fault, NUMBER_FAULT_SIZE,
			"%s is beyond 32 bits (whole numbers are %ld ... %ld)", word,
			(long)INT32_MIN, (long)INT32_MAX);
	else
		snprintf(ret_fault, NUMBER_FAULT_SIZE, "%s is too big for a number", word);
	return false;
}
