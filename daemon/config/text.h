// SPDX-License-Identifier: MIT
//
// Text of a configuration file, checked before libconfig parses it.
//
// libconfig follows @include to any file, recurses as deep as the text is nested, searches a group
// from its beginning for each key, (at least 1.5) leaks the memory of a string that does not end or
// is not allowed at its place, reads numbers modulo 2^32, and has one message for all mistakes.
// Text may be untrusted (MQTT `check`) or come from another system's editor, so text_check() checks
// the grammar first, in one pass.
#ifndef CHAIRD_CONFIG_TEXT_H
#define CHAIRD_CONFIG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "config/library.h"
#include "config/problems.h"

#define TEXT_FILE_MAX    (1024 * 1024) // bytes
#define TEXT_MESSAGE_MAX (64 * 1024)   // bytes of a text from memory
#define TEXT_DEPTH_MAX   16            // brackets within brackets
#define TEXT_KEYS_MAX    64            // in one group

// Read a regular file of at most TEXT_FILE_MAX bytes as a string without a byte order mark. 0, or
// -errno with a problem added (-ENOMEM without one). The caller frees the text.
int text_read(const char *file, struct problems *problems, char **ret_text, size_t *ret_size);

// Add the problem that it cannot be read, and the file that is there with ".cfg" behind its name.
// Returns the error, which is -errno.
int text_unreadable(const char *file, int error, struct problems *problems);

// A text that is freed at the end of its scope.
static inline void text_freep(char **text)
{
	free(*text);
}

#define text_auto __attribute__((cleanup(text_freep))) char

// The text behind its byte order mark, if it has one.
const char *text_skip_mark(const char *text);

// What is written in the place of the bytes of a fault, so that what is behind it can be read:
// `before`, the bytes that are kept, `behind`. from is NULL if no remedy is certain.
struct text_remedy {
	const char *from, *to, *kept_from, *kept_to;
	char before[8], behind[8];
};

// The first fault of a text.
struct text_fault {
	char text[512];
	int line, column;
	struct text_remedy remedy;
};

// 0 if libconfig may parse it, or -EINVAL and its first fault. *ret_tokens, if asked for, is what
// libconfig needs of it, to be freed: every token on its line, without comments, the ends of
// settings, and white space, which take libconfig a quarter of its time. NULL, and -ENOMEM, without
// memory.
int text_find_fault(const char *text, char **ret_tokens, struct text_fault *ret_fault);
// The same, with the fault as a problem.
int text_check(const char *name, const char *text, struct problems *problems);
// The tokens of a text for libconfig, to be freed. Behind a fault whose remedy is certain it goes
// on: the first of each line is a problem. 0; -EINVAL with a problem, and the tokens with all
// remedies, which serve to find what else is wrong and must not be used, or NULL if some fault has
// none; -ENOMEM.
int text_tokens(const char *name, const char *text, struct problems *problems, char **ret_tokens);

// True if it has nothing but white space and comments.
bool text_is_blank(const char *text);

// By its top-level keys; also of a text that libconfig rejects.
enum file_kind text_kind(const char *text);

// core/hash.h.
uint64_t text_hash(const char *text, size_t size);

#endif
