// SPDX-License-Identifier: MIT
//
// Would Home Assistant take this device payload? By its schema as of 2026.9, read from its
// sources; it shares no code with the product.
//
// Stricter than Home Assistant in what it ignores or only warns about: a key that its platform does
// not know, a retained command, two keys for one thing, a class without its unit.
#ifndef TESTS_SYSTEM_DISCOVERY_CHECK_H
#define TESTS_SYSTEM_DISCOVERY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#define DISCOVERY_WHY_SIZE 300

// False with the reason.
bool discovery_check(const char *topic, const char *payload, size_t size,
	char ret_why[DISCOVERY_WHY_SIZE]);

#endif
