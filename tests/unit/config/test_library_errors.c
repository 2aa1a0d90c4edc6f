// SPDX-License-Identifier: MIT
//
// Atlas, pathways, profiles and settings: valid files, one edit, and exactly the problems that it
// causes.
#include "sandbox.h"

#include <errno.h>

#include "config/settings.h"

static const char valid_points[] =
	"points = (\n"
	"  { name = \"rhomboid\"; muscle = \"rhomboids\"; region = \"upper_back\"; along = 0.2; "
	"lateral_mm = 45;\n"
	"    refers_to = \"scapula\"; source = \"book\"; },\n"
	"  { name = \"soleus\"; muscle = \"soleus\"; region = \"calf\"; along = 0.5; "
	"lateral_mm = 20.0;\n" // 4
	"    refers_to = \"heel\"; source = \"book\"; },\n"
	"  { name = \"tibialis\"; muscle = \"tibialis\"; region = \"shin\"; along = 0.5; "
	"lateral_mm = 20;\n" // 6
	"    refers_to = \"ankle\"; source = \"book\"; sides = \"left\"; },\n"
	"  { name = \"spine.t5\"; muscle = \"multifidi\"; region = \"mid_back\"; along = 0.5; "
	"lateral_mm = 0;\n" // 8
	"    refers_to = \"local\"; source = \"book\"; sides = \"middle\"; "
	"sensitivity = \"high\"; },\n"
	"  { name = \"nerve\"; muscle = \"popliteus\"; region = \"calf\"; along = 0.1; "
	"lateral_mm = 10;\n" // 10
	"    refers_to = \"knee\"; source = \"book\"; closed = \"a nerve lies there\"; }\n"
	");\n";

static const char valid_pathways[] =
	"pathways = (\n"
	"  { name = \"back\"; title = \"Back\"; referral = \"scapula\"; "
	"points = [ \"rhomboid\", \"spine.t5\" ]; },\n"
	"  { name = \"leg\"; title = \"Leg\"; referral = \"heel\"; points = [ \"soleus.left\" ]; "
	"},\n"
	"  { name = \"knee\"; title = \"Knee\"; referral = \"knee\"; "
	"points = [ \"soleus\", \"nerve\" ]; }\n"
	");\n";

static const char valid_profile[] =
	"title = \"Test\"; description = \"d\"; minutes_max = 10;\n"
	"breathing = { inhale_s = 4; exhale_s = 6.5; };\n"
	"defaults = { technique = \"hold\"; target = { newtons = 20; floor = 5; }; hold_s = 30; "
	"};\n" // 3
	"steps = (\n"
	"  { pathway = \"back\"; ramp_n_per_s = 5; },\n" // 5
	"  { points = [ \"rhomboid\", \"soleus.left\" ]; sides = \"left\"; rest_s = 40; },\n"
	"  { technique = \"stroke\"; pathway = \"back\"; speed_mm_s = 20; repeats = 1; },\n" // 7
	"  { technique = \"knead\"; points = ( \"rhomboid\" ); target = { permille = 300; "
	"floor = 100; }; duration_s = 9; },\n"
	"  { technique = \"pause\"; duration_s = 10; }\n" // 9
	");\n";

static const char good_settings[] =
	"chair_file = \"/etc/chair.cfg\"; telemetry_hz = 5;\n"
	"broker = {\n"
	"  host = \"broker\"; port = 8883; tls = true; ca_file = \"/ca\"; grace_s = 2.5;\n"
	"};\n"
	"home_assistant = { prefix = \"ha\"; panel_url = \"https://chair/\"; };\n"
	"dose = { point_s = 240; };\n";

struct edit {
	const char *find, *replace, *expected;
};

