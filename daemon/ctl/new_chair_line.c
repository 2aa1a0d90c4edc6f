// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/new_chair.h"
#include "ctl/questions.h"

#define LOW     " low"
#define CHANNEL ":pwm"

static bool is_offset(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text) && atoi(text) <= LINE_OFFSET_MAX;
}

// "fe20c000.pwm:pwm0", of kernel PWM.
static bool is_channel(const char *text)
{
	const char *colon = strrchr(text, ':');
	const char *number = colon && !strncmp(colon, CHANNEL, strlen(CHANNEL))
		? colon + strlen(CHANNEL)
		: "";

	return *number && strspn(number, "0123456789") == strlen(number) &&
		atoi(number) <= LINE_CHANNEL_MAX && colon - text < LINE_CHIP_SIZE;
}

static const char *parse_channel(const struct new_chair *wizard, char *text, struct line *line)
{
	char *colon = strrchr(text, ':');
	const char *slash = strrchr(text, '/');

	if (line->role != ROLE_PWM)
		return "a channel of kernel PWM is for pwm alone";
	if (wizard->chair.enable < 0)
		return "without a charge pump kernel PWM drives no motor: it goes on when the "
		       "program that set it has died";
	if (!strncmp(slash ? slash + 1 : text, "pwmchip", strlen("pwmchip")))
		return "that may be another chip after the next start: write the name of its "
		       "device, which chairctl lines shows in brackets";
	*colon = '\0';
	line_set_channel(line, text, atoi(colon + strlen(CHANNEL)), LINE_CHANNEL_HZ);
	return NULL;
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
	if (is_channel(text)) {
		const char *why = line->active_low ? "a channel is low without drive"
						   : parse_channel(wizard, text, line);

		if (why)
			return why;
	} else if (colon && is_offset(colon + 1) && colon - text < LINE_CHIP_SIZE) {
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

static bool ask_frequency(struct line *line)
{
	const struct number_question question = { "  hz, frequency of the channel", "Hz",
		LINE_CHANNEL_HZ_MIN, LINE_CHANNEL_HZ_MAX, LINE_CHANNEL_HZ };
	double hz = NAN;

	if (!ask_number(&question, &hz))
		return false;
	line->channel_hz = (uint16_t)lrint(hz);
	return true;
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
	if (line.channel_hz && !ask_frequency(&line))
		return NEW_CHAIR_END;
	*ret_line = (int)chair->n_lines;
	chair->lines[chair->n_lines++] = line;
	return NEW_CHAIR_ADDED;
}

void new_chair_put_line(FILE *file, const struct line *line, const char *more)
{
	if (line->channel_hz)
		fprintf(file, "{ chip = \"%s\"; channel = %d; hz = %d;", line->chip, line->offset,
			line->channel_hz);
	else if (line->chip[0])
		fprintf(file, "{ chip = \"%s\"; offset = %d;", line->chip, line->offset);
	else
		fprintf(file, "{ line = \"%s\";", line->name);
	fprintf(file, "%s%s%s%s }", line->active_low ? " active_low = true;" : "",
		line->bias == BIAS_PULL_UP ? " bias = \"pull-up\";" : "",
		line->safe_level ? " safe = \"active\";" : "", more);
}
