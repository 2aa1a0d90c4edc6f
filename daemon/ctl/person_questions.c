// SPDX-License-Identifier: MIT
#include "ctl/person_questions.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "ctl/terminal.h"

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

// The answer without blanks around it. False at the end of the input.
static bool ask_text(const char *question, char *ret_answer, size_t size)
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

struct number_question {
	const char *text, *unit;
	double min, max, fallback; // of an empty answer; NAN: there must be one
};

static bool ask_line(const struct number_question *question, char *ret_answer, size_t size)
{
	char text[200], fallback[40] = "";

	if (!isnan(question->fallback))
		snprintf(fallback, sizeof(fallback), " (%g)", question->fallback);
	snprintf(text, sizeof(text), "%s, %g ... %g %s%s: ", question->text, question->min,
		question->max, question->unit, fallback);
	return ask_text(text, ret_answer, size);
}

static bool ask_number(const struct number_question *question, double *number)
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
				printf("  %s is out of range (%g ... %g %s)\n", answer,
					question->min, question->max, question->unit);
		}
	}
	return true;
}

static void print_regions(void)
{
	struct terminal terminal = terminal_detect(stdout);
	char line[600] = "  regions: all";

	for (int i = 0; i < REGION_COUNT; i++) {
		size_t n = strlen(line);

		if (region_ceiling((enum region)i).peak_n > 0) // the others are never pressed
			snprintf(line + n, sizeof(line) - n, ", %s", region_name((enum region)i));
	}
	strcat(line, "\n");
	terminal_wrap(stdout, &terminal, 4, line);
	printf("  points: chairctl atlas lists them\n");
}

// Closings until an empty answer.
static bool ask_closings(struct person_entry *entry, const struct atlas *atlas)
{
	char fault[PERSON_FAULT_SIZE];

	while (entry->n_closings < PERSON_CLOSINGS_MAX) {
		struct person_entry_closing *closing = &entry->closings[entry->n_closings];

		if (!ask_text("What must not be pressed: regions or points, with commas between "
			      "them (nothing; ? lists): ",
			    closing->places, sizeof(closing->places)))
			return false;
		if (!*closing->places)
			return true;
		if (!strcmp(closing->places, "?")) {
			print_regions();
			continue;
		}
		if (!person_entry_check_places(atlas, closing->places, fault)) {
			printf("  %s\n", fault);
			continue;
		}
		do {
			if (!ask_text("  because of, as it will be shown: ", closing->reason,
				    sizeof(closing->reason)))
				return false;
		} while (!*closing->reason);
		entry->n_closings++;
	}
	return true;
}

bool person_questions_ask(struct person_entry *entry, const struct atlas *atlas)
{
	const struct number_question height = { "Height", "cm", PERSON_HEIGHT_MIN_CM,
		PERSON_HEIGHT_MAX_CM, NAN };
	const struct number_question offset = {
		"Shoulders above the seat, against others of that height", "mm",
		-PERSON_OFFSET_MAX_MM, PERSON_OFFSET_MAX_MM, 0
	};
	const struct number_question ceiling = { "Highest intensity", "%", 0, 100, 100 };

	return ask_number(&height, &entry->height_cm) &&
		ask_number(&offset, &entry->shoulder_offset_mm) &&
		ask_number(&ceiling, &entry->ceiling_percent) &&
		(entry->n_closings || ask_closings(entry, atlas));
}
