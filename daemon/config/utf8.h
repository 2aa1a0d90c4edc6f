// SPDX-License-Identifier: MIT
//
// Printable characters of UTF-8 text (RFC 3629).
#ifndef CHAIRD_CONFIG_UTF8_H
#define CHAIRD_CONFIG_UTF8_H

#include <stddef.h>

// Length in bytes of the first character if it is well-formed and printable; otherwise 0.
size_t utf8_printable(const char *text);

#endif