static const struct edit point_edits[] = {
	{ "points = (", "points = 1; x = (",
		"a.cfg:1: points: is a whole number, not a list ( )\na.cfg:1: x: unknown key "
		"(allowed: points)\n" },
	{ "points", "pointz",
		"a.cfg:1: pointz: unknown key (allowed: points; did you mean \"points\"?)\n" },
	{ "\"rhomboid\"", "\"Rhomboid\"",
		"a.cfg:2: points[0].name: \"Rhomboid\" is not a name (a-z, 0-9, \".\", \"_\" and "
		"\"-\")\n" },
	{ "\"rhomboid\"", "\"a-name-so-long-that-a-side-has-no-room-in-it-\"",
		"a.cfg:2: points[0].name: is too long (at most 41 bytes)\n" },
	{ "\"soleus\"; muscle", "\"rhomboid\"; muscle",
		"a.cfg:4: points[1].name: \"rhomboid.left\" is already taken (a.cfg:2)\n"
		"a.cfg:4: points[1].name: \"rhomboid.right\" is already taken (a.cfg:2)\n" },
	{ "region = \"calf\"", "region = \"abdomen\"",
		"a.cfg:4: points[1].region: \"abdomen\" is never pressed (no bone protects what "
		"lies there)\n" },
	{ "region = \"calf\";", "",
		"a.cfg:4: points[1].region: is missing (neck, shoulder, upper_back, "
		"mid_back, lower_back, buttock, upper_arm, forearm, hand, thigh, calf, shin, "
		"chest, foot, head, throat, "
		"abdomen, knee)\n" },
	{ "along = 0.2", "along = -0.6",
		"a.cfg:2: points[0].along: -0.6 is out of range (-0.5 ... 1)\n" },
	{ "lateral_mm = 45", "lateral_mm = 301",
		"a.cfg:2: points[0].lateral_mm: 301 is out of range (0 ... 300 mm)\n" },
	{ "sides = \"left\"", "sides = \"lefft\"",
		"a.cfg:7: points[2].sides: \"lefft\" is not known (left, right, both, middle; "
		"did you mean \"left\"?)\n" },
	{ "refers_to = \"heel\"; ", "", "a.cfg:4: points[1].refers_to: is missing (a string)\n" },
	{ "\"high\"", "\"hgih\"",
		"a.cfg:9: points[3].sensitivity: \"hgih\" is not known (usual, high; did you mean "
		"\"high\"?)\n" },
	{ "closed = \"a nerve lies there\"", "closed = \"\"",
		"a.cfg:11: points[4].closed: is empty (a reason)\n" },
	{ "\"a nerve lies there\"", "true",
		"a.cfg:11: points[4].closed: is true or false, not a string\n" },
	{ "source = \"book\"", "sorce = \"book\"",
		"a.cfg:3: points[0].sorce: unknown key (allowed: name, muscle, region, sides, "
		"along, lateral_mm, sensitivity, refers_to, source, closed; did you mean "
		"\"source\"?)\n" },
};

static const struct edit pathway_edits[] = {
	{ "name = \"leg\"", "name = \"back\"",
		"w.cfg:3: pathways[1].name: \"back\" is already taken\n" },
	{ "\"rhomboid\"", "\"romboid\"",
		"w.cfg:2: pathways[0].points[0]: no point \"romboid\" (did you mean "
		"\"rhomboid\"?)\n" },
	{ "\"soleus.left\"", "\"soleus.lefft\"",
		"w.cfg:3: pathways[1].points[0]: no point \"soleus.lefft\" (did you mean "
		"\"soleus.left\"?)\n" },
	{ "\"soleus.left\"", "\"tibialis.right\"",
		"w.cfg:3: pathways[1].points[0]: no point "
		"\"tibialis.right\" (the atlas has only \"tibialis.left\")\n" },
	{ "\"spine.t5\"", "\"rhomboid.right\"",
		"w.cfg:2: pathways[0].points[1]: \"rhomboid.right\" is named twice\n" },
	{ "[ \"soleus.left\" ]", "[ 1 ]",
		"w.cfg:3: pathways[1].points[0]: is a whole number, not a string\n" },
	{ "[ \"soleus.left\" ]", "[ ]", "w.cfg:3: pathways[1].points: has 0 points (1 ... 128)\n" },
	{ "referral = \"heel\"; ", "", "w.cfg:3: pathways[1].referral: is missing (a string)\n" },
};

