// SPDX-License-Identifier: MIT
#include "control/verb_table.h"

#include <string.h>

#include "control/consent_book.h"

#define NUMBER(verb, key, required, min, max, unit, text) \
	{ verb, #key, required, offsetof(struct verb_values, key), unit, min, max, 0, text }
#define STRING(verb, key, required, size_max, text) \
	{ verb, #key, required, offsetof(struct verb_values, key), NULL, 0, 0, size_max, text }

// Of a session, whichever verb starts it.
#define START_ARGUMENTS(verb) \
	STRING(verb, person, false, NAME_SIZE - 1, \
		"name of a person, whose body, limits and dose count"), \
		NUMBER(verb, intensity, false, 0, 100, "%", \
			"without it the present one (target)"), \
		NUMBER(verb, lease_s, false, 1, CLIENT_LEASE_MAX_S, "s", \
			"release when it lapses; renew extends it; without it there is no lease"), \
		NUMBER(verb, ts, false, 0, 1e11, "s since 1970", \
			"when it was sent; refused when more than 5 s away")

const struct verb_argument verb_arguments[VERB_ARGUMENTS] = {
	STRING("start", profile, false, NAME_SIZE - 1,
		"name of a profile; without it the chosen one (target)"),
	START_ARGUMENTS("start"),
	NUMBER("intensity", intensity, true, 0, 100, "%", "share of each target above its floor"),
	STRING("feedback", feedback, true, 8, "what the person reports"),
	STRING("jog", actuator, true, NAME_SIZE - 1, "name of an actuator (info)"),
	NUMBER("jog", drive_permille, true, -PERMILLE_FULL, PERMILLE_FULL, "per mille",
		"0 ends the movement"),
	NUMBER("jog", heartbeat_ms, true, 1, 500, "ms",
		"the movement ends without another jog in this time"),
	STRING("profile", profile, true, NAME_SIZE - 1, "name of a profile"),
	STRING("check", text, true, REQUEST_TEXT_MAX, "text of a profile"),
	STRING("check", profile, false, NAME_SIZE - 1, "its name, for the messages"),
	STRING("put", text, true, REQUEST_TEXT_MAX, "text of a profile"),
	STRING("put", profile, true, NAME_SIZE - 1, "its name"),
	STRING("try", text, true, REQUEST_TEXT_MAX, "text of a profile"),
	STRING("try", profile, false, NAME_SIZE - 1, "its name, for the topics and messages"),
	START_ARGUMENTS("try"),
	STRING("person", person, true, NAME_SIZE - 1, "name of a person"),
	STRING("consent", person, true, NAME_SIZE - 1, "name of a person"),
	STRING("consent", text, true, CONSENT_TEXT_SIZE - 1, "the text that was accepted (person)"),
	NUMBER("dose", days, false, 1, 31, "days", "today and days before; without it today"),
};

static const char *const command_texts[COMMAND_VERB_COUNT] = {
	[COMMAND_START] = "start a session",
	[COMMAND_PAUSE] = "release, and keep the place in the session",
	[COMMAND_RESUME] = "go on after a pause",
	[COMMAND_STOP] = "release, and end the session; never refused",
	[COMMAND_SKIP] = "release this point, and go to the next",
	[COMMAND_INTENSITY] = "change the intensity, now and for later sessions",
	[COMMAND_FEEDBACK] = "less, more, or the tenderness has eased",
	[COMMAND_RENEW] = "extend the lease of the session",
	[COMMAND_HOME] = "move every carriage to its home switch",
	[COMMAND_JOG] = "move one actuator by hand",
	[COMMAND_RESET] = "lift a latched fault; moves nothing",
};

// Verbs that do not go to the session.
static const struct {
	const char *verb;
	enum request_kind kind;
	const char *text;
} queries[REQUEST_VERBS - COMMAND_VERB_COUNT] = {
	{ "profiles", REQUEST_PROFILES, "list the profiles" },
	{ "profile", REQUEST_PROFILE, "get one profile" },
	{ "check", REQUEST_CHECK, "check the text of a profile; nothing is stored" },
	{ "put", REQUEST_PUT, "store the text of a profile that is proved" },
	{ "try", REQUEST_TRY, "start a session of the text of a profile; nothing is stored" },
	{ "persons", REQUEST_PERSONS, "list the people by name" },
	{ "person", REQUEST_PERSON, "get one person, and the text to accept" },
	{ "consent", REQUEST_CONSENT, "accept the text on who must not use the chair" },
	{ "dose", REQUEST_DOSE, "list how long and how hard each point was pressed today" },
	{ "reload", REQUEST_RELOAD, "read chair, atlas, pathways and profiles again" },
	{ "status", REQUEST_STATUS, "get state, target and telemetry" },
	{ "ping", REQUEST_PING, "answer" },
	{ "help", REQUEST_HELP, "list the verbs and their arguments" },
};

static const char *const feedback_names[FEEDBACK_COUNT] = {
	[FEEDBACK_LESS] = "less",
	[FEEDBACK_OK] = "ok",
	[FEEDBACK_MORE] = "more",
	[FEEDBACK_EASED] = "eased",
};

const char *verb_name(int index)
{
	return index < COMMAND_VERB_COUNT ? command_verb_name((enum command_verb)index)
					  : queries[index - COMMAND_VERB_COUNT].verb;
}

const char *verb_text(int index)
{
	return index < COMMAND_VERB_COUNT ? command_texts[index]
					  : queries[index - COMMAND_VERB_COUNT].text;
}

enum request_kind verb_kind(int index)
{
	return index < COMMAND_VERB_COUNT ? REQUEST_COMMAND
					  : queries[index - COMMAND_VERB_COUNT].kind;
}

int request_verb_index(const char *verb)
{
	for (int i = 0; i < REQUEST_VERBS; i++) {
		if (!strcmp(verb_name(i), verb))
			return i;
	}
	return -1;
}

const char *feedback_name(enum feedback feedback)
{
	return feedback_names[feedback];
}

bool feedback_parse(const char *name, enum feedback *ret_feedback)
{
	for (int i = 0; i < FEEDBACK_COUNT; i++) {
		if (!strcmp(feedback_names[i], name)) {
			*ret_feedback = (enum feedback)i;
			return true;
		}
	}
	return false;
}
