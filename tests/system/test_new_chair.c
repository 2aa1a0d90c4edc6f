// SPDX-License-Identifier: MIT
//
// `chairctl new-chair` in a terminal: an older chair with relays and a mechanism of a newer one,
// with each kind of actuator as each of its builds, from the first question of new_chair/*.dialogue
// to the file beside it, which `chairctl check` accepts. Nothing is moved here: this
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

#define FOLDER  "tests/system/new_chair/"
#define COLUMNS 160 // so that a question is one line
#define ROWS    100

static struct tmux tmux;

static void begin(struct rig *rig, const char *option)
{
	const char *build = getenv("CHAIRD_BUILD");
	char program[400], file[200], real[4096];
	const char *const argv[] = { real, "new-chair", file, option, NULL };

	snprintf(program, sizeof(program), "%s/chairctl", build ? build : "build/default");
	assert_non_null(realpath(program, real));
	rig_path(rig, "new.cfg", file);
	tmux_start(&tmux, rig, COLUMNS, ROWS, argv, NULL);
}

// Whether the last line of the screen is the question, and nothing is typed there yet.
static bool is_asked(const char *screen, const char *question)
{
	const char *last = strrchr(screen, '\n');
	size_t n = strlen(screen);

	return strstr(last ? last : screen, question) && n && screen[n - 1] == ':';
}

static void wait_for_question(const char *question)
{
	char screen[TMUX_SCREEN_SIZE];
	bool asked = false;

	for (int i = 0; !asked && i < SOON_MS; i++) {
		tmux_expect(&tmux, question);
		tmux_screen(&tmux, screen);
		for (size_t n = strlen(screen); n && strchr(" \n", screen[n - 1]);)
			screen[--n] = '\0';
		asked = is_asked(screen, question);
	}
	if (!asked)
		fail_msg("\"%s\" is not the last question of\n%s", question, screen);
}

// A file of lines "question > answer".
static void answer_all(const char *dialogue)
{
	char path[200], line[200], *answer;
	FILE *file;

	snprintf(path, sizeof(path), FOLDER "%s.dialogue", dialogue);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		answer = strstr(line, " >");
		assert_non_null(answer);
		*answer = '\0';
		wait_for_question(line);
		if (answer[2])
			tmux_type(&tmux, answer + 3);
		tmux_type(&tmux, "Enter");
	}
	fclose(file);
}

// The file is the expected one, and has no error.
static void check_written(struct rig *rig, const char *dialogue)
{
	struct problems problems = { 0 };
	char path[200], *written = rig_read(rig_path(rig, "new.cfg", path)), *expected;
	struct chair chair;

	assert_int_equal(chair_load(path, &problems, &chair), 0);
	problems_clear(&problems);
	snprintf(path, sizeof(path), FOLDER "%s.cfg", dialogue);
	expected = rig_read(path);
	assert_string_equal(written, expected);
	free(written);
	free(expected);
}

static void a_chair_with_relays(void **state)
{
	begin(*state, NULL);
	answer_all("relays");
	assert_int_equal(tmux_code(&tmux), 0);
	check_written(*state, "relays");
}

static void a_mechanism(void **state)
{
	begin(*state, "--still");
	answer_all("mechanism");
	assert_int_equal(tmux_code(&tmux), 0);
	check_written(*state, "mechanism");
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