static const struct edit profile_edits[] = {
	{ "title = \"Test\"; ", "", "p.cfg: title: is missing (a string)\n" },
	{ "minutes_max = 10", "minutes_max = 31",
		"p.cfg:1: minutes_max: 31 is out of range (1 ... 30 min)\n" },
	{ "exhale_s = 6.5", "exhale_s = 16",
		"p.cfg:2: breathing.exhale_s: 16 is out of range (1 ... 15 s)\n" },
	{ "hold_s = 30", "hold_s = 600",
		"p.cfg:3: defaults.hold_s: 600 is out of range (5 ... 90 s)\n" },
	{ "hold_s = 30", "hold_s = 4.9",
		"p.cfg:3: defaults.hold_s: 4.9 is out of range (5 ... 90 s)\n" },
	{ "hold_s = 30", "pathway = \"back\"",
		"p.cfg:3: defaults.pathway: unknown key (allowed: technique, target, ramp_n_per_s, "
		"ramp_permille_per_s, hold_s, ease_min_s, rest_s, repeats, speed_mm_s, "
		"duration_s)\n" },
	{ "ramp_n_per_s = 5", "ramp_n_per_s = 10.1",
		"p.cfg:5: steps[0].ramp_n_per_s: 10.1 is out of range (0.5 ... 10 N/s)\n" },
	{ "ramp_n_per_s = 5", "ramp_permille_per_s = 5",
		"p.cfg:5: steps[0].ramp_permille_per_s: the target is in newtons "
		"(ramp_n_per_s)\n" },
	{ "ramp_n_per_s = 5", "ramp_n_per_s = 5; target = { permille = 200; floor = 0; }",
		"p.cfg:5: steps[0].ramp_n_per_s: the target is in per mille "
		"(ramp_permille_per_s)\n" },
	{ "technique = \"stroke\"", "technique = \"storke\"",
		"p.cfg:7: steps[2].technique: \"storke\" is not known (hold, stroke, knead, pause, "
		"tap, roll, posture; did you mean \"stroke\"?)\n" },
	{ "repeats = 1", "repeats = 1.0",
		"p.cfg:7: steps[2].repeats: is a number with a point, not a whole number (1 ... "
		"6)\n" },
	{ "repeats = 1", "hold_s = 10",
		"p.cfg:7: steps[2].hold_s: does not go with technique = \"stroke\" "
		"(allowed: technique, target, ramp_n_per_s, ramp_permille_per_s, repeats, "
		"speed_mm_s, pathway, points, sides, with)\n" },
	{ "technique = \"pause\";", "technique = \"pause\"; points = [ \"rhomboid\" ];",
		"p.cfg:9: steps[4].points: does not go with technique = \"pause\" (allowed: "
		"technique, duration_s)\n" },
	{ "pathway = \"back\"; ramp", "pathway = \"bakc\"; ramp",
		"p.cfg:5: steps[0].pathway: no pathway \"bakc\" (did you mean \"back\"?)\n" },
	{ "pathway = \"back\"; ramp", "ramp",
		"p.cfg:5: steps[0]: has nowhere to press (pathway or points, "
		"one of them)\n" },
	{ "pathway = \"back\"; ramp", "pathway = \"back\"; points = [ \"rhomboid\" ]; ramp",
		"p.cfg:5: steps[0]: has both pathway and points (pathway or points, one of "
		"them)\n" },
	{ "( \"rhomboid\" )", "( \"romboid\" )",
		"p.cfg:8: steps[3].points[0]: no point \"romboid\" (did you mean "
		"\"rhomboid\"?)\n" },
	{ "sides = \"left\"", "sides = \"middle\"",
		"p.cfg:6: steps[1].sides: leaves no point to press\n" },
	{ " target = { newtons = 20; floor = 5; };", "",
		"p.cfg:5: steps[0].target: is missing (here or in defaults)\n"
		"p.cfg:6: steps[1].target: is missing (here or in defaults)\n"
		"p.cfg:7: steps[2].target: is missing (here or in defaults)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 20; floor = 21;",
		"p.cfg:3: defaults.target.floor: 21 is above the target (0 ... 20)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 20; permille = 20; floor = 5;",
		"p.cfg:3: defaults.target: has both newtons and permille (newtons or permille, one "
		"of them)\n" },
	{ "newtons = 20; floor = 5;", "floor = 5;",
		"p.cfg:3: defaults.target: has no value (newtons or permille, one of them)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 20;",
		"p.cfg:3: defaults.target.floor: is missing (0 ... the target, 20 N)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 56; floor = 5;",
		"p.cfg:3: defaults.target.newtons: 56 is out of range (1 ... 55 N)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 38; floor = 5;",
		"p.cfg:5: steps[0].target: 38 N is above what "
		"a sensitive point of the mid_back bears (0 ... 37.5 N; spine.t5)\n"
		"p.cfg:6: steps[1].target: 38 N is above what "
		"the calf bears (0 ... 25 N; soleus.left)\n"
		"p.cfg:7: steps[2].target: 38 N is above what "
		"a sensitive point of the mid_back bears (0 ... 37.5 N; spine.t5)\n" },
	{ "newtons = 20; floor = 5;", "newtons = 26; floor = 5;",
		"p.cfg:6: steps[1].target: 26 N is above what "
		"the calf bears (0 ... 25 N; soleus.left)\n" },
	{ "permille = 300; floor = 100;", "newtons = 30; floor = 10;",
		"p.cfg:8: steps[3].target: a knead has no newtons (permille)\n" },
	{ "\"soleus.left\"", "\"tibialis.left\"",
		"p.cfg:6: steps[1]: shin bears no sustained pressure (tibialis.left)\n" },
	{ "\"soleus.left\"", "\"nerve\"",
		"p.cfg:6: steps[1].points[1]: nerve.left is closed: a nerve lies there "
		"(to open it, remove \"closed\" from it in the atlas)\n" },
	{ "pathway = \"back\"; ramp", "pathway = \"knee\"; ramp",
		"p.cfg:5: steps[0].pathway: nerve.left, which it runs through, is closed: a nerve "
		"lies there (to open it, remove \"closed\" from it in the atlas)\n" },
	{ "duration_s = 10;", "duration_s = 0;",
		"p.cfg:9: steps[4].duration_s: 0 is out of range (1 ... 300 s)\n" },
	{ "steps = (", "steps = ( 5,", "p.cfg:4: steps[0]: is a whole number, not a group { }\n" },
	{ "steps = (", "steps = ( ); rest = (",
		"p.cfg:4: rest: unknown key (allowed: title, description, minutes_max, breathing, "
		"defaults, steps)\np.cfg:4: steps: has 0 steps (1 ... 128)\n" },
};

