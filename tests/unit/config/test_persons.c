// SPDX-License-Identifier: MIT
//
// People by name: what their file may hold, and what is said of one that is wrong.
#include "sandbox.h"

#include <errno.h>

#include "config/settings.h"

static struct point points[] = {
	{ .name = "gluteus.left", .side = SIDE_LEFT, .region = REGION_BUTTOCK, .refers_to = "" },
	{ .name = "gluteus.right", .side = SIDE_RIGHT, .region = REGION_BUTTOCK, .refers_to = "" },
	{ .name = "rhomboid.left",
		.side = SIDE_LEFT,
		.region = REGION_UPPER_BACK,
		.refers_to = "" },
	{ .name = "rhomboid.right",
		.side = SIDE_RIGHT,
		.region = REGION_UPPER_BACK,
		.refers_to = "" },
};
static const struct atlas atlas = { .points = points, .n_points = 4 };

static const char good[] = "persons = (\n"
			   "  { name = \"anna\"; height_cm = 164; shoulder_offset_mm = 10.0;\n" // 2
			   "    ceiling_intensity = 70.0;\n"
			   "    closed = (\n" // 4
			   "      { regions = [ \"lower_back\", \"neck\" ]; "
			   "points = [ \"rhomboid.left\", \"gluteus\" ];\n"
			   "        reason = \"disc surgery in 2024\"; }\n" // 6
			   "    ); },\n"
			   "  { name = \"ben\"; height_cm = 188.5; }\n" // 8
			   ");\n";

static int load(struct sandbox *sandbox, const char *text, struct problems *problems,
	struct persons *ret_persons)
{
	return persons_load(sandbox_file(sandbox, "persons.cfg", text), &atlas, problems,
		ret_persons);
}

static void people_are_read(void **state)
{
	struct problems problems = { 0 };
	struct persons persons;
	const struct person *anna;

	assert_int_equal(load(*state, good, &problems, &persons), 0);
	assert_int_equal(persons.n, 2);
	anna = persons_find(&persons, "anna");
	assert_non_null(anna);
	assert_true(anna->height_cm == 164 && anna->shoulder_offset_mm == 10);
	assert_true(anna->ceiling_percent == 70);
	assert_int_equal(anna->n_closings, 1);
	assert_int_equal(anna->closings[0].regions, 1u << REGION_LOWER_BACK | 1u << REGION_NECK);
	assert_int_equal(anna->closings[0].n_points, 3);
	assert_string_equal(person_closed(anna, &atlas, 0), "disc surgery in 2024");
	assert_string_equal(person_closed(anna, &atlas, 2), "disc surgery in 2024");
	assert_null(person_closed(anna, &atlas, 3));
	assert_true(persons_find(&persons, "ben")->ceiling_percent == 100);
	assert_null(persons_find(&persons, "be"));
	persons_clear(&persons);
	assert_int_equal(load(*state, "persons = ( );\n", &problems, &persons), 0);
	assert_int_equal(persons.n, 0);
	persons_clear(&persons);
}

static void a_whole_body_may_be_closed(void **state)
{
	struct problems problems = { 0 };
	struct persons persons;

	assert_int_equal(load(*state,
				 "persons = ( { name = \"eve\"; height_cm = 170; closed = ( "
				 "{ regions = [ \"all\" ]; reason = \"pregnant\"; } ); } );\n",
				 &problems, &persons),
		0);
	for (size_t i = 0; i < atlas.n_points; i++)
		assert_string_equal(person_closed(&persons.list[0], &atlas, i), "pregnant");
	persons_clear(&persons);
}

struct edit {
	const char *find, *replace, *expected;
};

