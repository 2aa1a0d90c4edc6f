// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

#define VALUE_COLUMN 11

// A value that is null, or of the wrong type, is unknown.
static const char *either(const json_t *state, const char *key, const char *yes, const char *no)
{
	const json_t *value = json_object_get(state, key);

	return json_is_true(value) ? yes : json_is_false(value) ? no : "unknown";
}

static void print_fault(const struct terminal *terminal, const json_t *fault, bool guard)
{
	char code[NAME_SIZE], actuator[NAME_SIZE];
	const char *text = json_string_value(json_object_get(fault, "text"));

	if (!guard || !json_is_object(fault)) {
		printf("fault      %s\n", guard && json_is_null(fault) ? "none" : "unknown");
		return;
	}
	terminal_put(terminal, VALUE_COLUMN, "fault      %s (%s): %s",
		view_word(fault, "code", "?", code), view_word(fault, "actuator", "-", actuator),
		text ? text : "");
	if (!strcmp(code, "hal"))
		terminal_put(terminal, VALUE_COLUMN,
			"           which line: sudo chairctl doctor, or journalctl -u chairguard");
}

// During a session a press is meant.
static void print_pressed(const struct terminal *terminal, const json_t *state, const char *phase)
{
	bool intended = json_integer_value(json_object_get(state, "step")) > 0;
	bool unhomed = json_is_false(json_object_get(state, "homed"));
	char pressed[LABEL_SIZE];

	if (!json_is_array(json_object_get(state, "pressed")))
		printf("pressed    unknown\n");
	else if (!*view_pressed(state, pressed))
		printf("pressed    nothing, all is proven released\n");
	else if (!strcmp(phase, "fault") || json_is_false(json_object_get(state, "estop_good")))
		terminal_put(terminal, VALUE_COLUMN,
			"pressed    the person is still pressed by %s; pull the emergency stop and "
			"turn the chair back by hand",
			pressed);
	else if (!intended && !view_is_pressing(state))
		terminal_put(terminal, VALUE_COLUMN,
			"pressed    not known%s: %s, not proven released; chairctl stop releases",
			unhomed ? ", the chair is not homed yet" : "", pressed);
	else
		terminal_put(terminal, VALUE_COLUMN, "pressed    by %s%s", pressed,
			intended ? "" : ", not proven released: chairctl stop releases");
}

static void print_state(const struct terminal *terminal, const char *id, const json_t *state)
{
	char word[NAME_SIZE];
	struct view view;

	view_init(&view);
	view_state(&view, state);
	terminal_put(terminal, VALUE_COLUMN, "%s: %s%s%s%s", id, view.phase,
		view.guard ? "" : " (no guard)", *view.points ? " " : "", view.points);
	if (view.step > 0)
		terminal_put(terminal, VALUE_COLUMN, "profile    %s, place %d of %d, %.0f s left",
			view_word(state, "profile", "-", word), view.step, view.n_steps,
			view.remaining_s);
	printf("intensity  %.0f %%\n", json_number_value(json_object_get(state, "intensity")));
	printf("occupied   %s\n", either(state, "occupied", "yes", "no"));
	printf("homed      %s\n", either(state, "homed", "yes", "no"));
	print_pressed(terminal, state, view.phase);
	printf("e-stop     %s\n", either(state, "estop_good", "good", "pressed"));
	printf("guard      %s\n", either(state, "guard", "connected", "not connected"));
	print_fault(terminal, json_object_get(state, "fault"), view.guard);
}

static int run_status(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	json_auto_t *data = NULL;
	struct terminal terminal = terminal_detect(stdout);
	struct options options;
	int r = request_run(self, rows, argc, argv, "status", &options, &data);

	if (!data)
		return r;
	if (json)
		request_print(data);
	else
		print_state(&terminal, options.id, json_object_get(data, "state"));
	return EXIT_OK;
}

const struct subcommand cmd_status = {
	.name = "status",
	.operands = "",
	.common = COMMON_BROKER,
	.summary = "print the present state of the chair",
	.example = "chairctl status --json",
	.run = run_status,
};
