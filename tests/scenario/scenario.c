// SPDX-License-Identifier: MIT
#include "scenario.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checker/trace_check.h"

// "250ms", "8s" or "8".
static bool parse_time(const char *text, int64_t *ret_us)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || value < 0)
		return false;
	if (!strcmp(end, "ms"))
		*ret_us = (int64_t)(value * 1e3 + 0.5);
	else if (!strcmp(end, "s") || !*end)
		*ret_us = (int64_t)(value * 1e6 + 0.5);
	else
		return false;
	return true;
}

static const char *rest_of(const char *text)
{
	return text + strspn(text, " \t");
}

static bool read_action(struct scenario *scenario, int line, const char *text, bool on_phase)
{
	struct scenario_action *action = &scenario->actions[scenario->n_actions];
	char when[32], phase[24] = "";
	int used = 0, occurrence = 1;

	if (scenario->n_actions == SCENARIO_LINES_MAX)
		return false;
	if (on_phase ? sscanf(text, "%23[a-z-]%n", phase, &used) != 1 : false)
		return false;
	text += used;
	if (*text == '#')
		occurrence = (int)strtol(text + 1, (char **)&text, 10);
	text = rest_of(text);
	if (on_phase && *text++ != '+')
		return false;
	if (sscanf(text, "%31s%n", when, &used) != 1 || !parse_time(when, &action->delay_us))
		return false;
	action->line = line;
	action->occurrence = occurrence;
	snprintf(action->phase, sizeof(action->phase), "%s", phase);
	snprintf(action->verb, sizeof(action->verb), "%s", rest_of(text + used));
	scenario->n_actions++;
	return action->verb[0] != '\0';
}

static bool read_expectation(struct scenario *scenario, int line, const char *text)
{
	struct scenario_expectation *expectation =
		&scenario->expectations[scenario->n_expectations];
	static const char never[] = "never ", within[] = " within ";

	if (scenario->n_expectations == SCENARIO_LINES_MAX)
		return false;
	expectation->line = line;
	expectation->action = (int)scenario->n_actions - 1;
	expectation->never = !strncmp(text, never, strlen(never));
	if (expectation->never)
		text += strlen(never);
	snprintf(expectation->words, sizeof(expectation->words), "%s", text);
	char *bound = strstr(expectation->words, within);

	expectation->within_us = INT64_MAX / 2;
	if (bound && !parse_time(bound + strlen(within), &expectation->within_us))
		return false;
	if (bound)
		*bound = '\0';
	scenario->n_expectations++;
	return expectation->words[0] != '\0';
}

static bool read_window(struct scenario *scenario, const char *text)
{
	struct scenario_window *window = &scenario->windows[scenario->n_windows];

	if (scenario->n_windows == SCENARIO_LINES_MAX || !scenario->n_actions)
		return false;
	window->action = (int)scenario->n_actions - 1;
	scenario->n_windows++;
	return parse_time(text, &window->length_us);
}

// A name is a shipped file; a name with a dot is a file in the scenario's folder.
static void read_file_name(const struct scenario *scenario, const char *folder, const char *text,
	char ret_path[300])
{
	if (strchr(text, '.'))
		snprintf(ret_path, 300, "%s/%s", scenario->dir, text);
	else
		snprintf(ret_path, 300, "%s/%s.cfg", folder, text);
}

static bool read_line(struct scenario *scenario, int line, char *text)
{
	char word[16];
	int used;

	text[strcspn(text, "\n")] = '\0';
	char *end = text + strlen(text);

	while (end > text && strchr(" \t", end[-1]))
		*--end = '\0';
	if (sscanf(text, "%15s%n", word, &used) != 1 || word[0] == '#')
		return true; // nothing in it
	text = (char *)rest_of(text + used);
	if (!strcmp(word, "chair")) {
		read_file_name(scenario, "profiles/chairs", text, scenario->chair);
	} else if (!strcmp(word, "profile")) {
		snprintf(scenario->profile, sizeof(scenario->profile), "%s", text);
		read_file_name(scenario, "profiles/sessions", text, scenario->profile_file);
	} else if (!strcmp(word, "seed")) {
		scenario->seed = strtoull(text, NULL, 0);
	} else if (!strcmp(word, "seat")) {
		scenario->empty_seat = !strcmp(text, "empty");
	} else if (!strcmp(word, "frame-delay")) {
		return parse_time(text, &scenario->frame_delay_us);
	} else if (!strcmp(word, "tolerance")) {
		return parse_time(text, &scenario->tolerance_us);
	} else if (!strcmp(word, "until")) {
		return parse_time(text, &scenario->until_us);
	} else if (!strcmp(word, "at") || !strcmp(word, "on")) {
		return read_action(scenario, line, text, word[0] == 'o');
	} else if (!strcmp(word, "expect")) {
		return read_expectation(scenario, line, text);
	} else if (!strcmp(word, "show")) {
		return read_window(scenario, text);
	} else {
		return false;
	}
	return true;
}

int scenario_load(const char *dir, struct scenario *ret_scenario)
{
	struct scenario scenario = { .seed = 1, .tolerance_us = TRACE_TOLERANCE_US };
	char path[300], *text = NULL;
	size_t size = 0;
	int error = 0;

	snprintf(scenario.dir, sizeof(scenario.dir), "%s", dir);
	snprintf(path, sizeof(path), "%s/input", dir);
	FILE *file = fopen(path, "re");

	if (!file) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -EINVAL;
	}
	for (int line = 1; getline(&text, &size, file) > 0; line++) {
		if (!read_line(&scenario, line, text)) {
			fprintf(stderr, "%s:%d: cannot parse this line\n", path, line);
			error = -EINVAL;
		}
	}
	fclose(file);
	free(text);
	if (!error && (!scenario.chair[0] || !scenario.until_us)) {
		fprintf(stderr, "%s: `chair` and `until` are needed\n", path);
		error = -EINVAL;
	}
	if (!error)
		*ret_scenario = scenario;
	return error;
}
