// SPDX-License-Identifier: MIT
#include "page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define EXAMPLES_MAX 100
#define PROMPT       "$ "

static char *append(char *text, const char *more)
{
	char *longer = realloc(text, (text ? strlen(text) : 0) + strlen(more) + 1);

	assert_non_null(longer);
	if (!text)
		longer[0] = '\0';
	return strcat(longer, more);
}

static bool continues(const char *command)
{
	size_t n = command ? strlen(command) : 0;

	return n >= 2 && !strcmp(command + n - 2, "\\\n");
}

static struct example *begin(struct example **examples, size_t *n, int line)
{
	struct example *example = calloc(1, sizeof(*example));

	assert_non_null(example);
	assert_in_range(*n, 0, EXAMPLES_MAX - 2);
	example->line = line;
	example->output = append(NULL, "");
	examples[(*n)++] = example;
	return example;
}

struct example **page_examples(const char *file)
{
	struct example **examples = calloc(EXAMPLES_MAX, sizeof(*examples)), *example = NULL;
	size_t n = 0, capacity = 0;
	FILE *page = fopen(file, "re");
	char *line = NULL;
	bool literal = false;

	assert_non_null(examples);
	assert_non_null(page);
	for (int number = 1; getline(&line, &capacity, page) > 0; number++) {
		if (!strcmp(line, "```\n")) {
			literal = !literal;
			example = NULL;
		} else if (literal && !strncmp(line, PROMPT, strlen(PROMPT))) {
			example = begin(examples, &n, number);
			example->command = append(NULL, line + strlen(PROMPT));
		} else if (literal && !example) {
			fail_msg("%s:%d: no command", file, number);
		} else if (literal && continues(example->command)) {
			example->command = append(example->command, line);
		} else if (literal) {
			example->output = append(example->output, line);
		}
	}
	assert_false(literal);
	free(line);
	fclose(page);
	return examples;
}

void page_examples_free(struct example **examples)
{
	for (size_t i = 0; examples[i]; i++) {
		free(examples[i]->command);
		free(examples[i]->output);
		free(examples[i]);
	}
	free(examples);
}
