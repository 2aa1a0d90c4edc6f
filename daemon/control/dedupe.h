// SPDX-License-Identifier: MIT
//
// The last 256 requests that acted, by verb and id, with the first answer to each. Pure.
//
// A request that comes again (a client that retries, a broker that delivers twice) gets the same
// answer and acts no second time.
#ifndef CHAIRD_CONTROL_DEDUPE_H
#define CHAIRD_CONTROL_DEDUPE_H

#define DEDUPE_DEPTH 256

struct dedupe {
	struct {
		char *key;
		char *answer;
	} slot[DEDUPE_DEPTH];
	unsigned next; // the slot that is overwritten next
};

// The first answer to a request with this verb and id, or NULL. Valid until the next add.
const char *dedupe_find(const struct dedupe *dedupe, const char *verb, const char *id);

// Remember an answer; forgets the oldest. Both strings are copied. -ENOMEM: nothing changed.
int dedupe_add(struct dedupe *dedupe, const char *verb, const char *id, const char *answer);

void dedupe_clear(struct dedupe *dedupe);

#endif