#define BROKER_KEYS \
	"host, port, prefix, username, password_file, keepalive_s, grace_s, tls, ca_file, " \
	"ca_path, cert_file, key_file, tls_insecure, allow_password_without_tls"

static const struct edit settings_edits[] = {
	{ "point_s = 240", "limits = \"no\"",
		"s.cfg:6: dose.limits: \"no\" is not known (on, off; did you mean \"on\"?)\n" },
	{ "point_s = 240", "limits = false",
		"s.cfg:6: dose.limits: is true or false, not a string (on, off)\n" },
	{ "point_s = 240", "point_s = 0",
		"s.cfg:6: dose.point_s: 0 is out of range (10 ... 7200 s)\n" },
	{ "point_s = 240", "muscle_newton_s = 1e6",
		"s.cfg:6: dose.muscle_newton_s: 1000000 is out of range (100 ... 360000 N s)\n" },
	{ "dose = {", "doses = {",
		"s.cfg:6: doses: unknown key (allowed: chair_file, profiles_dir, persons_file, "
		"guard_socket, state_dir, telemetry_hz, broker, home_assistant, dose; did you mean "
		"\"dose\"?)\n" },
	{ "telemetry_hz = 5", "telemetry_hz = 6",
		"s.cfg:1: telemetry_hz: 6 is out of range (1 ... 5 Hz)\n" },
	{ "port = 8883", "prot = 8883",
		"s.cfg:3: broker.prot: unknown key (allowed: " BROKER_KEYS
		"; did you mean \"port\"?)\n" },
	{ "port = 8883", "port = 65536",
		"s.cfg:3: broker.port: 65536 is out of range (1 ... 65535)\n" },
	{ "port = 8883", "prefix = \"a/#\"",
		"s.cfg:3: broker.prefix: has a wildcard (+ or #): a chair has one topic: "
		"write \"a\"\n" },
	{ "tls = true; ", "", "s.cfg:3: broker.ca_file: is for TLS (tls = true)\n" },
	{ "port = 8883", "cert_file = \"/c\"", "s.cfg:3: broker.cert_file: goes with key_file\n" },
	{ "host = \"broker\"", "host = \"\"", "s.cfg:3: broker.host: is empty (a string)\n" },
	{ "tls = true; ca_file = \"/ca\"", "username = \"chair\"",
		"s.cfg:3: broker.username: " SETTINGS_PASSWORD_UNSAFE "\n" },
	{ "https://", "ftp://",
		"s.cfg:5: home_assistant.panel_url: must begin with http:// or https://\n" },
	{ "prefix = \"ha\"", "prefix = \"a/b\"",
		"s.cfg:5: home_assistant.prefix: \"a/b\" is not a name (letters, digits, "
		"\".\", \"_\", \":\" and \"-\")\n" },
};

