// SPDX-License-Identifier: MIT
//
// Private parts of the editor: edit.c and edit_list.c.
#ifndef CHAIRD_CONFIG_EDIT_PRIVATE_H
#define CHAIRD_CONFIG_EDIT_PRIVATE_H

#include <stdbool.h>
#include <stdio.h>

#include "config/problems.h"
#include "config/scanner.h"

// The present token, and where the one before it ended. The text has passed text_check(): what
// follows relies on its grammar. (edit_cursor.c)
struct edit_cursor {
	struct scanner scanner;
	char token;
	const char *behind;
};

void edit_cursor_next(struct edit_cursor *cursor);
void edit_cursor_skip_value(struct edit_cursor *cursor);
void edit_cursor_skip_separator(struct edit_cursor *cursor); // if there is one
bool edit_cursor_closes(const struct edit_cursor *cursor);   // at the end of a group or list

// A setting's value; or, if its group does not have it, where it would be added.
struct edit_place {
	const char *begin, *end;  // of the value; NULL: not there
	const char *line;         // the beginning of the line whose indentation it has
	const char *key;          // of a setting to be added: the end of the path
	const char *add_at;       // behind the group's last setting, or its "{"
	const char *bracket_line; // of what closes the group
	bool needs_semicolon;     // the last setting has none
};

bool edit_find_place(const char *text, const char *path, struct edit_place *ret_place);

// Write a value; what follows a newline in it is indented as the line is.
void edit_write_value(FILE *stream, const char *value, const char *line, int indent);

// Prove that the new text is valid, and that it differs from the old one in those values at most:
// path in the old one, new_path in the new one; NULL: it has none. -EINVAL or -ENOMEM.
int edit_prove(const char *name, const char *text, const char *path, const char *composed,
	const char *new_path, struct problems *problems);

#endif
