// SPDX-License-Identifier: MIT
#include "config/edit_private.h"

void edit_cursor_next(struct edit_cursor *cursor)
{
	cursor->behind = cursor->scanner.at;
	cursor->token = scanner_next(&cursor->scanner);
}

static bool opens(char token)
{
	return token == '{' || token == '(' || token == '[';
}

static bool closes(char token)
{
	return token == '}' || token == ')' || token == ']';
}

bool edit_cursor_closes(const struct edit_cursor *cursor)
{
	return closes(cursor->token);
}

void edit_cursor_skip_value(struct edit_cursor *cursor)
{
	int depth = 0;

	if (cursor->token == TOKEN_STRING) { // strings that follow each other are one
		while (cursor->token == TOKEN_STRING)
			edit_cursor_next(cursor);
		return;
	}
	do {
		depth += opens(cursor->token) - closes(cursor->token);
		edit_cursor_next(cursor);
	} while (depth > 0);
}

void edit_cursor_skip_separator(struct edit_cursor *cursor)
{
	if (cursor->token == ';' || cursor->token == ',')
		edit_cursor_next(cursor);
}