static const struct edit edits[] = {
	{ "height_cm = 164", "height_cm = 130",
		"persons.cfg:2: persons[0].height_cm: 130 is out of range (140 ... 220 cm)\n" },
	{ "height_cm = 164", "height = 164",
		"persons.cfg:2: persons[0].height: unknown key (allowed: name, height_cm, "
		"shoulder_offset_mm, ceiling_intensity, closed; did you mean \"height_cm\"?)\n" },
	{ "shoulder_offset_mm = 10.0", "shoulder_offset_mm = 200",
		"persons.cfg:2: persons[0].shoulder_offset_mm: 200 is out of range (-80 ... 80 "
		"mm)\n" },
	{ "ceiling_intensity = 70.0", "ceiling_intensity = 170",
		"persons.cfg:3: persons[0].ceiling_intensity: 170 is out of range (0 ... 100 "
		"%)\n" },
	{ "name = \"anna\"", "name = \"Anna B.\"", NULL },
	{ "name = \"ben\"", "name = \"anna\"",
		"persons.cfg:8: persons[1].name: there is another \"anna\"\n" },
	{ "\"lower_back\"", "\"lower back\"",
		"persons.cfg:5: persons[0].closed[0].regions[0]: no region \"lower back\" (did you "
		"mean \"lower_back\"?)\n" },
	{ "\"rhomboid.left\"", "\"romboid.left\"",
		"persons.cfg:5: persons[0].closed[0].points[0]: no point \"romboid.left\" (did you "
		"mean \"rhomboid.left\"?)\n" },
	{ "reason = \"disc surgery in 2024\";", "",
		"persons.cfg:5: persons[0].closed[0].reason: is missing (a string)\n" },
	{ "regions = [ \"lower_back\", \"neck\" ]; points = [ \"rhomboid.left\", \"gluteus\" ];",
		"",
		"persons.cfg:5: persons[0].closed[0]: closes nothing: write regions = [ ... ], "
		"points = [ ... ] or both\n" },
	{ "{ name = \"ben\"; height_cm = 188.5; }\n);", "\"ben\" );",
		"persons.cfg:8: persons[1]: is a string, not a group { }\n" },
	{ "persons = (", "people = (", NULL },
};

static void every_error_is_reported(void **state)
{
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		struct problems problems = { 0 };
		struct persons persons = { .n = 99 };
		char *text = sandbox_edit(good, edits[i].find, edits[i].replace), *lines;

		assert_int_equal(load(*state, text, &problems, &persons), -EINVAL);
		assert_int_equal(persons.n, 99);
		lines = sandbox_lines(&problems);
		if (edits[i].expected)
			assert_string_equal(lines, edits[i].expected);
		else
			assert_true(*lines);
		free(lines);
		free(text);
	}
}

static void seventeen_people_are_too_many(void **state)
{
	struct problems problems = { 0 };
	char text[2000] = "persons = (", *lines;
	struct persons persons;

	for (int i = 0; i <= PERSONS_MAX; i++)
		sprintf(text + strlen(text), "%s { name = \"p%d\"; height_cm = 170; }",
			i ? "," : "", i);
	strcat(text, ");\n");
	assert_int_equal(load(*state, text, &problems, &persons), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines, "persons.cfg:1: persons: has 17 people (at most 16)\n");
	free(lines);
}

// --- with the library ---------------------------------------------------------------------------

static int load_all(struct sandbox *sandbox, const char *persons, struct problems *problems,
	struct library **ret_library)
{
	struct settings settings;

	settings_default(&settings);
	strcpy(settings.profiles_dir, "profiles");
	strcpy(settings.chair_file, "profiles/chairs/bench.cfg");
	strcpy(settings.state_dir, sandbox->dir);
	if (persons)
		strcpy(settings.persons_file, sandbox_path(sandbox, persons));
	return library_load_all(&settings, problems, ret_library);
}

static void only_the_usual_file_may_be_absent(void **state)
{
	struct problems problems = { 0 };
	struct library *library;
	char *lines;

	assert_int_equal(load_all(*state, NULL, &problems, &library), 0);
	assert_int_equal(library->persons.n, 0);
	library_free(library);
	assert_int_equal(load_all(*state, "nobody.cfg", &problems, &library), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_non_null(strstr(lines, "nobody.cfg"));
	free(lines);
	sandbox_file(*state, "persons.cfg",
		"persons = ( { name = \"ben\"; height_cm = 188.5; } );\n");
	assert_int_equal(load_all(*state, "persons.cfg", &problems, &library), 0);
	assert_int_equal(library->persons.n, 1);
	library_free(library);
}

static void profiles_that_were_stored_come_with_the_people(void **state)
{
	struct problems problems = { 0 };
	struct library *library;

	sandbox_folder(*state, "profiles");
	sandbox_file(*state, "profiles/own.cfg",
		"title = \"Own\"; steps = ( { points = [ \"gastrocnemius\" ];\n"
		"  target = { newtons = 20.0; floor = 8.0; }; } );\n");
	sandbox_file(*state, "persons.cfg",
		"persons = ( { name = \"ben\"; height_cm = 188.5; } );\n");
	assert_int_equal(load_all(*state, "persons.cfg", &problems, &library), 0);
	assert_non_null(library_profile(library, "own"));
	assert_non_null(library_profile(library, "gentle"));
	assert_int_equal(library->persons.n, 1);
	library_free(library);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_setup, sandbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(people_are_read),
		TEST(a_whole_body_may_be_closed),
		TEST(every_error_is_reported),
		TEST(seventeen_people_are_too_many),
		TEST(only_the_usual_file_may_be_absent),
		TEST(profiles_that_were_stored_come_with_the_people),
	};

	return cmocka_run_group_tests_name("persons", tests, NULL, NULL);
}
