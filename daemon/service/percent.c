// SPDX-License-Identifier: MIT
#include "service/percent.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER_SIZE 64

bool percent_parse(const char *text, double *ret_percent)
{
	char number[NUMBER_SIZE], *comma, *end;
	size_t n;

	text += *text == '+';
	n = strlen(text);
	if (n && text[n - 1] == '%')
		n--;
	while (n && text[n - 1] == ' ')
		n--;
	if (!n || n >= sizeof(number))
		return false;
	memcpy(number, text, n);
	number[n] = '\0';
	comma = strchr(number, ',');
	if (comma)
		*comma = '.';
	if (number[strspn(number, "0123456789.")])
		return false;
	*ret_percent = strtod(number, &end);
	return end != number && !*end;
}
