// SPDX-License-Identifier: MIT
//
// FNV-1a hash, 64 bits: detects accidental changes, not attacks. Pure.
// (http://www.isthe.com/chongo/tech/comp/fnv/)
#ifndef CHAIRD_CORE_HASH_H
#define CHAIRD_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_START UINT64_C(0xcbf29ce484222325)
#define HASH_PRIME UINT64_C(0x100000001b3)

static inline uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ byte[i]) * HASH_PRIME;
	return hash;
}

// Of a long text: eight bytes at a time, in the order of this machine. A difference in the upper
// bytes would not reach the lower ones by the product alone. Up to seven bytes: FNV-1a.
static inline uint64_t hash_text(const char *text, size_t size)
{
	uint64_t hash = HASH_START, word;

	for (; size >= sizeof(word); text += sizeof(word), size -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = (hash ^ word) * HASH_PRIME;
		hash ^= hash >> 32;
	}
	return hash_bytes(hash, text, size);
}

#endif
