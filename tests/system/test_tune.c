// SPDX-License-Identifier: MIT
//
// chairctl tune in a real terminal, on a simulated chair: a nudge changes one line of the file and
// only what the chair may play, a step is felt as it was tuned, and whatever ends it releases.
//
// The lease is in real time; the chair's time stands still while a test looks at it.
#include "rig.h"
#include "tmux.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define FILE_SIZE 4000

// rhomboid: upper back, at most 50 N.
static const char text[] = "# Tuned on the recliner.\n"
			   "title = \"Mine\"; minutes_max = 10;\n"
			   "defaults = { repeats = 1; ramp_n_per_s = 8.0; };\n"
			   "\n"
			   "steps = (\n"
			   "  # both sides\n"
			   "  { points = [ \"rhomboid\" ]; hold_s = 30.0;  // as long as it takes\n"
			   "    target = { newtons = 20.0;   floor = 10.0; }; /* gentle */ },\n"
			   "  { points = [ \"rhomboid\" ]; hold_s = 30.0;\n"
			   "    target = { newtons = 49.0; floor = 10.0; }; }\n"
			   ");\n";

static struct tmux tmux;

// --- the program ------------------------------------------------------------------------------

static const char *program(char path[400])
{
	const char *build = getenv("CHAIRD_BUILD");
	char top[200];

	if (build && *build == '/')
		snprintf(path, 400, "%s/chairctl", build);
	else
		snprintf(path, 400, "%s/%s/chairctl", getcwd(top, sizeof(top)),
			build ? build : "build/default");
	return path;
}

static void tune(struct rig *rig, const char *what, const char *const env[])
{
	char path[400];
	const char *const argv[] = { program(path), "tune", "--config=chaird.cfg", "--timeout=60",
		what, NULL };

	tmux_start(&tmux, rig, 80, 24, argv, env);
}

// With the text above as mine.cfg.
static void begin(struct rig *rig)
{
	char path[200];

	rig_write(rig, "mine.cfg", text);
	assert_int_equal(chmod(rig_path(rig, "mine.cfg", path), 0640), 0);
	tune(rig, "mine.cfg", NULL);
	tmux_expect(&tmux, "? lists the keys");
}

static void type(const char *keys)
{
	char key[2] = "";

	for (; *keys; keys++) {
		*key = *keys;
		tmux_type(&tmux, *key == ' ' ? "Space" : key);
	}
}

static void press(const char *key, int times)
{
	while (times-- > 0)
		tmux_type(&tmux, key);
}

// --- the file ---------------------------------------------------------------------------------

static void read_file(const struct rig *rig, const char *name, char bytes[FILE_SIZE])
{
	char path[200];
	FILE *file = fopen(rig_path(rig, name, path), "re");

	assert_non_null(file);
	bytes[fread(bytes, 1, FILE_SIZE - 1, file)] = '\0';
	fclose(file);
}

static void expect_file(const struct rig *rig, const char *name, const char *expected)
{
	char bytes[FILE_SIZE];

	read_file(rig, name, bytes);
	assert_string_equal(bytes, expected);
}

// The text with one piece of it replaced.
static char *with(const char *from, const char *to)
{
	static char changed[FILE_SIZE];
	const char *at = strstr(text, from);

	assert_non_null(at);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - text), text, to,
		at + strlen(from));
	return changed;
}

static bool is_there(const struct rig *rig, const char *name)
{
	char path[200];

	return access(rig_path(rig, name, path), F_OK) == 0;
}

// --- nudges and the file ----------------------------------------------------------------------