typedef int load_function(struct sandbox *sandbox, struct problems *problems);

static int load_atlas(struct sandbox *sandbox, struct problems *problems)
{
	struct atlas atlas = { 0 };
	int r = atlas_load(sandbox->dir, problems, &atlas);

	atlas_clear(&atlas);
	return r;
}

static int load_profile(struct sandbox *sandbox, struct problems *problems)
{
	struct profile profile = { 0 };
	struct atlas atlas;
	int r;

	assert_int_equal(atlas_load(sandbox->dir, problems, &atlas), 0);
	r = profile_load(sandbox_path(sandbox, "p.cfg"), &atlas, problems, &profile);
	profile_clear(&profile);
	atlas_clear(&atlas);
	return r;
}

static int load_settings(struct sandbox *sandbox, struct problems *problems)
{
	struct settings settings;

	return settings_load(sandbox_path(sandbox, "s.cfg"), problems, &settings);
}

static int setup(void **state)
{
	struct sandbox *sandbox;

	if (sandbox_setup(state) < 0)
		return -1;
	sandbox = *state;
	sandbox_folder(sandbox, "atlas");
	sandbox_folder(sandbox, "pathways");
	sandbox_folder(sandbox, "sessions");
	sandbox_file(sandbox, "atlas/a.cfg", valid_points);
	sandbox_file(sandbox, "pathways/w.cfg", valid_pathways);
	sandbox_file(sandbox, "p.cfg", valid_profile);
	sandbox_file(sandbox, "s.cfg", good_settings);
	return 0;
}

static bool has_problems(struct sandbox *sandbox, load_function *load, const char *expected)
{
	struct problems problems = { 0 };
	int r = load(sandbox, &problems);
	char *lines = sandbox_lines(&problems);
	bool same = !strcmp(lines, expected) && r == (expected[0] ? -EINVAL : 0);

	if (!same)
		print_error("--- expected\n%s--- got %d\n%s", expected, r, lines);
	free(lines);
	return same;
}

static void try_edits(struct sandbox *sandbox, const char *file, const char *valid,
	const struct edit *edits, size_t n, load_function *load)
{
	size_t wrong = !has_problems(sandbox, load, "");

	for (size_t i = 0; i < n; i++) {
		char *text = sandbox_edit(valid, edits[i].find, edits[i].replace);

		sandbox_file(sandbox, file, text);
		wrong += !has_problems(sandbox, load, edits[i].expected);
		free(text);
	}
	assert_int_equal(wrong, 0);
}

#define TRY(file, valid, edits, load) \
	try_edits(*state, file, valid, edits, sizeof(edits) / sizeof(edits[0]), load)

