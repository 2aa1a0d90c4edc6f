// SPDX-License-Identifier: MIT
#include "control/dedupe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool key_is(const char *key, const char *verb, const char *id)
{
	size_t n = strlen(verb);

	return key && !strncmp(key, verb, n) && key[n] == '/' && !strcmp(key + n + 1, id);
}

const char *dedupe_find(const struct dedupe *dedupe, const char *verb, const char *id)
{
	for (int i = 0; i < DEDUPE_DEPTH; i++) {
		if (key_is(dedupe->slot[i].key, verb, id))
			return dedupe->slot[i].answer;
	}
	return NULL;
}

int dedupe_add(struct dedupe *dedupe, const char *verb, const char *id, const char *answer)
{
	unsigned at = dedupe->next;
	char *copy = strdup(answer);
	char *key;

	if (!copy)
		return -ENOMEM;
	if (asprintf(&key, "%s/%s", verb, id) < 0) {
		free(copy);
		return -ENOMEM;
	}
	free(dedupe->slot[at].key);
	free(dedupe->slot[at].answer);
	dedupe->slot[at].key = key;
	dedupe->slot[at].answer = copy;
	dedupe->next = (at + 1) % DEDUPE_DEPTH;
	return 0;
}

void dedupe_clear(struct dedupe *dedupe)
{
	for (int i = 0; i < DEDUPE_DEPTH; i++) {
		free(dedupe->slot[i].key);
		free(dedupe->slot[i].answer);
	}
	*dedupe = (struct dedupe){ 0 };
}
