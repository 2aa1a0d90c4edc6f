// SPDX-License-Identifier: MIT
//
// Text of a configuration file, checked before libconfig parses it.
//
// libconfig follows @include to any file, recurses as deep as the text is nested, searches a group
// from its beginning for each key, and (at least 1.5) leaks the memory of a string that does not
// end or is not allowed at its place. Text may be untrusted (MQTT `check`), so text_check() scans
// it first, in one pass over strings, comments and brackets.
#ifndef CHAIRD_CONFIG_TEXT_H
#define CHAIRD_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/library.h"
#include "config/problems.h"

#define TEXT_FILE_MAX    (1024 * 1024) // bytes
#define TEXT_MESSAGE_MAX (64 * 1024)   // bytes of a text from memory
#define TEXT_DEPTH_MAX   16            // brackets within brackets
#define TEXT_KEYS_MAX    64            // in one group

// Read a regular file of at most TEXT_FILE_MAX bytes as a string. 0, or -errno with a problem
// added (-ENOMEM without one). The caller frees the text.
int text_read(const char *file, struct problems *problems, char **ret_text, size_t *ret_size);

// 0 if libconfig may parse it, or -EINVAL with a problem added.
int text_check(const char *name, const char *text, struct problems *problems);

// By its top-level keys; also of a text that libconfig rejects.
enum file_kind text_kind(const char *text);

// FNV-1a (core/hash.h).
uint64_t text_hash(const char *text, size_t size);

#endif
