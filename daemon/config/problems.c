// SPDX-License-Identifier: MIT
#include "config/problems.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/utf8.h"

#define PROBLEM_TEXT_MAX 1000 // the seconds of each of 128 steps

static void problem_clear(struct problem *problem)
{
	free(problem->file);
	free(problem->path);
	free(problem->text);
}

// Problems quote untrusted text and are written to terminals, journals and JSON.
static void clean(char *text)
{
	while (*text) {
		size_t length = utf8_printable(text);

		if (length == 0)
			*text = '?';
		text += length ? length : 1;
	}
}

static void add(struct problems *problems, struct problem problem, const char *file,
	const char *path, const char *format, va_list args)
{
	struct problem *list = problems->list;
	char text[PROBLEM_TEXT_MAX];

	if (problems->n == PROBLEMS_MAX) {
		problems->dropped++;
		return;
	}
	vsnprintf(text, sizeof(text), format, args);
	utf8_drop_incomplete(text);
	clean(text);

	problem.file = strdup(file);
	problem.path = strdup(path);
	problem.text = strdup(text);
	if (!list)
		problems->list = list = malloc(PROBLEMS_MAX * sizeof(*list));
	if (!problem.file || !problem.path || !problem.text || !list) {
		problem_clear(&problem);
		problems->dropped++;
		return;
	}
	list[problems->n++] = problem;
}

void problems_add(struct problems *problems, const char *file, int line, const char *path,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, (struct problem){ .line = line }, file, path, format, args);
	va_end(args);
}

void problems_add_like(struct problems *problems, struct problem like, const char *file,
	const char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, like, file, path, format, args);
	va_end(args);
}

void problems_add_at(struct problems *problems, const char *file, int line, int column,
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(problems, (struct problem){ .line = line, .column = column }, file, "", format, args);
	va_end(args);
}

size_t problems_count(const struct problems *problems)
{
	return problems->n + problems->dropped;
}

size_t problems_errors(const struct problems *problems)
{
	size_t n = problems->dropped;

	for (size_t i = 0; i < problems->n; i++)
		n += !problems->list[i].advice;
	return n;
}

int problem_format(const struct problem *problem, char *buf, size_t size)
{
	char place[32] = "";

	if (problem->line && problem->column)
		snprintf(place, sizeof(place), ":%d:%d", problem->line, problem->column);
	else if (problem->line)
		snprintf(place, sizeof(place), ":%d", problem->line);
	return snprintf(buf, size, "%s%s: %s%s%s%s", problem->file, place,
		problem->advice ? "warning: " : "", problem->path, problem->path[0] ? ": " : "",
		problem->text);
}

void problem_format_short(const struct problem *problem, char *buf, size_t size)
{
	const char *slash = strrchr(problem->file, '/');
	struct problem near = *problem;

	if (slash)
		near.file = (char *)slash + 1;
	problem_format(&near, buf, size);
	utf8_drop_incomplete(buf);
}

void problems_report(const struct problems *problems, void (*report)(void *data, const char *line),
	void *data)
{
	char line[PROBLEM_LINE_MAX];

	for (size_t i = 0; i < problems->n; i++) {
		problem_format(&problems->list[i], line, sizeof(line));
		report(data, line);
	}
	if (problems->dropped) {
		snprintf(line, sizeof(line), "and %zu more problems", problems->dropped);
		report(data, line);
	}
}

void problems_clear(struct problems *problems)
{
	for (size_t i = 0; i < problems->n; i++)
		problem_clear(&problems->list[i]);
	free(problems->list);
	*problems = (struct problems){ 0 };
}

void problems_drop_advice(struct problems *problems)
{
	size_t n = 0;

	for (size_t i = 0; i < problems->n; i++) {
		if (problems->list[i].advice)
			problem_clear(&problems->list[i]);
		else
			problems->list[n++] = problems->list[i];
	}
	problems->n = n;
}

void problems_move(struct problems *problems, struct problems *from)
{
	size_t n = 0;

	if (!problems->list && from->n) {
		problems->list = from->list;
		problems->n = from->n;
		from->list = NULL;
	} else {
		for (; n < from->n && problems->n < PROBLEMS_MAX; n++)
			problems->list[problems->n++] = from->list[n];
		problems->dropped += from->n - n;
		for (; n < from->n; n++)
			problem_clear(&from->list[n]);
	}
	problems->dropped += from->dropped;
	free(from->list);
	*from = (struct problems){ 0 };
}
