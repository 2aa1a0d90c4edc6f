// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "ctl/request.h"
#include "ctl/terminal.h"
#include "ctl/view.h"

// What a boolean means in words; null, as everything of the wrong type, is not known.
static const char *word_of(const json_t *state, const char *key, const char *yes, const char *no)
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

// In a session something presses because it shall.
static void print_pressed(const json_t *state, const char *phase)
{
	bool meant = json_integer_value(json_object_get(state, "step")) > 0;
	char pressed[LABEL_SIZE];

	if (!json_is_array(json_object_get(state, "pressed")))
		printf("pressed    unknown\n");
	else if (!*view_pressed(state, pressed))
		printf("pressed    nothing, all is proven released\n");
	else if (!strcmp(phase, "fault") || !json_is_true(json_object_get(state, "estop_good")))
		printf("pressed    the person is still pressed by %s; pull the emergency stop and turn the "
		       "chair back by hand\n",
			pressed);
	else
		printf("pressed    by %s%s\n", pressed,
			meant ? "" : ", which nobody has seen released: chairctl stop releases");
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
	printf("occupied   %s\n", word_of(state, "occupied", "yes", "no"));
	printf("homed      %s\n", word_of(state, "homed", "yes", "no"));
	print_pressed(state, view.phase);
	printf("e-stop     %s\n", word_of(state, "estop_good", "good", "pressed"));
	printf("guard      %s\n", word_of(state, "guard", "connected", "not connected"));
	print_fault(json_object_get(state, "fault"), view.guard);
}

static int run_status(const struct subcommand *self, int argc, char *argv[])
{
	bool json = false;
	const struct option_row rows[] = {
		{ "json", 'j', OPTION_SWITCH, &json, NULL, "as it came", 0, 0 },
		{ 0 },
	};
	__attribute__((cleanup(broker_closep))) struct broker *broker = NULL;
	json_auto_t *data = NULL;
	struct options options;
	int r;

	if (!options_parse(self, rows, argc, argv, &options, &r))
		return r;
	r = request_open(&options, &broker);
	if (r == EXIT_OK)
		r = request_send(broker, &options, "status", NULL, &data);
	if (r != EXIT_OK)
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
	.summary = "ask what the chair is doing",
	.run = run_status,
};
