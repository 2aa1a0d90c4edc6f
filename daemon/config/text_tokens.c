// SPDX-License-Identifier: MIT
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/text.h"

#define REMEDIES_MAX 100 // each takes a pass over the text

// A copy with one remedy, or NULL without memory.
static char *apply(const char *text, const struct text_remedy *remedy)
{
	char *mended;

	if (asprintf(&mended, "%.*s%s%.*s%s%s", (int)(remedy->from - text), text, remedy->before,
		    remedy->kept_from ? (int)(remedy->kept_to - remedy->kept_from) : 0,
		    remedy->kept_from ? remedy->kept_from : "", remedy->behind, remedy->to) < 0)
		return NULL;
	return mended;
}

int text_tokens(const char *name, const char *text, struct problems *problems, char **ret_tokens)
{
	text_auto *mended = NULL;
	text_auto *tokens = NULL;
	struct text_fault fault;
	int line = 0, r;

	*ret_tokens = NULL;
	for (int i = 0; (r = text_find_fault(mended ? mended : text, &tokens, &fault)) == -EINVAL;
		i++) {
		text_auto *faulty = mended;

		if (fault.line > line)
			problems_add_at(problems, name, fault.line, fault.column, "%s", fault.text);
		line = fault.line;
		mended = fault.remedy.from && i < REMEDIES_MAX
			? apply(mended ? mended : text, &fault.remedy)
			: NULL;
		if (!mended)
			return -EINVAL;
		free(tokens);
	}
	if (r < 0)
		return r;
	*ret_tokens = tokens;
	tokens = NULL;
	return mended ? -EINVAL : 0;
}
