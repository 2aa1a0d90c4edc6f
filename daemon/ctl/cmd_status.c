// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

// A value that is null, or of the wrong type, is unknown.
static const char *either(const json_t *state, const char *key, const char *yes, const char *no)
{
	const json_t *value = json_object_get(state, key);

	return json_is_true(value) ? yes : json_is_false(value) ? no : "unknown";
}

static void print_fault(const json_t *fault, bool guard)
{
	char code[NAME_SIZE], actuator[NAME_SIZE];
	const char *text = json_string_value(json_object_get(fault, "text"));

	if (!guard || !json_is_object(fault)) {
		printf("fault      %s\n", guard && json_is_null(fault) ? "none" : "unknown");
		return;
	}
	printf("fault      %s (%s): ", view_word(fault, "code", "?", code),
		view_word(fault, "actuator", "-", actuator));
	terminal_print(stdout, text ? text : "");
	putchar('\n');
	if (!strcmp(code, "hal"))
		puts("           which line: sudo chairctl doctor, or journalctl -u chairguard");
}

// During a session a press is meant.
static void print_pressed(const json_t *state, const char *phase)
{
	bool intended = json_integer_value(json_object_get(state, "step")) > 0;
	char pressed[LABEL_SIZE];

	if (!json_is_array(json_object_get(state, "pressed")))
		printf("pressed    unknown\n");
	else if (!*view_pressed(state, pressed))
		printf("pressed    nothing, all is proven released\n");
	else if (!strcmp(phase, "fault") || json_is_false(json_object_get(state, "estop_good")))
		printf("pressed    the person is still pressed by %s; pull the emergency stop and "
		       "turn the chair back by hand\n",
			pressed);
	else
		printf("pressed    by %s%s\n", pressed,
			intended ? "" : ", not proven released: chairctl stop releases");
}

static void print_state(const char *id, const json_t *state)
{
	char word[NAME_SIZE];
	struct view view;

	view_init(&view);
	view_state(&view, state);
	printf("%s: %s%s%s%s\n", id, view.phase, view.guard ? "" : " (no guard)",
		*view.points ? " " : "", view.points);
	if (view.step > 0)
		printf("profile    %s, step %d of %d, %.0f s left\n",
			view_word(state, "profile", "-", word), view.step, view.n_steps,
			view.remaining_s);
	printf("intensity  %.0f %%\n", json_number_value(json_object_get(state, "intensity")));
	printf("occupied   %s\n", either(state, "occupied", "yes", "no"));
	printf("homed      %s\n", either(state, "homed", "yes", "no"));
	print_pressed(state, view.phase);
	printf("e-stop     %s\n", either(state, "estop_good", "good", "pressed"));
	printf("guard      %s\n", either(state, "guard", "connected", "not connected"));
	print_fault(json_object_get(state, "fault"), view.guard);
}

static int run_status(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "print the JSON of the answer", 0, 0 },
		{ 0 },
	};
	json_auto_t *data = NULL;
	struct options options;
	int r = request_run(self, rows, argc, argv, "status", &options, &data);

	if (!data)
		return r;
	if (json)
		request_print(data);
	else
		print_state(options.id, json_object_get(data, "state"));
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
