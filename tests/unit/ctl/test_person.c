// SPDX-License-Identifier: MIT
//
// Profiles for a person: closed points with their reason, and the person's ceiling. People written
// into their file.
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

#include "subcommand_run.h"

static const char people[] =
	"persons = (\n"
	"  { name = \"anna\"; height_cm = 164.0; ceiling_intensity = 50.0; closed = (\n"
	"      { points = [ \"rhomboid.left\" ]; reason = \"a wound\"; } ); },\n"
	"  { name = \"eve\"; height_cm = 175.0; closed = (\n"
	"      { regions = [ \"all\" ]; reason = \"a recent stroke\"; } ); }\n"
	");\n";

static const char profile[] =
	"title = \"Short\";\n"
	"steps = ( { points = [ \"rhomboid\" ];\n"
	"  target = { newtons = 30.0; floor = 10.0; }; hold_s = 30.0; rest_s = 35.0; } );\n";

struct fixture {
	char dir[40], persons[60], option[80], profile[60];
	struct subcommand_output caught;
};

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	strcpy(f->dir, "/tmp/chaird-person-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->persons, sizeof(f->persons), "%s/persons.cfg", f->dir);
	snprintf(f->option, sizeof(f->option), "--persons=%s", f->persons);
	snprintf(f->profile, sizeof(f->profile), "%s/short.cfg", f->dir);
	write_file(f->persons, people);
	write_file(f->profile, profile);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	char backup[80];

	snprintf(backup, sizeof(backup), "%s.bak", f->persons);
	unlink(backup);
	unlink(f->persons);
	unlink(f->profile);
	rmdir(f->dir);
	free(f);
	return 0;
}

// A subcommand on the profile, for a person. Returns the exit code.
static int for_person(struct fixture *f, const struct subcommand *subcommand, const char *person)
{
	const char *const args[] = { f->profile, f->option, "--profiles=tests/unit/ctl/library",
		"--chair=profiles/chairs/recliner.cfg", "--person", person, NULL };

	return subcommand_run(subcommand, args, NULL, &f->caught);
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

// --- --person ---------------------------------------------------------------------------------

static void a_proof_is_the_persons(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(for_person(f, &cmd_check, "anna"), EXIT_OK);
	has(f->caught.out, "for anna on chair recliner: 2 segments");
	has(f->caught.out,
		"short.cfg:2: warning: steps[0].points: rhomboid.left is closed to "
		"anna: a wound\n");
	has(f->caught.out, "upper_back                    20.0 N     50.0 N\n");
	assert_null(strstr(f->caught.out, "30.0 N "));
}

static void nothing_left_is_an_error_with_its_reason(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(for_person(f, &cmd_check, "eve"), EXIT_REFUSED);
	has(f->caught.out, ": all of it is closed to eve: a recent stroke\n");
	assert_int_equal(for_person(f, &cmd_simulate, "eve"), EXIT_REFUSED);
	has(f->caught.errors, "chair recliner cannot play it as it is for eve\n");
}

static void a_simulation_is_the_persons(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(for_person(f, &cmd_simulate, "anna"), EXIT_OK);
	has(f->caught.out, "left out: rhomboid.left: closed to anna: a wound\n");
	has(f->caught.out, "rhomboid.right     20.0 N ");
	has(f->caught.out, " s for anna on recliner (seed 1)\n");
}

static void words_are_for_the_person(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(for_person(f, &cmd_explain, "anna"), EXIT_OK);
	has(f->caught.out, "Short (short) for anna on chair recliner");
	has(f->caught.out, "The rhomboids, right (1 of 2): the pressure rises to 20 N");
	has(f->caught.out, "Left out\n  rhomboid.left: closed to anna: a wound\n");
}

static void a_difference_is_the_persons(void **state)
{
	struct fixture *f = *state;
	const char *const args[] = { f->profile, "one", f->option,
		"--profiles=tests/unit/ctl/library", "--chair=profiles/chairs/recliner.cfg",
		"--person=anna", NULL };

	assert_int_equal(subcommand_run(&cmd_diff, args, NULL, &f->caught), EXIT_OK);
	has(f->caught.out, "short -> one for anna on chair recliner");
	has(f->caught.out, "  rhomboid.right: ");
	assert_null(strstr(f->caught.out, "rhomboid.left"));
}

static void nobody_of_that_name_is_an_error(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(for_person(f, &cmd_check, "ana"), EXIT_REFUSED);
	has(f->caught.out, "/persons.cfg: has nobody called \"ana\" (did you mean \"anna\"?)\n");
	assert_int_equal(for_person(f, &cmd_explain, "zoe"), EXIT_REFUSED);
	has(f->caught.errors, "has nobody called \"zoe\" (chairctl person add writes a person");
	unlink(f->persons);
	assert_int_equal(for_person(f, &cmd_explain, "anna"), EXIT_REFUSED);
	has(f->caught.errors, "/persons.cfg: cannot be read: No such file");
}

// --- person add and remove --------------------------------------------------------------------

static int person(struct fixture *f, const char *typed, const char *const words[])
{
	const char *args[SUBCOMMAND_ARGS_MAX] = { f->option, "--profiles=tests/unit/ctl/library" };
	size_t n = 0;

	for (; words[n]; n++)
		args[n + 2] = words[n];
	return subcommand_run(&cmd_person, args, typed, &f->caught);
}
#define PERSON(f, typed, ...) person(f, typed, (const char *const[]){ __VA_ARGS__, NULL })

static void file_is(const struct fixture *f, const char *expected)
{
	char text[2000];
	FILE *file = fopen(f->persons, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static void a_person_is_added_and_the_rest_stays(void **state)
{
	struct fixture *f = *state;
	char expected[2000];

	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=188", "--shoulder-offset=-10.5",
				 "--ceiling=70%", "--closed", "rhomboid, upper_back=a \"bad\" one",
				 "--closed=all=ill"),
		EXIT_OK);
	has(f->caught.out, "ben is in ");
	snprintf(expected, sizeof(expected),
		"%.*s,\n"
		"  { name = \"ben\"; height_cm = 188.0; shoulder_offset_mm = -10.5; "
		"ceiling_intensity = 70.0;\n"
		"    closed = (\n"
		"      { regions = [ \"upper_back\" ]; points = [ \"rhomboid\" ]; reason = \"a "
		"\\\"bad\\\" one\"; },\n"
		"      { regions = [ \"all\" ]; reason = \"ill\"; }\n"
		"    ); }\n);\n",
		(int)(strlen(people) - strlen("\n);\n")), people);
	file_is(f, expected);
	assert_int_equal(PERSON(f, NULL, "remove", "ben"), EXIT_OK);
	file_is(f, people);
}

static void what_cannot_be_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(PERSON(f, NULL, "add", "anna", "--height=164"), EXIT_REFUSED);
	has(f->caught.errors, "is unchanged: there is a \"anna\" already\n");
	assert_int_equal(PERSON(f, NULL, "add", "Ben", "--height=164"), EXIT_USAGE);
	has(f->caught.errors, "\"Ben\" is no name (1 ... 47 of a-z, 0-9, _ and -");
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=100"), EXIT_USAGE);
	has(f->caught.errors, "--height: 100 is out of range (140 ... 220)");
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=180", "--closed=nek=x"),
		EXIT_USAGE);
	has(f->caught.errors, "no region and no point \"nek\" (did you mean neck?");
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=180", "--closed=neck"),
		EXIT_USAGE);
	has(f->caught.errors, "\"neck\": the reason is missing: write ");
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=180", "--closed=,=x"), EXIT_USAGE);
	has(f->caught.errors, "names no region and no point");
	assert_int_equal(PERSON(f, NULL, "remove", "ben"), EXIT_REFUSED);
	has(f->caught.errors, "is unchanged: it has nobody called \"ben\"");
	assert_int_equal(PERSON(f, NULL, "add"), EXIT_USAGE);
	assert_int_equal(PERSON(f, NULL, "list", "ben"), EXIT_USAGE);
	file_is(f, people);
	write_file(f->persons, "persons = ( { name = \"anna\"; } );\n");
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=180"), EXIT_REFUSED);
	has(f->caught.errors, "persons.cfg:1: persons[0].height_cm: is missing");
	file_is(f, "persons = ( { name = \"anna\"; } );\n");
}

