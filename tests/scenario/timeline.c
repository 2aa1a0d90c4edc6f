// SPDX-License-Identifier: MIT
#include "timeline.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void timeline_add(struct timeline *timeline, int64_t t_us, const char *format, ...)
{
	va_list args;

	if (timeline->n == timeline->capacity) {
		timeline->capacity = timeline->capacity ? 2 * timeline->capacity : 64;
		timeline->list = realloc(timeline->list,
			timeline->capacity * sizeof(*timeline->list));
		if (!timeline->list)
			abort();
	}
	struct moment *moment = &timeline->list[timeline->n];

	moment->t_us = t_us;
	moment->order = timeline->n++;
	va_start(args, format);
	vsnprintf(moment->text, sizeof(moment->text), format, args);
	va_end(args);
}

static int by_time(const void *a, const void *b)
{
	const struct moment *p = a, *q = b;

	if (p->t_us != q->t_us)
		return p->t_us < q->t_us ? -1 : 1;
	return (p->order > q->order) - (p->order < q->order);
}

void timeline_sort(struct timeline *timeline)
{
	if (timeline->n)
		qsort(timeline->list, timeline->n, sizeof(*timeline->list), by_time);
}

void timeline_clear(struct timeline *timeline)
{
	free(timeline->list);
	*timeline = (struct timeline){ 0 };
}

const struct moment *timeline_find(const struct timeline *timeline, const char *words,
	int64_t from_us, int64_t to_us)
{
	size_t length = strlen(words);

	for (size_t i = 0; i < timeline->n; i++) {
		const struct moment *moment = &timeline->list[i];

		if (moment->t_us >= from_us && moment->t_us <= to_us &&
			!strncmp(moment->text, words, length) &&
			(moment->text[length] == '\0' || moment->text[length] == ' '))
			return moment;
	}
	return NULL;
}

void timeline_print(const struct timeline *timeline, FILE *out)
{
	for (size_t i = 0; i < timeline->n; i++)
		fprintf(out, "%10.3f  %s\n", timeline->list[i].t_us / 1e6, timeline->list[i].text);
}

static bool starts_number(const char *text)
{
	return isdigit((unsigned char)text[text[0] == '-']);
}

bool timeline_text_alike(const char *a, const char *b)
{
	while (*a && *b) {
		if (isspace((unsigned char)*a) && isspace((unsigned char)*b)) {
			a += strspn(a, " ");
			b += strspn(b, " ");
			if (*a != *b && !(starts_number(a) && starts_number(b)))
				return false;
			if (*a == '\n') {
				a++;
				b++;
			}
		} else if (starts_number(a) && starts_number(b)) {
			char *a_end, *b_end;
			double x = strtod(a, &a_end), y = strtod(b, &b_end);

			if (fabs(x - y) > 0.05 + 0.02 * fabs(y))
				return false;
			a = a_end;
			b = b_end;
		} else if (*a++ != *b++) {
			return false;
		}
	}
	return *a == *b;
}
