// SPDX-License-Identifier: MIT
//
// Check of a payload before it is parsed: encoding and depth. Pure, no allocation, one pass.
#ifndef CHAIRD_CONTROL_PAYLOAD_H
#define CHAIRD_CONTROL_PAYLOAD_H

#include <stddef.h>

#define PAYLOAD_DEPTH_MAX 8 // of brackets within brackets

enum payload_fault {
	PAYLOAD_OK,
	PAYLOAD_NUL,
	PAYLOAD_NOT_UTF8,
	PAYLOAD_TOO_DEEP,
};

// UTF-8 as in RFC 3629 (no overlong form, no surrogate, nothing above U+10FFFF), no NUL, and no
// more than PAYLOAD_DEPTH_MAX open brackets outside of JSON strings.
enum payload_fault payload_check(const void *bytes, size_t size);

#endif
