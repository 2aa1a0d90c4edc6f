// SPDX-License-Identifier: MIT
#include "core/button.h"

#include <math.h>

#define JOG_HEARTBEAT_US (500 * US_PER_MS)

void button_watch_init(struct button_watch *watch)
{
	*watch = (struct button_watch){ .jogging = -1 };
}

void button_watch_report(struct button_watch *watch, const struct wire_report *report)
{
	uint32_t pressed = report->buttons, stuck = report->buttons_stuck;

	watch->begun = watch->known ? pressed & ~watch->pressed & ~stuck : 0;
	watch->newly_stuck = stuck & ~watch->stuck;
	watch->pressed = pressed;
	watch->stuck = stuck;
	watch->known = true;
}

static struct command jog_command(const struct chair *chair, const struct button *button)
{
	return (struct command){
		.verb = COMMAND_JOG,
		.intensity_percent = NAN,
		.actuator = button->actuator,
		.drive_permille = button->direction *
			chair->actuators[button->actuator].drive_max_permille,
		.heartbeat_us = JOG_HEARTBEAT_US,
		.local = true,
	};
}

bool button_command(const struct chair *chair, size_t button, struct command *ret_command)
{
	static const struct {
		enum command_verb verb;
		enum feedback feedback;
	} commands[BUTTON_ACTION_COUNT] = {
		[BUTTON_PAUSE] = { COMMAND_PAUSE, FEEDBACK_OK },
		[BUTTON_RESUME] = { COMMAND_RESUME, FEEDBACK_OK },
		[BUTTON_LESS] = { COMMAND_FEEDBACK, FEEDBACK_LESS },
		[BUTTON_EASED] = { COMMAND_FEEDBACK, FEEDBACK_EASED },
		[BUTTON_MORE] = { COMMAND_FEEDBACK, FEEDBACK_MORE },
		[BUTTON_SKIP] = { COMMAND_SKIP, FEEDBACK_OK },
	};
	enum button_action does = chair->buttons[button].does;

	if (does == BUTTON_STOP || does == BUTTON_START)
		return false;
	if (button_jogs(does))
		*ret_command = jog_command(chair, &chair->buttons[button]);
	else
		*ret_command = (struct command){ .verb = commands[does].verb,
			.feedback = commands[does].feedback,
			.intensity_percent = NAN,
			.actuator = -1,
			.local = true };
	return true;
}

bool button_jog(struct button_watch *watch, const struct chair *chair, enum session_phase phase,
	struct command *ret_command)
{
	bool held;

	if (watch->jogging < 0)
		return false;
	if (phase != SESSION_JOG && phase != SESSION_ARMING) { // something else has ended it
		watch->jogging = -1;
		return false;
	}
	held = watch->pressed & ~watch->stuck & UINT32_C(1) << watch->jogging;
	*ret_command = jog_command(chair, &chair->buttons[watch->jogging]);
	if (!held) {
		ret_command->drive_permille = 0;
		watch->jogging = -1;
	}
	return true;
}
