// SPDX-License-Identifier: MIT
#include "control/dedupe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool key_is(const char *key, const struct dedupe_request *request)
{
	size_t n = strlen(request->verb);

	return !strncmp(key, request->verb, n) && key[n] == '/' &&
		!strcmp(key + n + 1, request->id);
}

static bool slot_is(const struct dedupe *dedupe, unsigned at, const struct dedupe_request *request)
{
	return key_is(dedupe->slot[at].key, request) && dedupe->slot[at].size == request->size &&
		!memcmp(dedupe->slot[at].payload, request->payload, request->size);
}

const char *dedupe_find(const struct dedupe *dedupe, int64_t now_us,
	const struct dedupe_request *request)
{
	for (unsigned i = 1; i <= DEDUPE_DEPTH; i++) { // the newest first
		unsigned at = (dedupe->next + DEDUPE_DEPTH - i) % DEDUPE_DEPTH;

		if (!dedupe->slot[at].answer || now_us >= dedupe->slot[at].until_us)
			return NULL; // and so are those that are older
		if (slot_is(dedupe, at, request))
			return dedupe->slot[at].answer;
	}
	return NULL;
}

static void forget(struct dedupe *dedupe, unsigned at)
{
	free(dedupe->slot[at].key);
	free(dedupe->slot[at].payload);
	free(dedupe->slot[at].answer);
}

int dedupe_add(struct dedupe *dedupe, int64_t now_us, const struct dedupe_request *request,
	const char *answer)
{
	unsigned at = dedupe->next;
	char *copy = strdup(answer), *key = NULL;
	void *payload = malloc(request->size + 1); // an empty one, too

	if (!copy || !payload || asprintf(&key, "%s/%s", request->verb, request->id) < 0) {
		free(copy);
		free(payload);
		return -ENOMEM;
	}
	memcpy(payload, request->payload, request->size);
	forget(dedupe, at);
	dedupe->slot[at].until_us = now_us + DEDUPE_AGE_US;
	dedupe->slot[at].key = key;
	dedupe->slot[at].payload = payload;
	dedupe->slot[at].size = request->size;
	dedupe->slot[at].answer = copy;
	dedupe->next = (at + 1) % DEDUPE_DEPTH;
	return 0;
}

void dedupe_clear(struct dedupe *dedupe)
{
	for (unsigned i = 0; i < DEDUPE_DEPTH; i++)
		forget(dedupe, i);
	*dedupe = (struct dedupe){ 0 };
}
