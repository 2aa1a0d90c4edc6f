// SPDX-License-Identifier: MIT
//
// Decoder of UTF-8 (RFC 3629).
#ifndef CHAIRD_CONFIG_UTF8_H
#define CHAIRD_CONFIG_UTF8_H

#include <stddef.h>

// Length in bytes of the first character of 1 or more bytes if it is well-formed: no overlong form,
// no surrogate, nothing above U+10FFFF. Otherwise 0.
size_t utf8_length(const void *bytes, size_t size);

// Length in bytes of the first character of a string if it is well-formed and printable; otherwise
// 0.
size_t utf8_printable(const char *text);

// Take a character that was cut off the end of a string.
void utf8_drop_incomplete(char *text);

#endif
