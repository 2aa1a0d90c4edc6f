// SPDX-License-Identifier: MIT
//
// Change of one setting of a configuration text, or of one element of a list; byte for byte the
// same everywhere else.
//
// The setting is named by its path, as problems name it: "steps[2].target.newtons". Only its value
// is replaced; comments, layout and all other settings stay. A key that its group does not have is
// added behind the group's last setting. The result is proved: it is parsed again, and anything but
// that one value differing is an error, so a text that is returned can be trusted.
#ifndef CHAIRD_CONFIG_EDIT_H
#define CHAIRD_CONFIG_EDIT_H

#include <stddef.h>

#include "config/problems.h"

// The value, in the file's own notation: "35.0", "{ newtons = 30.0; floor = 10.0; }". It may have
// several lines and comments; what follows a newline in it is indented as the setting's line is.
// name stands for the file in problems. 0 with the new text, which the caller frees; -EINVAL with a
// problem added, if the text is not valid, the path leads nowhere or the value is none; -ENOMEM.
int edit_value(const char *name, const char *text, const char *path, const char *value,
	struct problems *problems, char **ret_text);

// The same with a number of at most 10 digits, with a point if the present value has one.
int edit_number(const char *name, const char *text, const char *path, double number,
	struct problems *problems, char **ret_text);

// The present value as it is written, which the caller frees; NULL if the text is not valid or has
// no such setting, or without memory.
char *edit_present(const char *text, const char *path);

// Add an element to a list, as the last one, on lines of its own; a comma and comments stay with
// the element before it. The same results.
int edit_add(const char *name, const char *text, const char *path, const char *value,
	struct problems *problems, char **ret_text);

// Remove an element of a list, with its comma, and with its lines and the comment behind it if
// nothing else stands there. The same results.
int edit_remove(const char *name, const char *text, const char *path, size_t index,
	struct problems *problems, char **ret_text);

#endif
