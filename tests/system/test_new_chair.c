// SPDX-License-Identifier: MIT
//
// `chairctl new-chair` in a terminal: an older chair with relays and a mechanism of a newer one,
// each from the first question to a file that `chairctl check` accepts. Nothing is moved here: this
// machine has no line. The movements: tests/kernel/test_new_chair.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "config/library.h"
#include "rig.h"
#include "tmux.h"

#define ROWS 200 // so that no question scrolls away

static struct tmux tmux;

struct dialogue {
	const char *question, *answer;
};

static void begin(struct rig *rig, const char *option)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], file[200], real[4096];
	const char *const argv[] = { real, "new-chair", file, option, NULL };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	assert_non_null(realpath(program, real));
	rig_path(rig, "new.cfg", file);
	tmux_start(&tmux, rig, 120, ROWS, argv, NULL);
}

// The question must be the last that is on the screen.
static void wait_for_question(const char *question)
{
	char screen[TMUX_SCREEN_SIZE];
	bool asked = false;

	for (int i = 0; !asked && i < SOON_MS; i++) {
		tmux_expect(&tmux, question);
		tmux_screen(&tmux, screen);
		for (size_t n = strlen(screen); n && strchr(" \n", screen[n - 1]);)
			screen[--n] = '\0';
		const char *last = strrchr(screen, '\n');

		asked = strstr(last ? last : screen, question) != NULL;
	}
	if (!asked)
		fail_msg("\"%s\" is not the last question of\n%s", question, screen);
}

static void answer_all(const struct dialogue *dialogue)
{
	for (; dialogue->question; dialogue++) {
		wait_for_question(dialogue->question);
		if (*dialogue->answer)
			tmux_type(&tmux, dialogue->answer);
		tmux_type(&tmux, "Enter");
	}
}

static void read_chair(struct rig *rig, struct chair *ret_chair)
{
	struct problems problems = { 0 };
	char file[200];

	assert_int_equal(chair_load(rig_path(rig, "new.cfg", file), &problems, ret_chair), 0);
	assert_int_equal(problems.n, 0);
	problems_clear(&problems);
}

static const struct actuator *actuator(const struct chair *chair, const char *name,
	enum actuator_kind kind)
{
	int index = chair_find_actuator(chair, name);

	assert_true(index >= 0);
	assert_int_equal(chair->actuators[index].kind, kind);
	return &chair->actuators[index];
}

// The older chair: relays that are on at low, a pump, kneading, a cell, a back rest, two buttons.
static const struct dialogue relays[] = {
	{ "Id of the chair", "retro" },
	{ "Its name for people", "An older chair" },
	{ "Current of the motors' supply", "8000" },
	{ "Emergency stop", "GPIO5" },
	{ "Seat contact", "GPIO5" },
	{ "Seat contact", "GPIO6" }, // that one was used
	{ "Reset button", "" },
	{ "Charge pump", "GPIO16" },
	{ "Next actuator", "?" },
	{ "Next actuator", "source" },
	{ "name", "pump" },
	{ "run line", "GPIO17 low" },
	{ "fault line", "" },
	{ "Its current", "1200" },
	{ "Move pump (run) now", "y" },
	{ "Move pump (run) now", "no" },
	{ "Next actuator", "knead" },
	{ "name", "" },
	{ "run line", "GPIO18" },
	{ "fault line", "" },
	{ "Its current", "many" },
	{ "Its current", "800" },
	{ "Move knead (run) now", "no" },
	{ "region that it reaches", "" },
	{ "Next actuator", "cell" },
	{ "name", "shoulders" },
	{ "source, pump", "pump" },
	{ "fill line", "GPIO19" },
	{ "vent line", "GPIO20" },
	{ "Its current", "300" },
	{ "Time from empty to full", "5" },
	{ "Time from full to empty", "3" },
	{ "Move shoulders (fill) now", "no" },
	{ "Move shoulders (vent) now", "no" },
	{ "region that it reaches", "shoulder" },
	{ "from, of the region's length", "" },
	{ "to (1 is its lower end)", "" },
	{ "from, beside the middle", "" },
	{ "to, beside the middle", "" },
	{ "region that it reaches", "" },
	{ "Next actuator", "recline" },
	{ "name", "back" },
	{ "forward line", "GPIO21" },
	{ "reverse line", "GPIO22" },
	{ "pwm line", "" },
	{ "home line", "mcp23017:0" },
	{ "end line", "mcp23017:1" },
	{ "fault line", "" },
	{ "Its current", "1500" },
	{ "Move back (forward) now", "no" },
	{ "Next actuator", "" },
	{ "Button in the person's reach", "mcp23017:2" },
	{ "does (stop", "recline back +" }, // without a stop button
	{ "Button in the person's reach", "mcp23017:2" },
	{ "does (stop", "stop" },
	{ "Button in the person's reach", "mcp23017:3" },
	{ "does (stop", "recline back +" },
	{ "Button in the person's reach", "" },
	{ NULL, NULL },
};

