// SPDX-License-Identifier: MIT
//
// Duplicate filter: the requests of the last 10 seconds that acted, with the first answer to each.
//
// A request that arrives again (from a client that retries, or a broker that delivers twice) gets
// the same answer and acts no second time. Two requests are the same if verb, id and payload are
// equal byte for byte: panels that count their ids from 1 at every load, or use one id for a
// slider, reuse an id for another request. Pure but for the heap: time is an argument.
#ifndef CHAIRD_CONTROL_DEDUPE_H
#define CHAIRD_CONTROL_DEDUPE_H

#include <stddef.h>
#include <stdint.h>

#define DEDUPE_DEPTH  256 // at most 240 of one verb are accepted in that time (request_gate.h)
#define DEDUPE_AGE_US INT64_C(10000000)

struct dedupe_request {
	const char *verb, *id;
	const void *payload;
	size_t size;
};

struct dedupe {
	struct {
		int64_t until_us;
		char *key; // verb/id
		void *payload;
		size_t size;
		char *answer; // NULL: the slot is free
	} slot[DEDUPE_DEPTH];
	unsigned next; // the slot that is overwritten next
};

// The newest answer to this request, or NULL. Valid until the next add.
const char *dedupe_find(const struct dedupe *dedupe, int64_t now_us,
	const struct dedupe_request *request);

// Remember an answer; forgets the oldest. Everything is copied. -ENOMEM: nothing changed.
int dedupe_add(struct dedupe *dedupe, int64_t now_us, const struct dedupe_request *request,
	const char *answer);

void dedupe_clear(struct dedupe *dedupe);

#endif
