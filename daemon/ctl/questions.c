// SPDX-License-Identifier: MIT
#include "ctl/questions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "core/number.h"

#define BLANKS " \t"

static void skip_line(void)
{
	int c;

	do
		c = getchar();
	while (c != '\n' && c != EOF);
}

static void trim(char *text)
{
	size_t skipped = strspn(text, BLANKS), n = strcspn(text + skipped, "\n");

	memmove(text, text + skipped, n);
	while (n && strchr(BLANKS, text[n - 1]))
		n--;
	text[n] = '\0';
}

bool ask_text(const char *question, char *ret_answer, size_t size)
{
	for (;;) {
		fputs(question, stdout);
		fflush(stdout);
		if (!fgets(ret_answer, (int)size, stdin)) {
			putchar('\n');
			return false;
		}
		if (strchr(ret_answer, '\n') || feof(stdin))
			break;
		skip_line();
		printf("  that is too long (at most %zu bytes)\n", size - 2);
	}
	trim(ret_answer);
	return true;
}

static bool ask_line(const struct number_question *question, char *ret_answer, size_t size)
{
	char text[200], fallback[40] = "";

	if (!isnan(question->fallback))
		snprintf(fallback, sizeof(fallback), " (%g)", question->fallback);
	snprintf(text, sizeof(text), "%s, %g ... %g%s%s%s: ", question->text, question->min,
		question->max, *question->unit ? " " : "", question->unit, fallback);
	return ask_text(text, ret_answer, size);
}

bool ask_number(const struct number_question *question, double *number)
{
	char answer[64], fault[NUMBER_FAULT_SIZE];

	while (isnan(*number)) {
		if (!ask_line(question, answer, sizeof(answer)))
			return false;
		if (!*answer && !isnan(question->fallback)) {
			*number = question->fallback;
		} else if (!number_check(answer, strlen(answer), fault)) {
			printf("  %s\n", *answer ? fault : "a number is needed");
		} else {
			double value = strtod(answer, NULL);

			if (value >= question->min && value <= question->max)
				*number = value;
			else
				printf("  %s is out of range (%g ... %g%s%s)\n", answer,
					question->min, question->max, *question->unit ? " " : "",
					question->unit);
		}
	}
	return true;
}

bool ask_yes(const char *question, bool *ret_yes)
{
	char answer[16];

	tcflush(STDIN_FILENO, TCIFLUSH); // of a terminal: keys that were pressed too early
	for (;;) {
		if (!ask_text(question, answer, sizeof(answer)))
			return false;
		*ret_yes = !strcmp(answer, "yes");
		if (*ret_yes || !strcmp(answer, "no"))
			return true;
		printf("  type the word yes or no\n");
	}
}
