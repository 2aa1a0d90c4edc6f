// SPDX-License-Identifier: MIT
//
// FNV-1a hash, 64 bits: detects accidental changes, not attacks. Pure.
// (http://www.isthe.com/chongo/tech/comp/fnv/)
#ifndef CHAIRD_CORE_HASH_H
#define CHAIRD_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}

#endif
