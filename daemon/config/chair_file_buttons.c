// SPDX-License-Identifier: MIT
#include "config/chair_file_buttons.h"

#include <stdio.h>
#include <string.h>

#include "config/chair_file_actuators.h"
#include "config/chair_file_lines.h"

#define KNOWN \
	"stop, pause, resume, less, eased, more, skip, start PROFILE, recline NAME +, " \
	"recline NAME -, extension NAME +, extension NAME -"

// What moves something on a press.
static bool moves(enum button_action does)
{
	return does == BUTTON_START || does == BUTTON_RESUME || button_jogs(does);
}

// BUTTON_ACTION_COUNT and a problem if the word is not one of them.
static enum button_action read_action(struct reader *reader, const struct config_setting_t *does,
	const char *word)
{
	struct suggestion suggestion;

	suggestion_start(&suggestion, word);
	for (int i = 0; i < BUTTON_ACTION_COUNT; i++) {
		if (!strcmp(button_action_name(i), word))
			return i;
		suggestion_consider(&suggestion, button_action_name(i));
	}
	reader_not_known(reader, does, KNOWN, &suggestion);
	return BUTTON_ACTION_COUNT;
}

static void read_profile(struct reader *reader, const struct config_setting_t *group,
	const char *name, struct button *button)
{
	if (*name && reader_is_name(name, strlen(name)) && strlen(name) < NAME_SIZE)
		snprintf(button->profile, NAME_SIZE, "%s", name);
	else
		reader_problem(reader, group, "does",
			"must name one profile (\"start gentle\"; 1 ... %d bytes a-z 0-9 . _ -)",
			NAME_SIZE - 1);
}

// "NAME +" or "NAME -".
static void read_jog(struct reader *reader, const struct config_setting_t *group, const char *text,
	const struct chair *chair, struct button *button)
{
	enum actuator_kind wanted = button->does == BUTTON_RECLINE ? ACTUATOR_RECLINE
								   : ACTUATOR_EXTENSION;
	const char *word = button_action_name(button->does);
	char name[NAME_SIZE], sign[2], more[2];
	enum actuator_kind kind;

	if (sscanf(text, "%47s %1[+-]%1s", name, sign, more) != 2) {
		reader_problem(reader, group, "does",
			"must name an actuator and its direction (\"%s back +\": forward; "
			"\"%s back -\": reverse)",
			word, word);
		return;
	}
	button->direction = *sign == '+' ? 1 : -1;
	button->actuator = actuator_named(reader, reader_member(group, "does"), name, chair);
	if (button->actuator < 0)
		return;
	kind = chair->actuators[button->actuator].kind;
	if (kind != wanted && kind != ACTUATOR_KIND_COUNT)
		reader_problem(reader, group, "does", "\"%s\" is of kind %s (%s)", name,
			actuator_kind_name(kind), actuator_kind_name(wanted));
}

static void read_does(struct reader *reader, const struct config_setting_t *group,
	const struct chair *chair, struct button *button)
{
	const struct config_setting_t *does = reader_member(group, "does");
	const char *text = reader_string(group, "does"), *rest;
	char word[16];

	button->does = BUTTON_ACTION_COUNT;
	button->file_line = does ? reader_line(does) : 0;
	if (!text || !reader_is_clean(reader, does))
		return;
	snprintf(word, sizeof(word), "%.*s", (int)strcspn(text, " "), text);
	rest = text + strcspn(text, " ");
	rest += strspn(rest, " ");
	button->does = read_action(reader, does, word);
	if (button->does == BUTTON_START)
		read_profile(reader, group, rest, button);
	else if (button_jogs(button->does))
		read_jog(reader, group, rest, chair, button);
	else if (button->does != BUTTON_ACTION_COUNT && *rest)
		reader_problem(reader, group, "does", "\"%s\" takes nothing after it", word);
}

// The person must be able to stop what a button has started.
static void check_stop(struct reader *reader, const struct config_setting_t *list,
	const struct chair *chair)
{
	for (size_t i = 0; i < chair->n_buttons; i++) {
		if (chair->buttons[i].does == BUTTON_STOP ||
			chair->buttons[i].does == BUTTON_ACTION_COUNT)
			return;
	}
	for (size_t i = 0; i < chair->n_buttons; i++) {
		if (!moves(chair->buttons[i].does))
			continue;
		reader_problem(reader, reader_element(list, i), "does",
			"\"%s\" moves something: the chair needs a button with does = \"stop\", "
			"too",
			button_action_name(chair->buttons[i].does));
		return;
	}
}

void buttons_read(struct reader *reader, const struct config_setting_t *list, struct chair *chair)
{
	size_t n = reader_length(list);

	if (n > CHAIR_BUTTONS_MAX) {
		reader_problem(reader, list, NULL, "has %zu buttons (0 ... %d)", n,
			CHAIR_BUTTONS_MAX);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct button *button = &chair->buttons[i];
		const struct config_setting_t *group = reader_element_group(reader, list, i);

		*button =
			(struct button){ .does = BUTTON_ACTION_COUNT, .line = -1, .actuator = -1 };
		if (!group)
			continue;
		button->line = line_read(reader, group, ROLE_BUTTON, -1, chair);
		read_does(reader, group, chair, button);
	}
	chair->n_buttons = n;
	check_stop(reader, list, chair);
}