static void a_value_changes_and_the_file_in_that_line_alone(void **state)
{
	struct rig *rig = *state;
	struct stat status;
	char path[200];

	begin(rig);
	tmux_expect(&tmux, "> target           20  N");
	press("Right", 3);
	tmux_expect(&tmux, "> target           23  N");
	tmux_expect(&tmux, "unsaved");
	expect_file(rig, "mine.cfg", text);
	type("s");
	tmux_expect(&tmux, "saved to mine.cfg (the old one: mine.cfg.bak)");
	tmux_expect_gone(&tmux, "unsaved");
	expect_file(rig, "mine.cfg", with("newtons = 20.0;", "newtons = 23.0;"));
	expect_file(rig, "mine.cfg.bak", text);
	assert_int_equal(stat(rig_path(rig, "mine.cfg", path), &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	type("q");
	assert_int_equal(tmux_code(&tmux), 0);
}

static void a_value_of_the_defaults_is_added_to_the_step(void **state)
{
	struct rig *rig = *state;

	begin(rig);
	press("Down", 2);
	tmux_expect(&tmux, "> ramp            (8) N/s");
	tmux_expect(&tmux, "ramp_n_per_s: 0.5 ... 10 N/s, from the defaults");
	type("-");
	tmux_expect(&tmux, "> ramp            7.5  N/s");
	type("s");
	tmux_expect(&tmux, "saved to mine.cfg");
	expect_file(rig, "mine.cfg", with("/* gentle */ }", "ramp_n_per_s = 7.5; /* gentle */ }"));
}

static void what_the_chair_may_not_play_is_not_changed(void **state)
{
	struct rig *rig = *state;

	begin(rig);
	press("Tab", 1);
	tmux_expect(&tmux, "> target           49  N");
	tmux_expect(&tmux, "newtons: 10 ... 50 N"); // not 55: what its points bear
	press("Right", 1);
	tmux_expect(&tmux, "> target           50  N");
	press("Right", 1);
	tmux_expect(&tmux, "not changed: steps[1].target: 51 N is above what the upper_back bears");
	tmux_expect(&tmux, "50 N; rhomboid.left)"); // the bound
	tmux_expect(&tmux, "> target           50  N");
	press("Down", 2);
	press("Right", 6); // to the end of the grammar's range
	tmux_expect(&tmux, "> ramp             10  N/s");
	press("Right", 1);
	tmux_expect(&tmux, "not changed: ramp: 10 is its highest (0.5 ... 10 N/s)");
	press("Down", 1);
	tmux_expect(&tmux, "hold_s: 5 ... 86 s"); // not 90: see below
	press("]", 12); // in fives, as far as the actuator may press without a break
	tmux_expect(&tmux, "steps[1].hold_s: depth may press for up to");
	type("uuuuuuuuuuuuuuuuuuuuuuuuuuuuuuuu");
	tmux_expect(&tmux, "there is nothing to undo");
	tmux_expect(&tmux, "target           49  N");
	tmux_expect_gone(&tmux, "unsaved");
	type("q");
	assert_int_equal(tmux_code(&tmux), 0);
	expect_file(rig, "mine.cfg", text);
	assert_false(is_there(rig, "mine.cfg.bak"));
}

static void unsaved_changes_are_asked_about(void **state)
{
	struct rig *rig = *state;

	begin(rig);
	press("Right", 1);
	tmux_expect(&tmux, "target 21 N");
	type("q");
	tmux_expect(&tmux, "unsaved: s saves and quits, q quits without");
	type("x"); // goes on
	tmux_expect_gone(&tmux, "saves and quits");
	press("C-c", 1);
	tmux_expect(&tmux, "unsaved: s saves and quits, q quits without");
	type("q");
	assert_int_equal(tmux_code(&tmux), 0);
	expect_file(rig, "mine.cfg", text);
	tmux_end(&tmux);
	begin(rig);
	press("Right", 1);
	type("qs");
	assert_int_equal(tmux_code(&tmux), 0);
	expect_file(rig, "mine.cfg", with("newtons = 20.0;", "newtons = 21.0;"));
}

static void a_file_that_another_program_has_changed_is_asked_about(void **state)
{
	struct rig *rig = *state;

	begin(rig);
	press("Right", 1);
	tmux_expect(&tmux, "target 21 N");
	rig_write(rig, "mine.cfg", "# another one\n");
	type("s");
	tmux_expect(&tmux, "mine.cfg has changed since it was read");
	press("Up", 1);
	expect_file(rig, "mine.cfg", "# another one\n");
	type("ss");
	tmux_expect(&tmux, "saved to mine.cfg");
	expect_file(rig, "mine.cfg", with("newtons = 20.0;", "newtons = 21.0;"));
	expect_file(rig, "mine.cfg.bak", "# another one\n");
}

static void a_profile_of_the_chair_is_put_back_and_saved_here(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char bytes[FILE_SIZE];

	tune(rig, "eased", NULL);
	tmux_expect(&tmux, "> target           30  N");
	press("Left", 2);
	tmux_expect(&tmux, "> target           28  N");
	type("p");
	tmux_expect(&tmux, "the chair recliner has eased now");
	tmux_expect_gone(&tmux, "unsaved");
	rig_expect(rig, mark, "response/put", "\"ok\":true", SOON_MS);
	read_file(rig, "profiles/eased.cfg", bytes); // chaird's own
	assert_non_null(strstr(bytes, "newtons = 28.0"));
	assert_false(is_there(rig, "eased.cfg"));
	type("s");
	tmux_expect(&tmux, "saved to eased.cfg");
	read_file(rig, "eased.cfg", bytes);
	assert_non_null(strstr(bytes, "newtons = 28.0"));
	type("q");
	assert_int_equal(tmux_code(&tmux), 0);
}

// --- on the chair -----------------------------------------------------------------------------

// Try the first step with 22 N; its hold has begun, and the chair's time stands still.
static size_t feel(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	begin(rig);
	press("Right", 2);
	tmux_expect(&tmux, "> target           22  N");
	rig_will_halt(rig, "halt:hold");
	type("t");
	rig_halted(rig);
	rig_expect(rig, mark, "target", "\"value\":22.0", SOON_MS);
	rig_expect(rig, mark, "state", "\"profile\":\"mine\"", SOON_MS);
	assert_true(pins_first(rig_pins(rig), "depth.forward", true, 0) >= 0);
	tmux_expect(&tmux, "hold ");
	return mark;
}

static void a_step_is_felt_as_it_was_tuned(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);
	int64_t stopped_us;

	tmux_expect(&tmux, "/22.0 N");
	tmux_expect(&tmux, "█"); // its trace
	tmux_expect(&tmux, "─");
	stopped_us = rig_pass(rig, "halt+2");
	type(" ");
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	rig_expect_safe(rig, stopped_us, 8000);
	rig_go(rig);
	tmux_expect(&tmux, "the trial ended: it was stopped");
	rig_refute(rig, mark, "response/put", NULL); // nothing of it is on the chair
	assert_false(is_there(rig, "profiles/mine.cfg"));
	expect_file(rig, "mine.cfg", text);
}

static void a_trial_ends_and_may_be_repeated(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);

	press("Right", 1);
	tmux_expect(&tmux, "target 23 N; t tries it after this trial");
	type("t");
	tmux_expect(&tmux, "not tried: a trial is under way");
	type("<"); // the intensity counts at once
	rig_expect(rig, mark, "target", "\"intensity\":95.0", SOON_MS);
	tmux_expect(&tmux, "intensity 95 %");
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	tmux_expect(&tmux, "the trial is over");
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	type(">");
	tmux_expect(&tmux, "intensity 100 %");
	mark = client_mark(rig->client);
	type("t");
	rig_expect(rig, mark, "target", "\"value\":23.0", SOON_MS);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void quitting_stops_a_trial(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);

	type("qq"); // unsaved
	assert_int_equal(tmux_code(&tmux), 0);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void ctrl_c_stops_a_trial_and_goes_on(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);

	press("C-c", 1);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	tmux_expect(&tmux, "the trial ended: it was stopped");
	rig_expect_nothing_on(rig);
	rig_go(rig);
	press("Right", 1);
	tmux_expect(&tmux, "target 23 N");
}

