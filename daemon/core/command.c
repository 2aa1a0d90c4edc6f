// SPDX-License-Identifier: MIT
#include "core/command.h"

#include <string.h>

static const char *const verb_names[COMMAND_VERB_COUNT] = {
	[COMMAND_START] = "start",
	[COMMAND_PAUSE] = "pause",
	[COMMAND_RESUME] = "resume",
	[COMMAND_STOP] = "stop",
	[COMMAND_SKIP] = "skip",
	[COMMAND_INTENSITY] = "intensity",
	[COMMAND_FEEDBACK] = "feedback",
	[COMMAND_RENEW] = "renew",
	[COMMAND_HOME] = "home",
	[COMMAND_JOG] = "jog",
	[COMMAND_RESET] = "reset",
};

static const struct {
	const char *code, *text, *hint;
} refusals[REFUSAL_COUNT] = {
	[REFUSAL_NONE] = { "none", "done", "" },
	[REFUSAL_BUSY] = { "busy", "the chair is busy", "stop it first, or wait until it is idle" },
	[REFUSAL_IDLE] = { "idle", "nothing is playing",
		"a session that has ended is not resumed: start one" },
	[REFUSAL_NOT_PAUSED] = { "not_paused", "the session is not paused",
		"wait until the state says paused" },
	[REFUSAL_FAULT] = { "fault", "a fault is latched",
		"look at the fault, put it right, then reset" },
	[REFUSAL_GUARD] = { "no_guard", "the guard is not there", "see whether chairguard runs" },
	[REFUSAL_OTHER_CHAIR] = { "other_chair", "the guard runs another chair file than chaird",
		"give both the same file and restart both: systemctl restart chairguard chaird" },
	[REFUSAL_SEAT] = { "seat", "nobody sits in the chair", "sit down" },
	[REFUSAL_NO_LEASE] = { "no_lease", "the session holds no lease",
		"start it with lease_s to use renew" },
	[REFUSAL_NO_FAULT] = { "no_fault", "no fault is latched", "nothing needs a reset" },
	[REFUSAL_ACTUATOR] = { "actuator", "that actuator cannot be moved so",
		"info lists the actuators" },
	[REFUSAL_STEP] = { "step", "there is nothing to do that to now",
		"wait until the session is at a point" },
	[REFUSAL_FLOOR] = { "floor", "this is as light as the profile goes",
		"skip the point, or stop" },
	[REFUSAL_BUTTON] = { "button", "an emergency stop is reset at the chair",
		"pull out the emergency stop and press the reset button" },
	[REFUSAL_STOP_BUTTON] = { "stop_button", "a stop button at the chair is pressed",
		"let it go; if nobody presses it, it is stuck: look at its wiring" },
};

const char *command_verb_name(enum command_verb verb)
{
	return verb_names[verb];
}

bool command_verb_parse(const char *name, enum command_verb *ret_verb)
{
	for (int i = 0; i < COMMAND_VERB_COUNT; i++) {
		if (!strcmp(verb_names[i], name)) {
			*ret_verb = i;
			return true;
		}
	}
	return false;
}

const char *refusal_code(enum refusal refusal)
{
	return refusals[refusal].code;
}

const char *refusal_text(enum refusal refusal)
{
	return refusals[refusal].text;
}

const char *refusal_hint(enum refusal refusal)
{
	return refusals[refusal].hint;
}