static void every_error_in_points_is_reported(void **state)
{
	sandbox_file(*state, "pathways/w.cfg", "pathways = ();\n");
	TRY("atlas/a.cfg", valid_points, point_edits, load_atlas);
}

static void every_error_in_pathways_is_reported(void **state)
{
	TRY("pathways/w.cfg", valid_pathways, pathway_edits, load_atlas);
}

static void every_error_in_a_profile_is_reported(void **state)
{
	TRY("p.cfg", valid_profile, profile_edits, load_profile);
}

static void every_error_in_settings_is_reported(void **state)
{
	TRY("s.cfg", good_settings, settings_edits, load_settings);
}

static void a_password_stays_on_this_machine(void **state)
{
	static const struct {
		const char *host, *username;
		bool tls, allowed, safe;
	} rows[] = {
		{ "localhost", "chair", false, false, true },
		{ "LOCALHOST", "chair", false, false, true },
		{ "127.0.0.1", "chair", false, false, true },
		{ "127.8.9.10", "chair", false, false, true },
		{ "::1", "chair", false, false, true },
		{ "broker", "chair", false, false, false },
		{ "localhost.example", "chair", false, false, false },
		{ "127.0.0.1.example", "chair", false, false, false },
		{ "128.0.0.1", "chair", false, false, false },
		{ "192.168.1.2", "chair", false, false, false },
		{ "fe80::1", "chair", false, false, false },
		{ "broker", "", false, false, true },
		{ "broker", "chair", true, false, true },
		{ "broker", "chair", false, true, true },
	};
	struct settings settings;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		settings_default(&settings);
		strcpy(settings.broker.host, rows[i].host);
		strcpy(settings.broker.username, rows[i].username);
		settings.broker.tls = rows[i].tls;
		settings.broker.allow_password_without_tls = rows[i].allowed;
		if (settings_password_is_safe(&settings) != rows[i].safe)
			fail_msg("row %zu: %s", i, rows[i].host);
	}
}

static void missing_settings_have_their_own_error(void **state)
{
	struct problems problems = { 0 };
	struct settings settings;

	assert_int_equal(settings_load(sandbox_path(*state, "none.cfg"), &problems, &settings),
		-ENOENT);
	assert_int_equal(problems.n, 1);
	problems_clear(&problems);
}

static void a_profile_has_the_values_of_its_file(void **state)
{
	struct problems problems = { 0 };
	struct profile profile;
	struct atlas atlas;

	assert_int_equal(atlas_load(((struct sandbox *)*state)->dir, &problems, &atlas), 0);
	assert_int_equal(profile_load(sandbox_path(*state, "p.cfg"), &atlas, &problems, &profile),
		0);
	assert_string_equal(profile.name, "p");
	assert_int_equal(profile.n_steps, 5);
	assert_true(profile.exhale_s == 6.5 && profile.minutes_max == 10);
	assert_int_equal(profile.steps[0].n_points, 3); // rhomboid on both sides, and the middle
	assert_true(profile.steps[0].ramp_per_s == 5 && profile.steps[0].repeats == 2);
	assert_int_equal(profile.steps[1].n_points, 2); // the left ones
	assert_true(profile.steps[1].rest_s == 40 && profile.steps[1].hold_s == 30);
	assert_int_equal(profile.steps[3].target.unit, TARGET_PERMILLE);
	assert_true(profile.steps[3].target.value == 300 && profile.steps[3].target.floor == 100);
	assert_true(profile.steps[3].ramp_per_s == 100); // the default in its own unit
	assert_true(profile.steps[4].points == NULL && profile.steps[4].duration_s == 10);
	profile_clear(&profile);
	atlas_clear(&atlas);
}