static void a_program_that_dies_releases(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);

	assert_int_equal(kill(tmux_pid(&tmux), SIGKILL), 0);
	rig_expect(rig, mark, "event", "\"cause\":\"lease\"", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void a_terminal_that_is_closed_releases_and_loses_nothing(void **state)
{
	struct rig *rig = *state;
	size_t mark = feel(rig);

	tmux_end(&tmux);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect_nothing_on(rig);
	while (!is_there(rig, "mine.cfg.unsaved"))
		client_wait(rig->client, client_mark(rig->client), "", NULL, 50);
	expect_file(rig, "mine.cfg", text);
	expect_file(rig, "mine.cfg.unsaved", with("newtons = 20.0;", "newtons = 22.0;"));
}

static void a_lost_broker_releases_and_the_changes_can_be_saved(void **state)
{
	struct rig *rig = *state;

	feel(rig);
	process_signal(rig->broker, SIGKILL);
	tmux_expect(&tmux, "no broker");
	rig_expect_nothing_on(rig); // by the lease
	press("Right", 1);
	tmux_expect(&tmux, "not changed: no broker");
	type("s");
	tmux_expect(&tmux, "saved to mine.cfg");
	expect_file(rig, "mine.cfg", with("newtons = 20.0;", "newtons = 22.0;"));
	type("q");
	assert_int_equal(tmux_code(&tmux), 0);
}

// --- terminals --------------------------------------------------------------------------------

static void a_window_of_another_size_is_drawn_anew(void **state)
{
	struct rig *rig = *state;

	begin(rig);
	tmux_resize(&tmux, 120, 40);
	tmux_expect(&tmux, "step 1 of 2");
	tmux_expect(&tmux, "q quit");
	tmux_resize(&tmux, 50, 10);
	tmux_expect(&tmux, "at least 60 x ");
	tmux_expect_gone(&tmux, "target");
	tmux_resize(&tmux, 80, 24);
	tmux_expect(&tmux, "> target           20  N");
	type("?");
	tmux_expect(&tmux, "undo the last nudge");
	type("x");
	tmux_expect(&tmux, "> target           20  N");
}

// In the colour of an error, if there are colours.
static bool is_red(void)
{
	static char screen[TMUX_SCREEN_SIZE];

	tmux_expect(&tmux, "there is nothing to undo");
	return strstr(tmux_colors(&tmux, screen), "31m") != NULL;
}

static void colours_and_characters_are_those_of_the_terminal(void **state)
{
	static const char *const plain[] = { "NO_COLOR=1", "LC_ALL=C", NULL };
	static const char *const rich[] = { "LC_ALL=C.UTF-8", NULL };
	struct rig *rig = *state;
	static char screen[TMUX_SCREEN_SIZE];

	rig_write(rig, "mine.cfg", text);
	tune(rig, "mine.cfg", rich);
	tmux_expect(&tmux, "? lists the keys");
	type("u");
	assert_true(is_red());
	tmux_end(&tmux);
	tune(rig, "mine.cfg", plain);
	tmux_expect(&tmux, "? lists the keys");
	type("u");
	assert_false(is_red());
	rig_will_halt(rig, "halt:hold");
	type("t");
	rig_halted(rig);
	tmux_expect(&tmux, "#");
	assert_null(strstr(tmux_screen(&tmux, screen), "█"));
	rig_go(rig);
}

static void expect_refused(struct rig *rig, const char *what, int code, const char *message)
{
	tune(rig, what, NULL);
	assert_int_equal(tmux_code(&tmux), code);
	tmux_expect(&tmux, message);
	tmux_end(&tmux);
}

static void what_cannot_be_tuned_is_refused(void **state)
{
	struct rig *rig = *state;

	expect_refused(rig, "nothing.cfg", 2, "nothing.cfg");
	expect_refused(rig, "easde", 1, "did you mean eased?");
	rig_write(rig, "bad.cfg", "title = 5;\n");
	expect_refused(rig, "bad.cfg", 1, "bad.cfg:1: title: is a whole number, not a string");
	rig_write(rig, "hard.cfg", with("49.0", "51.0"));
	expect_refused(rig, "hard.cfg", 1, "steps[1].target: 51 N is above");
}

static void a_terminal_that_cannot_be_drawn_on_is_refused(void **state)
{
	static const char *const terms[] = { "TERM=none-such", "TERM=dumb", "TERM=" };
	struct rig *rig = *state;
	char path[400], message[80];

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++) {
		const char *const argv[] = { "env", terms[i], program(path), "tune",
			"--config=chaird.cfg", "eased", NULL };

		tmux_start(&tmux, rig, 80, 24, argv, NULL);
		assert_int_equal(tmux_code(&tmux), 2);
		snprintf(message, sizeof(message), "%s is no terminal that can be drawn on",
			terms[i]);
		tmux_expect(&tmux, message);
		tmux_end(&tmux);
	}
}

