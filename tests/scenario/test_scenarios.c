// SPDX-License-Identifier: MIT
//
// Plays every folder of cases/ and compares it with its golden trace; together they make every
// transition of the session.
//
//   test_scenarios [NAME...]     these only
//   UPDATE_GOLDEN=1              write the timeline to `expected` (then read the difference)
#include <dirent.h>
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "player.h"

#define CASES_MAX 300
static const char cases_dir[] = "tests/scenario/cases";

static struct transitions transitions; // of all cases

static char *read_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file)
		return strdup("");
	if (getdelim(&text, &size, '\0', file) < 0) {
		free(text);
		text = strdup("");
	}
	fclose(file);
	return text;
}

static void print_first_difference(const char *expected, const char *actual)
{
	for (int line = 1; *expected || *actual; line++) {
		char a[200], b[200];

		snprintf(a, sizeof(a), "%.*s\n", (int)strcspn(expected, "\n"), expected);
		snprintf(b, sizeof(b), "%.*s\n", (int)strcspn(actual, "\n"), actual);
		if (!timeline_text_alike(a, b)) {
			print_error("expected:%d: %s     instead: %s", line, a, b);
			return;
		}
		expected += strcspn(expected, "\n");
		expected += *expected == '\n';
		actual += strcspn(actual, "\n");
		actual += *actual == '\n';
	}
}

static void compare(const char *dir, const char *actual)
{
	char path[300];

	snprintf(path, sizeof(path), "%s/expected", dir);
	if (getenv("UPDATE_GOLDEN")) {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		fputs(actual, file);
		fclose(file);
		return;
	}
	char *expected = read_file(path);
	bool alike = timeline_text_alike(expected, actual);

	if (!alike)
		print_first_difference(expected, actual);
	free(expected);
	assert_true(alike);
}

static void play(void **state)
{
	struct scenario *scenario = calloc(1, sizeof(*scenario));
	struct player *player = calloc(1, sizeof(*player));
	char *actual = NULL;
	size_t size;

	assert_non_null(scenario);
	assert_non_null(player);
	assert_int_equal(scenario_load(*state, scenario), 0);
	int error = player_play(scenario, player);
	FILE *out = open_memstream(&actual, &size);

	timeline_print(&player->timeline, out);
	fclose(out);
	size_t failed = error ? 1 : player_judge(player);

	transitions_merge(&transitions, &player->transitions);

	player_free(player);
	free(player);
	free(scenario);
	if (!error)
		compare(*state, actual);
	else
		print_error("%s", actual);
	free(actual);
	assert_int_equal(failed, 0);
}

static void every_transition_of_the_session_happens(void **state)
{
	(void)state;
	assert_int_equal(transitions_missing(&transitions), 0);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct CMUnitTest *)a)->name, ((const struct CMUnitTest *)b)->name);
}

static bool asked_for(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!fnmatch(argv[i], name, 0))
			return true;
	}
	return argc < 2;
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[CASES_MAX + 1];
	size_t n = 0;
	DIR *dir = opendir(cases_dir);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		char *path;

		if (entry->d_name[0] == '.' || !asked_for(entry->d_name, argc, argv) ||
			n == CASES_MAX || asprintf(&path, "%s/%s", cases_dir, entry->d_name) < 0)
			continue;
		tests[n++] = (struct CMUnitTest){ path + sizeof(cases_dir), play, NULL, NULL,
			path };
	}
	if (dir)
		closedir(dir);
	if (!n) {
		fprintf(stderr, "no scenarios in %s\n", cases_dir);
		return 1;
	}
	qsort(tests, n, sizeof(tests[0]), by_name);
	if (argc < 2)
		tests[n++] = (struct CMUnitTest)
			cmocka_unit_test(every_transition_of_the_session_happens);
	int failed = _cmocka_run_group_tests("scenarios", tests, n, NULL, NULL);

	for (size_t i = 0; i < n; i++)
		free(tests[i].initial_state);
	return failed;
}
