// SPDX-License-Identifier: MIT
//
// Profiles for a person: closed points with their reason, and the person's ceiling.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
	};

	return cmocka_run_group_tests_name("person", tests, NULL, NULL);
}
