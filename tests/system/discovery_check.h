// SPDX-License-Identifier: MIT
//
// Checker of device payloads for Home Assistant's discovery, by its schema as of 2026.9, which was
// read from its sources. It shares no code with the product.
//
// It also refuses what Home Assistant ignores or only warns about: a key that the platform does not
// have, a retained command, a key and its abbreviation, a class without its unit.
#ifndef TESTS_SYSTEM_DISCOVERY_CHECK_H
#define TESTS_SYSTEM_DISCOVERY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#define DISCOVERY_WHY_SIZE 300

// False with the reason.
bool discovery_check(const char *topic, const char *payload, size_t size,
	char ret_why[DISCOVERY_WHY_SIZE]);

#endif
