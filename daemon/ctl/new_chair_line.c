// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/new_chair.h"
#include "ctl/questions.h"

#define LOW " low"

static bool is_offset(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && atoi(text) <= LINE_OFFSET_MAX;
}

// "GPIO17", "mcp23017:3", "/dev/relays:3"; an output with " low" behind is active at that level.
static const char *parse(const struct new_chair *wizard, char *text, struct line *line)
{
	bool output = line_role_is_output(line->role);
	size_t n = strlen(text);
	char *colon;

	if (n > strlen(LOW) && !strcmp(text + n - strlen(LOW), LOW)) {
		if (!output || line->role == ROLE_VENT)
			return "only an output can be active at low";
		if (wizard->chair.enable < 0)
			return "without a charge pump an output must be active at high: take "
			       "another driver";
		line->active_low = true;
		text[n - strlen(LOW)] = '\0';
	}
	if (strpbrk(text, " \"\\"))
		return "a line is GPIO17, or CHIP:OFFSET, as chairctl lines shows them";
	colon = strrchr(text, ':');
	if (colon && is_offset(colon + 1) && colon - text < LINE_CHIP_SIZE) {
		*colon = '\0';
		line_set_place(line, text, atoi(colon + 1));
	} else if (strlen(text) < NAME_SIZE && !colon &&
		strspn(text, "0123456789") < strlen(text)) {
		snprintf(line->name, sizeof(line->name), "%s", text);
	} else {
		return "a line is GPIO17, or CHIP:OFFSET, as chairctl lines shows them";
	}
	if (chair_find_line(&wizard->chair, line->name) >= 0)
		return "that line is used already";
	return NULL;
}

// A contact closes to ground; that of a thermal cut-out is open when it is too hot.
static struct line line_of(enum line_role role, int actuator)
{
	bool input = !line_role_is_output(role);

	return (struct line){ .role = role,
		.actuator = actuator,
		.active_low = (input && role != ROLE_CUTOUT) || role == ROLE_VENT,
		.safe_level = role == ROLE_VENT,
		.bias = input ? BIAS_PULL_UP : BIAS_AS_IS };
}

enum new_chair_answer new_chair_ask_line(struct new_chair *wizard, const char *question,
	bool required, enum line_role role, int actuator, int *ret_line)
{
	struct chair *chair = &wizard->chair;
	char text[LINE_CHIP_SIZE + 16];
	struct line line;
	const char *why;

	for (;;) {
		if (!ask_text(question, text, sizeof(text)))
			return NEW_CHAIR_END;
		if (!*text && !required)
			return NEW_CHAIR_NOTHING;
		line = line_of(role, actuator);
		why = chair->n_lines == CHAIR_LINES_MAX ? "a chair has no more lines"
			: *text                         ? parse(wizard, text, &line)
							: "it needs one";
		if (!why)
			break;
		printf("  %s\n", why);
	}
	*ret_line = (int)chair->n_lines;
	chair->lines[chair->n_lines++] = line;
	return NEW_CHAIR_ADDED;
}

void new_chair_put_line(FILE *file, const struct line *line, const char *more)
{
	if (line->chip[0])
		fprintf(file, "{ chip = \"%s\"; offset = %d;", line->chip, line->offset);
	else
		fprintf(file, "{ line = \"%s\";", line->name);
	fprintf(file, "%s%s%s%s }", line->active_low ? " active_low = true;" : "",
		line->bias == BIAS_PULL_UP ? " bias = \"pull-up\";" : "",
		line->safe_level ? " safe = \"active\";" : "", more);
}
