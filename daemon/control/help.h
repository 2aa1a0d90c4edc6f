// SPDX-License-Identifier: MIT
//
// Answer of the verb help: every verb and its arguments, with type, range and unit.
#ifndef CHAIRD_CONTROL_HELP_H
#define CHAIRD_CONTROL_HELP_H

#include <jansson.h>

// {"verbs": [{"verb", "text", "args": [{"name", "type", "required", "text", and of a number
// minimum, maximum and unit, of a string max_bytes, and choices if only some words are allowed}]}]}
json_t *help_document(void);

#endif
