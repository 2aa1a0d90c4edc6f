// SPDX-License-Identifier: MIT
#include "ctl/new_chair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/questions.h"

void new_chair_init(struct new_chair *wizard, bool moving)
{
	*wizard = (struct new_chair){ .moving = moving };
	wizard->chair.estop = wizard->chair.seat = wizard->chair.reset = wizard->chair.enable = -1;
}

void new_chair_clear(struct new_chair *wizard)
{
	for (size_t i = 0; i < CHAIR_ACTUATORS_MAX; i++) {
		free(wizard->actuators[i]);
		free(wizard->reaches[i]);
	}
	for (size_t i = 0; i < CHAIR_BUTTONS_MAX; i++)
		free(wizard->buttons[i]);
	for (size_t i = 0; i < CHAIR_GROUPS_MAX; i++)
		free(wizard->groups[i]);
}

static bool ask_word(const char *question, const char *allowed, const char *refused, char *ret_word,
	size_t size)
{
	for (;;) {
		if (!ask_text(question, ret_word, size))
			return false;
		if (*ret_word &&
			(allowed ? !ret_word[strspn(ret_word, allowed)]
				 : !strpbrk(ret_word, "\"\\")))
			return true;
		printf("  %s\n", refused);
	}
}

static bool ask_chair(struct new_chair *wizard)
{
	static const struct {
		const char *question;
		enum line_role role;
		bool required;
		size_t place;
	} lines[] = {
		{ "Emergency stop's second contact, line (GPIO17, or mcp23017:3): ", ROLE_ESTOP,
			true, offsetof(struct chair, estop) },
		{ "Seat contact, closed while somebody sits, line: ", ROLE_SEAT, true,
			offsetof(struct chair, seat) },
		{ "Reset button, line (nothing: none): ", ROLE_RESET, false,
			offsetof(struct chair, reset) },
		{ "Charge pump of the motors' relay, line (nothing: none): ", ROLE_ENABLE, false,
			offsetof(struct chair, enable) },
	};
	const struct number_question supply = { "Current of the motors' supply", "mA", 100, 50000,
		NAN };
	struct chair *chair = &wizard->chair;
	double current_ma = NAN;

	if (!ask_word("Id of the chair, for its topics: ", "abcdefghijklmnopqrstuvwxyz0123456789_-",
		    "only a-z 0-9 _ -", chair->id, sizeof(chair->id)) ||
		!ask_word("Its name for people: ", NULL, "without \" and \\", chair->model,
			sizeof(chair->model)) ||
		!ask_number(&supply, &current_ma))
		return false;
	chair->current_max_ma = (int)current_ma;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (new_chair_ask_line(wizard, lines[i].question, lines[i].required, lines[i].role,
			    -1, (int *)((char *)chair + lines[i].place)) == NEW_CHAIR_END)
			return false;
	}
	return true;
}

static enum new_chair_answer ask_button(struct new_chair *wizard, size_t index)
{
	struct chair *chair = &wizard->chair;
	char does[BUTTON_TEXT_SIZE], more[BUTTON_TEXT_SIZE + 20];
	enum new_chair_answer answer;
	size_t size;
	FILE *file;
	int line;

	answer = new_chair_ask_line(wizard,
		"\nButton in the person's reach, to ground, line (nothing: no more): ", false,
		ROLE_BUTTON, -1, &line);
	if (answer != NEW_CHAIR_ADDED)
		return answer;
	if (!ask_word("  does (stop, pause, resume, less, eased, more, skip, start PROFILE, "
		      "recline NAME + or -, extension NAME + or -): ",
		    NULL, "one of them", does, sizeof(does)))
		return NEW_CHAIR_END;
	file = open_memstream(&wizard->buttons[index], &size);
	if (!file)
		return NEW_CHAIR_END;
	chair->lines[line].active_low = strcmp(does, "stop") != 0; // that one normally closed
	snprintf(more, sizeof(more), " does = \"%s\";", does);
	new_chair_put_line(file, &chair->lines[line], more);
	fclose(file);
	if (new_chair_check(wizard))
		return NEW_CHAIR_ADDED;
	printf("  that cannot be: this button is forgotten\n");
	free(wizard->buttons[index]);
	wizard->buttons[index] = NULL;
	chair->n_lines--;
	return NEW_CHAIR_ADDED;
}

static bool ask_buttons(struct new_chair *wizard)
{
	enum new_chair_answer answer = NEW_CHAIR_ADDED;
	size_t n = 0;

	printf("\nButtons: the stop button first, normally closed; the others close when "
	       "pressed.\n");
	while (answer == NEW_CHAIR_ADDED && n < CHAIR_BUTTONS_MAX) {
		answer = ask_button(wizard, n);
		n += wizard->buttons[n] != NULL;
	}
	return answer != NEW_CHAIR_END;
}

// "carriage, back": as an element of the list `exclusive`; NULL, with a text for people, if it is
// none.
static char *parse_group(const struct chair *chair, char *names)
{
	char *text = NULL, *rest = NULL;
	size_t size, n = 0;
	FILE *file = open_memstream(&text, &size);
	const char *unknown = NULL;

	for (char *name = strtok_r(names, ", ", &rest); name && !unknown;
		name = strtok_r(NULL, ", ", &rest)) {
		if (chair_find_actuator(chair, name) < 0)
			unknown = name;
		fprintf(file, "%s\"%s\"", n++ ? ", " : "[ ", name);
	}
	fputs(" ]", file);
	fclose(file);
	if (!unknown && n > 1)
		return text;
	if (unknown)
		printf("  there is no actuator %s\n", unknown);
	else
		printf("  at least two of them\n");
	free(text);
	return NULL;
}

static bool ask_groups(struct new_chair *wizard)
{
	char names[400];

	for (size_t n = 0; wizard->chair.n_actuators > 1 && n < CHAIR_GROUPS_MAX;) {
		if (!ask_text(
			    "\nActuators of which only one may run at a time (nothing: no more): ",
			    names, sizeof(names)))
			return false;
		if (!*names)
			break;
		wizard->groups[n] = parse_group(&wizard->chair, names);
		n += wizard->groups[n] != NULL;
	}
	return true;
}

bool new_chair_ask(struct new_chair *wizard)
{
	enum new_chair_answer answer;

	if (!ask_chair(wizard))
		return false;
	do {
		answer = new_chair_ask_actuator(wizard);
		if (answer == NEW_CHAIR_NOTHING && !wizard->chair.n_actuators)
			printf("  a chair needs one actuator at least\n");
	} while (answer == NEW_CHAIR_ADDED ||
		(answer == NEW_CHAIR_NOTHING && !wizard->chair.n_actuators));
	return answer != NEW_CHAIR_END && ask_groups(wizard) && ask_buttons(wizard);
}
