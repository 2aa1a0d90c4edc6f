// SPDX-License-Identifier: MIT
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/options.h"

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static void own_settings_come_first(void **state)
{
	const struct subcommand asks = {
		.name = "ask", .operands = "", .common = COMMON_BROKER, .summary = "", .details = ""
	};
	char home[] = "/tmp/chaird-home-XXXXXX", folder[60], file[80];
	char ask[] = "ask", id[] = "--id=x", *words[] = { ask, id, NULL };
	struct options options;
	FILE *stream;
	int r;

	(void)state;
	assert_non_null(mkdtemp(home));
	snprintf(folder, sizeof(folder), "%s/.config", home);
	snprintf(file, sizeof(file), "%s/chairctl.cfg", folder);
	assert_int_equal(mkdir(folder, 0755), 0);
	stream = fopen(file, "we");
	assert_non_null(stream);
	fputs("broker = { username = \"technician\"; password_file = \"pw\"; };", stream);
	assert_int_equal(fclose(stream), 0);
	setenv("HOME", home, 1);
	assert_true(options_parse(&asks, NULL, 2, words, &options, &r));
	assert_string_equal(options.settings.broker.username, "technician");
	assert_string_equal(options.settings.broker.password_file, "pw");
	unlink(file);
	rmdir(folder);
	rmdir(home);
	assert_true(options_parse(&asks, NULL, 2, words, &options, &r));
	assert_string_not_equal(options.settings.broker.username, "technician");
}

// --- the library ------------------------------------------------------------------------------

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

static void make_file(const char *path)
{
	FILE *stream = fopen(path, "we");

	assert_non_null(stream);
	assert_int_equal(fclose(stream), 0);
}

static void expect_library(const struct options *options, const char *file, const char *end)
{
	char buf[PATH_MAX];
	const char *found = options_library(options, file, buf);
	size_t n = strlen(found);

	if (n < strlen(end) || strcmp(found + n - strlen(end), end) != 0)
		fail_msg("%s, not %s", found, end);
}

static void the_nearest_library_is_taken(void **state)
{
	char root[] = "/tmp/chaird-library-XXXXXX", here[PATH_MAX];
	struct options options = { .settings.profiles_dir = "installed" };

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	make_file("my.cfg");
	expect_library(&options, "my.cfg", "installed"); // nothing is there: for the error

	make_folder("profiles");
	make_folder("profiles/atlas");
	expect_library(&options, "my.cfg", "profiles");
	expect_library(&options, NULL, "profiles");
	make_folder("installed");
	make_folder("installed/atlas");
	expect_library(&options, "my.cfg", "installed");
	expect_library(&options, "gentle", "installed");

	make_folder("other");
	make_folder("other/atlas");
	make_folder("other/chairs");
	make_file("other/chairs/recliner.cfg");
	options.chair = "other/chairs/recliner.cfg";
	expect_library(&options, "my.cfg", "/other");
	make_folder("profiles/sessions");
	make_file("profiles/sessions/my.cfg");
	expect_library(&options, "profiles/sessions/my.cfg", "/profiles");

	options.profiles = "given";
	strcpy(options.settings.profiles_dir, "given");
	expect_library(&options, "profiles/sessions/my.cfg", "given");
	assert_int_equal(chdir(here), 0);
	nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

// --- the command line -------------------------------------------------------------------------

// True if the command line is taken; the settings in *ret.
static bool taken(const char *word, const char *more, struct options *ret)
{
	const struct subcommand asks = {
		.name = "ask", .operands = "", .common = COMMON_BROKER, .summary = "", .details = ""
	};
	char *words[] = { (char[]){ "ask" }, (char[]){ "--id=x" }, (char[]){ "--config=/dev/null" },
		(char *)word, (char *)more, NULL };
	char empty[] = "/tmp/chaird-empty-XXXXXX", config[60];
	bool good;
	int r;

	close(mkstemp(empty));
	snprintf(config, sizeof(config), "--config=%s", empty);
	words[2] = config;
	good = options_parse(&asks, NULL, more ? 5 : 4, words, ret, &r);
	unlink(empty);
	if (!good)
		assert_int_equal(r, EXIT_USAGE);
	return good;
}

// The rules of a file hold for options too (tests/unit/config/test_settings.c has them all).
static void options_that_cannot_work_are_refused(void **state)
{
	static const char *const bad[] = { "--host=mqtt://localhost", "--host=[::1]",
		"--host=localhost:1883", "--host=localhost ", "--host=", "--prefix=$SYS",
		"--prefix=home/+", "--prefix=/chair", "--prefix=home//chair",
		"--prefix=", "--username=me ", "--password-file=/etc/passwd", "--port=0x75B",
		"--port=1e3", "--chair=" };
	struct options options;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (taken(bad[i], NULL, &options))
			fail_msg("%s was taken", bad[i]);
	}
	assert_true(taken("--host=::1", NULL, &options));
	assert_string_equal(options.settings.broker.host, "::1");
	assert_true(taken("--prefix=home/chair", NULL, &options));
	assert_string_equal(options.settings.broker.prefix, "home/chair");
	assert_true(taken("--username=me", "--password-file=/etc/passwd", &options));
	assert_string_equal(options.settings.broker.password_file, "/etc/passwd");
}

// The check covers options as well as files.
static void no_password_leaves_in_the_clear(void **state)
{
	struct options options;

	(void)state;
	assert_false(taken("--username=panel", "--host=far", &options));
	assert_true(taken("--username=panel", "--host=localhost", &options));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_settings_come_first),
		cmocka_unit_test(the_nearest_library_is_taken),
		cmocka_unit_test(options_that_cannot_work_are_refused),
		cmocka_unit_test(no_password_leaves_in_the_clear),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
