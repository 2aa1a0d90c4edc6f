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

int text_mend(const char *name, const char *text, struct problems *problems, char **ret_mended)
{
	struct text_fault fault;
	char *mended = NULL;
	int line = 0;

	*ret_mended = NULL;
	for (int i = 0; text_find_fault(mended ? mended : text, &fault) < 0; i++) {
		char *next = NULL;

		if (fault.line > line)
			problems_add_at(problems, name, fault.line, fault.column, "%s", fault.text);
		line = fault.line;
		if (fault.remedy.from && i < REMEDIES_MAX)
			next = apply(mended ? mended : text, &fault.remedy);
		free(mended);
		if (!next)
			return -EINVAL;
		mended = next;
	}
	*ret_mended = mended;
	return mended ? -EINVAL : 0;
}
