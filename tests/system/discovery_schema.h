// SPDX-License-Identifier: MIT
//
// Tables of Home Assistant's schema for MQTT discovery, as of 2026.9: keys, platforms, device
// classes and their units.
#ifndef TESTS_SYSTEM_DISCOVERY_SCHEMA_H
#define TESTS_SYSTEM_DISCOVERY_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

// A list of strings that ends with NULL.
#define LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

extern const char *const *const schema_root_keys;
extern const char *const *const schema_device_keys;
extern const char *const *const schema_origin_keys;
extern const char *const *const schema_availability_keys;
extern const char *const *const schema_entity_keys; // of every entity

struct platform {
	const char *name;
	const char *const *required, *const *keys;
	bool reads; // has no command: may not be in the category config
};

struct device_class {
	const char *platform, *name;
	const char *const *units; // ("": none); NULL: the platform has no units
};

bool is_in(const char *text, const char *const *list);
const char *full_key(const char *key);                  // of an abbreviation, or the key itself
const struct platform *platform_find(const char *name); // or NULL
const struct device_class *device_class_find(const char *platform, const char *name); // or NULL

#endif