static void answers_are_asked_for_until_they_can_be(void **state)
{
	struct fixture *f = *state;

	unlink(f->persons);
	assert_int_equal(PERSON(f, "1.8\ntall\n180\n\n 90 \nnek\n?\nrhomboid\n\na wound\n\n", "add",
				 "ben"),
		EXIT_OK);
	has(f->caught.out, "  1.8 is out of range (140 ... 220 cm)\n");
	has(f->caught.out, "there is no region and no point \"nek\"");
	has(f->caught.out, "regions: all, neck, shoulder");
	file_is(f,
		"# People by name: see persons.cfg(5).\n"
		"persons = (\n"
		"  { name = \"ben\"; height_cm = 180.0; ceiling_intensity = 90.0;\n"
		"    closed = (\n"
		"      { points = [ \"rhomboid\" ]; reason = \"a wound\"; }\n"
		"    ); }\n"
		");\n");
	assert_int_equal(PERSON(f, "180\n\n", "add", "carl"), EXIT_REFUSED);
	has(f->caught.errors, "the answers have ended; nothing was changed");
}

static void a_new_file_can_be_read_by_the_daemon(void **state)
{
	struct fixture *f = *state;
	struct stat status;

	unlink(f->persons);
	assert_int_equal(PERSON(f, NULL, "add", "ben", "--height=180"), EXIT_OK);
	assert_int_equal(stat(f->persons, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
	assert_int_equal(chmod(f->persons, 0640), 0);
	assert_int_equal(PERSON(f, NULL, "add", "carl", "--height=180"), EXIT_OK);
	assert_int_equal(stat(f->persons, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_proof_is_the_persons),
		TEST(nothing_left_is_an_error_with_its_reason),
		TEST(a_simulation_is_the_persons),
		TEST(words_are_for_the_person),
		TEST(a_difference_is_the_persons),
		TEST(nobody_of_that_name_is_an_error),
		TEST(a_person_is_added_and_the_rest_stays),
		TEST(what_cannot_be_is_refused),
		TEST(answers_are_asked_for_until_they_can_be),
		TEST(a_new_file_can_be_read_by_the_daemon),
	};

	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