// A text from MQTT reads no file, and its size is bounded.
static void a_text_from_memory_is_untrusted(void **state)
{
	static char big[64 * 1024 + 2];
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct profile profile;
	struct atlas atlas;
	char include[SANDBOX_PATH + 64], *lines;

	assert_int_equal(atlas_load(sandbox->dir, &problems, &atlas), 0);
	assert_int_equal(profile_parse("text", valid_profile, &atlas, &problems, &profile), 0);
	profile_clear(&profile);

	snprintf(include, sizeof(include), "@include \"%s\"\n", sandbox_path(sandbox, "p.cfg"));
	assert_int_equal(profile_parse("text", include, &atlas, &problems, &profile), -EINVAL);
	memset(big, ' ', sizeof(big) - 1);
	assert_int_equal(profile_parse("text", big, &atlas, &problems, &profile), -EINVAL);
	memset(big, '(', 1000);
	memcpy(big, "steps=", 6);
	big[1000] = '\0';
	assert_int_equal(profile_parse("text", big, &atlas, &problems, &profile), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines,
		"text:1:1: @include is not allowed: one file is one whole\n"
		"text: is too big (at most 65536 bytes)\n"
		"text:1:23: nested too deep (at most 16)\n");
	free(lines);
	atlas_clear(&atlas);
}

static void a_profile_is_named_by_its_file(void **state)
{
	struct problems problems = { 0 };
	struct profile profile;
	char *lines;

	sandbox_file(*state, "My Profile.cfg", valid_profile);
	assert_int_equal(profile_load(sandbox_path(*state, "My Profile.cfg"), NULL, &problems,
				 &profile),
		-EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines,
		"My Profile.cfg: a profile has the name of its file (a-z, 0-9, \".\", \"_\" and "
		"\"-\"; at most 47 bytes): rename it, to my-profile.cfg perhaps\n");
	free(lines);
}

// One run reports every file; names are not looked up in an atlas with problems.
static void a_library_reports_all_problems_at_once(void **state)
{
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct library *library = NULL;
	char *text, *lines;

	sandbox_file(sandbox, "sessions/first.cfg", valid_profile);
	text = sandbox_edit(valid_profile, "hold_s = 30", "hold_s = 300");
	sandbox_file(sandbox, "sessions/second.cfg", text);
	free(text);
	text = sandbox_edit(valid_points, "along = 0.2", "along = 2");
	sandbox_file(sandbox, "atlas/a.cfg", text);
	free(text);
	text = sandbox_edit(valid_pathways, "title = \"Back\"; ", "");
	sandbox_file(sandbox, "pathways/w.cfg", text);
	free(text);
	sandbox_file(sandbox, "sessions/notes.txt", "not a profile");
	assert_int_equal(library_load(sandbox->dir, "/nonexistent/chair.cfg", &problems, &library),
		-EINVAL);
	assert_null(library);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines,
		"chair.cfg: cannot be read: No such file or directory\n"
		"a.cfg:2: points[0].along: 2 is out of range (-0.5 ... 1)\n"
		"w.cfg:2: pathways[0].title: is missing (a string)\n"
		"second.cfg:3: defaults.hold_s: 300 is out of range (5 ... 90 s)\n");
	free(lines);
}

