// SPDX-License-Identifier: MIT
//
// Presses of the buttons in the person's reach, as the guard reports them: each acts as the request
// that it stands for, whether or not a broker is connected. Stop is not among them: the guard
// carries it out, and the session ends with it (core/button.h).
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "control/controller_private.h"
#include "core/fingerprint.h"
#include "service/log.h"

// A press that is older acts only if it lowers force: this process was late.
#define STALE_US (1 * US_PER_S)

static uint32_t lowering(const struct chair *chair)
{
	return chair_buttons(chair, BUTTON_STOP) | chair_buttons(chair, BUTTON_PAUSE) |
		chair_buttons(chair, BUTTON_LESS);
}

void controller_buttons_report(struct controller *controller, const struct wire_report *report)
{
	struct button_watch *watch = &controller->buttons.watch;
	bool stale = guard_link_age_us(controller->guard, report) > STALE_US;

	if (!controller->chair.n_buttons || report->chair != chair_fingerprint(&controller->chair))
		return;
	button_watch_report(watch, report);
	controller->buttons.begun |= stale ? watch->begun & lowering(&controller->chair)
					   : watch->begun;
}

// --- a press ----------------------------------------------------------------------------------

static struct request request_of(const struct chair *chair, size_t button)
{
	struct request request = { .kind = REQUEST_COMMAND, .ts_s = NAN };

	if (button_command(chair, button, &request.command))
		return request;
	request.command = (struct command){
		.verb = COMMAND_START, .intensity_percent = NAN, .actuator = -1, .local = true
	};
	strcpy(request.profile, chair->buttons[button].profile);
	return request;
}

static bool act(struct controller *controller, const struct request *request,
	struct request_error *refused)
{
	json_t *data = NULL;
	bool done = controller_requests_act(controller, request, &data, refused);

	json_decref(data);
	return done;
}

static void report_refused(struct controller *controller, const char *text,
	const struct request_error *refused)
{
	struct request_error error = *refused;

	snprintf(error.message, sizeof(error.message), "%s: %.180s", text, refused->message);
	log_warning("button %s", error.message);
	publisher_set_refused(&controller->publisher, "button", &error);
}

static void press(struct controller *controller, size_t button)
{
	const struct request request = request_of(&controller->chair, button);
	struct request_error refused = { 0 };
	char text[BUTTON_TEXT_SIZE];

	button_text(&controller->chair, button, text);
	log_info("button %s", text);
	if (controller->chair.buttons[button].does == BUTTON_STOP)
		return;
	if (!act(controller, &request, &refused))
		report_refused(controller, text, &refused);
	else if (request.command.verb == COMMAND_JOG)
		controller->buttons.watch.jogging = (int)button;
}

static void move_held(struct controller *controller)
{
	struct request request = { .kind = REQUEST_COMMAND, .ts_s = NAN };
	struct request_error refused = { 0 };
	struct session_status status;

	if (controller->buttons.watch.jogging < 0)
		return;
	session_status(controller->session, controller_now_us(controller), &status);
	if (button_jog(&controller->buttons.watch, &controller->chair, status.phase,
		    &request.command))
		act(controller, &request, &refused);
}

// --- stuck ones -------------------------------------------------------------------------------

static void report_stuck(struct controller *controller)
{
	const struct chair *chair = &controller->chair;
	uint32_t stuck = controller->buttons.watch.stuck;
	char alert[ALERT_TEXT_SIZE], text[BUTTON_TEXT_SIZE];
	const struct button *button;

	if (stuck == controller->buttons.reported_stuck)
		return;
	controller->buttons.reported_stuck = stuck;
	if (!stuck) {
		publisher_alert(&controller->publisher, ALERT_BUTTON, NULL);
		return;
	}
	button = &chair->buttons[__builtin_ctz(stuck)];
	snprintf(alert, sizeof(alert),
		"the button %s (%s) is stuck: it has been pressed for %d s, or "
		"since the start; %s",
		button_text(chair, (size_t)__builtin_ctz(stuck), text),
		chair->lines[button->line].name, (int)(BUTTON_STUCK_US / US_PER_S),
		button->does == BUTTON_STOP ? "nothing starts until it is let go"
					    : "it does nothing until it is let go");
	log_warning("%s", alert);
	publisher_alert(&controller->publisher, ALERT_BUTTON, alert);
}

void controller_buttons_act(struct controller *controller)
{
	uint32_t begun = controller->buttons.begun;

	if (!controller->chair.n_buttons)
		return;
	controller->buttons.begun = 0;
	for (; begun; begun &= begun - 1)
		press(controller, (size_t)__builtin_ctz(begun));
	move_held(controller);
	report_stuck(controller);
}

void controller_buttons_link(struct controller *controller)
{
	button_watch_init(&controller->buttons.watch);
	controller->buttons.begun = 0;
	report_stuck(controller);
}