static void without_a_terminal_it_is_refused(void **state)
{
	struct rig *rig = *state;
	char path[400], config[220], *output;
	const char *const argv[] = { "sh", "-c", "exec \"$0\" \"$@\" </dev/null", program(path),
		"tune", config, "eased", NULL };
	struct process *process;

	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process = process_start(argv, NULL);
	assert_int_equal(WEXITSTATUS(process_wait(process, SOON_MS)), 2);
	process_logged(process, "all of it", SOON_MS);
	output = process_output(process);
	assert_non_null(strstr(output, "standard input and output must be a terminal"));
	free(output);
	process_free(process);
}

static int teardown(void **state)
{
	tmux_end(&tmux);
	return rig_teardown(state);
}

int main(void)
{
#define ON_RECLINER(test) cmocka_unit_test_setup_teardown(test, rig_setup_recliner, teardown)
	const struct CMUnitTest tests[] = {
		ON_RECLINER(a_value_changes_and_the_file_in_that_line_alone),
		ON_RECLINER(a_value_of_the_defaults_is_added_to_the_step),
		ON_RECLINER(what_the_chair_may_not_play_is_not_changed),
		ON_RECLINER(unsaved_changes_are_asked_about),
		ON_RECLINER(a_file_that_another_program_has_changed_is_asked_about),
		ON_RECLINER(a_profile_of_the_chair_is_put_back_and_saved_here),
		ON_RECLINER(a_step_is_felt_as_it_was_tuned),
		ON_RECLINER(a_trial_ends_and_may_be_repeated),
		ON_RECLINER(quitting_stops_a_trial),
		ON_RECLINER(ctrl_c_stops_a_trial_and_goes_on),
		ON_RECLINER(a_program_that_dies_releases),
		ON_RECLINER(a_terminal_that_is_closed_releases_and_loses_nothing),
		ON_RECLINER(a_lost_broker_releases_and_the_changes_can_be_saved),
		ON_RECLINER(a_window_of_another_size_is_drawn_anew),
		ON_RECLINER(colours_and_characters_are_those_of_the_terminal),
		ON_RECLINER(what_cannot_be_tuned_is_refused),
		ON_RECLINER(a_terminal_that_cannot_be_drawn_on_is_refused),
		ON_RECLINER(without_a_terminal_it_is_refused),
	};

	return cmocka_run_group_tests_name("tune", tests, NULL, NULL);
}