// Every invalid file of sessions/ is listed with its errors; the others are there.
static void a_bad_profile_is_left_out_alone(void **state)
{
	static const struct {
		const char *name, *reason;
	} bad[] = {
		{ "My Profile",
			"My Profile.cfg: a profile has the name of its file "
			"(a-z, 0-9, \".\", \"_\" and \"-\"; at most 47 bytes): rename it, "
			"to my-profile.cfg perhaps" },
		{ "empty", "empty.cfg: is empty (at least title, steps)" },
		{ "gentle (1)",
			"gentle (1).cfg: a profile has the name of its file "
			"(a-z, 0-9, \".\", \"_\" and \"-\"; at most 47 bytes): rename it, "
			"to gentle-1.cfg perhaps" },
		{ "quotes", "quotes.cfg:1:9: a typographic quotation mark “ (U+201C): write \"" },
		{ "utf16", "utf16.cfg: is UTF-16: save it as UTF-8" },
		{ "wrong", "wrong.cfg:3: defaults.hold_s: 300 is out of range (5 ... 90 s)" },
		{ "ööööööööööööööööööööööö",
			"ööööööööööööööööööööööööö.cfg: a profile has the name of its file "
			"(a-z, 0-9, \".\", \"_\" and \"-\"; at most 47 bytes): rename it, "
			"to profile.cfg perhaps" },
	};
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct library *library = NULL;
	char *wrong = sandbox_edit(valid_profile, "hold_s = 30", "hold_s = 300");
	char reason[200];

	sandbox_file(sandbox, "sessions/good.cfg", valid_profile);
	sandbox_file(sandbox, "sessions/My Profile.cfg", valid_profile);
	sandbox_file(sandbox, "sessions/gentle (1).cfg", valid_profile);
	sandbox_file(sandbox, "sessions/empty.cfg", "");
	sandbox_file(sandbox, "sessions/quotes.cfg", "title = “T”;");
	sandbox_bytes(sandbox, "sessions/utf16.cfg", "\xff\xfet\0", 4);
	sandbox_file(sandbox, "sessions/wrong.cfg", wrong);
	sandbox_file(sandbox, "sessions/ööööööööööööööööööööööööö.cfg", "");
	free(wrong);
	assert_int_equal(library_load(sandbox->dir, "profiles/chairs/bench.cfg", &problems,
				 &library),
		0);
	assert_int_equal(problems_count(&problems), 0);
	assert_int_equal(library->n_profiles, 1);
	assert_non_null(library_profile(library, "good"));
	assert_int_equal(library->n_unusable, sizeof(bad) / sizeof(bad[0]));
	for (size_t i = 0; i < library->n_unusable; i++) {
		assert_string_equal(library->unusable[i].name, bad[i].name);
		assert_ptr_equal(library_unusable(library, bad[i].name), &library->unusable[i]);
		assert_null(library_profile(library, bad[i].name));
		unusable_profile_reason(&library->unusable[i], 0, reason, sizeof(reason));
		assert_string_equal(reason, bad[i].reason);
	}
	assert_null(library_unusable(library, "good"));
	library_free(library);
}

// Without a valid atlas no profile has a meaning.
static void a_bad_atlas_is_fatal(void **state)
{
	static const char *const files[] = { "atlas/a.cfg", "pathways/w.cfg" };

	sandbox_file(*state, "sessions/good.cfg", valid_profile);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct problems problems = { 0 };
		struct library *library = NULL;

		sandbox_file(*state, files[i], "");
		assert_int_equal(library_load(((struct sandbox *)*state)->dir,
					 "profiles/chairs/bench.cfg", &problems, &library),
			-EINVAL);
		assert_null(library);
		assert_true(problems.n > 0);
		problems_clear(&problems);
		sandbox_file(*state, files[i], i == 0 ? valid_points : valid_pathways);
	}
}

static void missing_folders_of_a_library_are_reported(void **state)
{
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	struct library *library = NULL;
	char *lines;

	assert_int_equal(library_load(sandbox_path(sandbox, "none"), "/nonexistent/chair.cfg",
				 &problems, &library),
		-EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines,
		"chair.cfg: cannot be read: No such file or directory\n"
		"atlas: cannot be read: No such file or directory\n"
		"pathways: cannot be read: No such file or directory\n"
		"sessions: cannot be read: No such file or directory\n");
	free(lines);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, sandbox_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_error_in_points_is_reported),
		TEST(every_error_in_pathways_is_reported),
		TEST(every_error_in_a_profile_is_reported),
		TEST(every_error_in_settings_is_reported),
		TEST(missing_settings_have_their_own_error),
		TEST(a_password_stays_on_this_machine),
		TEST(a_profile_has_the_values_of_its_file),
		TEST(a_text_from_memory_is_untrusted),
		TEST(a_profile_is_named_by_its_file),
		TEST(a_library_reports_all_problems_at_once),
		TEST(missing_folders_of_a_library_are_reported),
		TEST(a_bad_profile_is_left_out_alone),
		TEST(a_bad_atlas_is_fatal),
	};

	return cmocka_run_group_tests_name("library errors", tests, NULL, NULL);
}