static void a_chair_with_relays(void **state)
{
	struct rig *rig = *state;
	struct chair chair;
	const struct actuator *pump;

	begin(rig, NULL);
	answer_all(relays);
	assert_int_equal(tmux_code(&tmux), 0);
	read_chair(rig, &chair);
	assert_string_equal(chair.id, "retro");
	assert_int_equal(chair.n_actuators, 4);
	pump = actuator(&chair, "pump", ACTUATOR_SOURCE);
	assert_true(chair.lines[pump->line[ROLE_RUN]].active_low);
	assert_int_equal(actuator(&chair, "shoulders", ACTUATOR_CELL)->source, 0);
	assert_true(actuator_is_switched(actuator(&chair, "back", ACTUATOR_RECLINE)));
	assert_int_equal(chair.n_buttons, 2);
	assert_int_equal(chair.buttons[0].does, BUTTON_STOP);
	assert_false(chair.lines[chair.buttons[0].line].active_low); // normally closed
	assert_true(chair.lines[chair.buttons[1].line].active_low);
}

// A mechanism: carriage with pulses, a strength motor and kneading that ride on it, a pulsed pump.
static const struct dialogue mechanism[] = {
	{ "Id of the chair", "mechanism" },
	{ "Its name for people", "A mechanism" },
	{ "Current of the motors' supply", "9000" },
	{ "Emergency stop", "GPIO5" },
	{ "Seat contact", "GPIO6" },
	{ "Reset button", "GPIO13" },
	{ "Charge pump", "GPIO16" },
	{ "Next actuator", "travel" },
	{ "name", "carriage" },
	{ "forward line", "GPIO17" },
	{ "reverse line", "GPIO27" },
	{ "pwm line", "GPIO22" },
	{ "home line", "GPIO4" },
	{ "end line", "GPIO7" },
	{ "pulse line", "GPIO8" },
	{ "fault line", "mcp23017:0" },
	{ "Its current", "1500" },
	{ "Its way from pulse to pulse", "2.5" },
	{ "Its least position", "" },
	{ "Its farthest position", "500" },
	{ "Its full speed", "50" },
	{ "Next actuator", "press" },
	{ "name", "strength" },
	{ "carriage, carriage", "carriage" },
	{ "forward line", "GPIO12" },
	{ "reverse line", "GPIO20" },
	{ "pwm line", "" }, // its bridge is pulsed at the directions
	{ "home line", "GPIO26" },
	{ "fault line", "" },
	{ "Its current", "1500" },
	{ "region that it reaches", "chin" },
	{ "region that it reaches", "mid_back" },
	{ "from, of the region's length", "0.3" },
	{ "to (1 is its lower end)", "0.6" },
	{ "from, beside the middle", "" },
	{ "to, beside the middle", "70" },
	{ "position of its carriage at the upper end", "200" },
	{ "position at the lower end", "400" },
	{ "region that it reaches", "" },
	{ "Next actuator", "knead" },
	{ "name", "" },
	{ "carriage, carriage", "carriage" },
	{ "run line", "" },
	{ "pwm line", "GPIO19" },
	{ "fault line", "" },
	{ "Its current", "10000" }, // above that of the supply
	{ "region that it reaches", "" },
	{ "Next actuator", "knead" },
	{ "name", "" },
	{ "carriage, carriage", "" },
	{ "run line", "" },
	{ "pwm line", "GPIO19" },
	{ "fault line", "" },
	{ "Its current", "1000" },
	{ "region that it reaches", "" },
	{ "Next actuator", "" },
	{ "Button in the person's reach", "" },
	{ NULL, NULL },
};

static void a_mechanism(void **state)
{
	struct rig *rig = *state;
	struct chair chair;
	const struct actuator *press;

	begin(rig, "--still");
	answer_all(mechanism);
	assert_int_equal(tmux_code(&tmux), 0);
	read_chair(rig, &chair);
	assert_int_equal(chair.n_actuators, 3);
	assert_true(actuator(&chair, "carriage", ACTUATOR_TRAVEL)->mm_per_pulse == 2.5);
	press = actuator(&chair, "strength", ACTUATOR_PRESS);
	assert_int_equal(press->carriage, 0);
	assert_true(press->sign_magnitude);
	assert_int_equal(chair.n_reaches, 1);
	assert_true(chair.reaches[0].mm_to == 400);
	assert_int_equal(actuator(&chair, "knead", ACTUATOR_KNEAD)->current_ma, 1000);
}

static void an_input_that_ends_writes_nothing(void **state)
{
	struct rig *rig = *state;
	char file[200];

	begin(rig, NULL);
	wait_for_question("Id of the chair");
	tmux_type(&tmux, "C-d");
	assert_int_equal(tmux_code(&tmux), 1);
	tmux_expect(&tmux, "nothing is written");
	assert_int_equal(access(rig_path(rig, "new.cfg", file), F_OK), -1);
}

static void a_file_that_is_there_is_not_changed(void **state)
{
	struct rig *rig = *state;

	rig_write(rig, "new.cfg", "mine");
	begin(rig, NULL);
	assert_int_equal(tmux_code(&tmux), 1);
}

static int teardown(void **state)
{
	tmux_end(&tmux);
	return rig_teardown(state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_setup_bench, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_chair_with_relays),
		TEST(a_mechanism),
		TEST(an_input_that_ends_writes_nothing),
		TEST(a_file_that_is_there_is_not_changed),
	};

	return cmocka_run_group_tests_name("new-chair", tests, NULL, NULL);
}
