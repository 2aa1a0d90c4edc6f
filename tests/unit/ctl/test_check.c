// SPDX-License-Identifier: MIT
//
// Output of chairctl check.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>

#include "subcommand_run.h"

#define OUTPUT_SIZE 16384
#define PUMP        "enable = { line = \"GPIO16\"; hz = 50; };"

// Run the subcommand: its exit code, and its standard output.
static int run(const char *const args[], char output[OUTPUT_SIZE])
{
	static struct subcommand_output caught;
	int r = subcommand_run(&cmd_check, args, NULL, &caught);

	snprintf(output, OUTPUT_SIZE, "%.*s", OUTPUT_SIZE - 1, caught.out);
	return r;
}

static int check(const char *file, char output[OUTPUT_SIZE])
{
	const char *const args[] = { file, NULL };

	return run(args, output);
}

// Check a profile on the bench, perhaps with an option and another file. Returns the exit code.
static int check_on_bench(const char *text, const char *option, const char *other,
	char output[OUTPUT_SIZE])
{
	char dir[] = "/tmp/chaird-check-XXXXXX", path[40];
	const char *const args[] = { path, "--chair=profiles/chairs/bench.cfg",
		"--profiles=profiles", option ? option : other, option ? other : NULL, NULL };
	int r;
	FILE *to;

	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/calf.cfg", dir);
	to = fopen(path, "w");
	assert_non_null(to);
	fputs(text, to);
	assert_int_equal(fclose(to), 0);
	r = run(args, output);
	unlink(path);
	rmdir(dir);
	return r;
}

// profiles/chairs/bench.cfg with one piece replaced, in a file of its own.
static int check_edited(const char *find, const char *replace, char output[OUTPUT_SIZE])
{
	char path[] = "/tmp/chaird-check-XXXXXX", text[8192], *at;
	FILE *from = fopen("profiles/chairs/bench.cfg", "r"), *to;
	int r;

	assert_non_null(from);
	text[fread(text, 1, sizeof(text) - 1, from)] = '\0';
	fclose(from);
	at = strstr(text, find);
	assert_non_null(at);
	to = fdopen(mkstemp(path), "w");
	assert_non_null(to);
	fprintf(to, "%.*s%s%s", (int)(at - text), text, replace, at + strlen(find));
	assert_int_equal(fclose(to), 0);
	r = check(path, output);
	unlink(path);
	return r;
}

static void a_valid_chair_is_ok(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check("profiles/chairs/bench.cfg", output), EXIT_OK);
	assert_string_equal(output,
		"profiles/chairs/bench.cfg: ok: chair bench: 1 actuators, 8 lines, 1 reaches\n");
}

static void findings_are_printed_with_their_remedy(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check_edited(PUMP, "", output), EXIT_REFUSED);
	assert_non_null(strstr(output, ": enable: is missing: without a charge pump's relay"));
	assert_non_null(strstr(output,
		"write enable = { line = \"GPIO16\"; }; or acknowledge it: "
		"acknowledged = [ \"no-charge-pump\" ];\n"));
	assert_null(strstr(output, ": ok"));
}

static void acknowledged_risks_are_noted(void **state)
{
	static const char press[] = "name = \"press\"; kind = \"press\";\n    lines = {\n"
				    "      forward = { line = \"GPIO17\"; };";
	static const char admits[] =
		"name = \"press\"; kind = \"press\";\n    acknowledged = [ "
		"\"unsafe-at-reset\" ];\n    lines = {\n      forward = { line = \"GPIO4\"; };";
	char output[OUTPUT_SIZE];
	int r;

	(void)state;
	r = check_edited(PUMP, "acknowledged = [ \"no-charge-pump\" ];", output);
	assert_int_equal(r, EXIT_OK);
	assert_non_null(strstr(output, ": ok: chair bench"));
	assert_non_null(strstr(output,
		": note: the chair acknowledges no-charge-pump: a computer "
		"that freezes keeps its motors running\n"));

	r = check_edited("GPIO17", "GPIO4", output);
	assert_int_equal(r, EXIT_REFUSED);
	r = check_edited(press, admits, output);
	assert_int_equal(r, EXIT_OK);
	assert_non_null(strstr(output, ": note: press acknowledges unsafe-at-reset: its line is "));
}

// Bytes in a file that is named without a folder in `expected`: each line of the output begins with
// its path.
static void expect(const void *bytes, size_t size, int result, const char *expected)
{
	char path[] = "/tmp/chaird-check-XXXXXX", output[OUTPUT_SIZE], whole[OUTPUT_SIZE];
	FILE *to = fdopen(mkstemp(path), "w");
	int r;

	assert_non_null(to);
	assert_int_equal(fwrite(bytes, 1, size, to), size);
	assert_int_equal(fclose(to), 0);
	r = check(path, output);
	unlink(path);
	snprintf(whole, sizeof(whole), "%s%s\n", path, expected);
	assert_string_equal(output, whole);
	assert_int_equal(r, result);
}

#define EXPECT_TEXT(text, result, expected) expect(text, sizeof(text) - 1, result, expected)

static void a_text_that_is_none_of_ours_says_why(void **state)
{
	static const char kinds[] =
		"not a chair (actuators), an atlas (points), pathways "
		"(pathways), a profile (steps), people (persons) or settings (broker)";
	char expected[300];

	(void)state;
	snprintf(expected, sizeof(expected), ": is %s", kinds);
	EXPECT_TEXT("colour = \"red\";", EXIT_REFUSED, expected);
	snprintf(expected, sizeof(expected), ": is empty: %s", kinds);
	EXPECT_TEXT("", EXIT_REFUSED, expected);
	EXPECT_TEXT("# a comment\n", EXIT_REFUSED, expected);
	EXPECT_TEXT("colour = red;", EXIT_REFUSED,
		":1:10: red is not a value: a string stands in quotes: \"red\"");
	EXPECT_TEXT("\xff\xfes\0t\0e\0p\0s\0", EXIT_REFUSED, ": is UTF-16: save it as UTF-8");
	EXPECT_TEXT("steps = (\0);", EXIT_REFUSED, ":1: has a NUL byte in it: it is not a text");
}

static void settings_that_cannot_work_are_found(void **state)
{
	(void)state;
	EXPECT_TEXT("broker = { host = \"localhost\"; password_file = \"/etc/passwd\"; };",
		EXIT_REFUSED, ":1: broker.password_file: goes with username, which is missing");
	EXPECT_TEXT("broker = { tls = true;\n ca_file = \"/none/ca.crt\"; };", EXIT_REFUSED,
		":2: broker.ca_file: \"/none/ca.crt\" cannot be used: No such file or directory");
	EXPECT_TEXT("broker = { host = \"mqtts://b.example:8884\"; };", EXIT_REFUSED,
		":1: broker.host: is a URL: write host = \"b.example\"; port = 8884; tls = true;");
	EXPECT_TEXT("broker = { prefix = \"home/chair\"; };", EXIT_OK,
		": ok: settings: broker localhost:1883");
	EXPECT_TEXT("\xef\xbb\xbf"
		    "broker = { host = \"::1\"; };",
		EXIT_OK, ": ok: settings: broker ::1:1883");
}

// --- profiles --------------------------------------------------------------------------------

#define CALF(newtons, hold_s) \
	"title = \"Calf\";\nsteps = ( { points = [ \"soleus\" ]; repeats = 1;\n" \
	"target = { newtons = " #newtons "; floor = 5.0; };\nhold_s = " #hold_s "; } );\n"

static void a_proved_profile_gets_a_report(void **state)
{
	static const char *const parts[] = {
		"/calf.cfg: ok: profile calf: 1 steps; on chair bench: 1 segments, about 0.8 of 15 "
		"min\n",
		"\n1          40.0 s  hold: soleus.left, ...\n",
		"\nsoleus.left                    1     38.0 s    690.0 N s   20.0 N\n",
		"\nsoleus, right                  1     38.0 s    690.0 N s   20.0 N\n",
		"\ncalf                          20.0 N     22.0 N\n",
		"\npress.forward                 48.8 s    100.0 s  step 1\n",
		"\npress                         46.5 s    150.0 s\n",
		"\ncurrent: at most 533 of 2000 mA (step 1)\n",
		"\nzones under pressure together: at most 2 (step 1)\n",
	};
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check_on_bench(CALF(20.0, 30.0), NULL, NULL, output), EXIT_OK);
	assert_null(strstr(output, "warning"));
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!strstr(output, parts[i]))
			fail_msg("no \"%s\" in\n%s", parts[i], output);
	}
}

#define TWICE(rest_s) \
	"title = \"Calf\";\nsteps = ( { points = [ \"soleus\" ]; repeats = 2; rest_s = " #rest_s \
	";\ntarget = { newtons = 15.0; floor = 5.0; };\nhold_s = 30.0; } );\n"

static void a_rest_that_the_planner_lengthens_is_noted(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check_on_bench(TWICE(5.0), NULL, NULL, output), EXIT_OK);
	assert_non_null(strstr(output, ": note: steps[0].rest_s: up to "));
	assert_non_null(strstr(output, " s are played in place of 5 s"));
	assert_int_equal(check_on_bench(TWICE(90.0), NULL, NULL, output), EXIT_OK);
	assert_null(strstr(output, ": note:"));
}

static void a_pathway_has_its_muscles(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check_on_bench("title = \"Heel\";\nsteps = ( { pathway = \"heel\";\n"
					"target = { newtons = 15.0; floor = 5.0; }; } );\n",
				 NULL, NULL, output),
		EXIT_OK);
	assert_non_null(strstr(output, "  hold: heel ("));
}

static void advice_is_no_failure_but_a_rule_is(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check_on_bench(CALF(20.0, 20.0), NULL, NULL, output), EXIT_OK);
	assert_non_null(strstr(output, ".cfg:4: warning: steps[0].hold_s: 20 s are short"));
	assert_non_null(strstr(output, "press.forward"));
	assert_int_equal(check_on_bench(CALF(23.0, 20.0), NULL, NULL, output), EXIT_REFUSED);
	assert_non_null(strstr(output,
		".cfg:3: steps[0].target: 23 N is above the ceiling of chair bench at soleus.left "
		"(0 ... 22 N)\n"));
	assert_null(strstr(output, "press.forward"));
}

static void a_file_that_cannot_be_read_has_a_code_of_its_own(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check("/none.cfg", output), EXIT_USAGE);
	assert_string_equal(output, "/none.cfg: cannot be read: No such file or directory\n");
	assert_int_equal(check("profiles/chairs/bench", output), EXIT_USAGE);
	assert_string_equal(output,
		"profiles/chairs/bench: cannot be read: No such file or directory (there is "
		"profiles/chairs/bench.cfg)\n");
	assert_int_equal(check("/tmp", output), EXIT_USAGE);
	// The others are checked all the same, and only one file gets a report.
	assert_int_equal(check_on_bench(CALF(20.0, 30.0), NULL, "/none.cfg", output), EXIT_USAGE);
	assert_non_null(strstr(output, ": ok: profile"));
	assert_null(strstr(output, "press.forward"));
}

static void without_a_chair_a_profile_is_not_proved(void **state)
{
	char output[OUTPUT_SIZE];

	(void)state;
	assert_int_equal(check("tests/scenario/profiles/short.cfg", output), EXIT_OK);
	assert_non_null(strstr(output, "; not proved: /etc/chaird/chair.cfg cannot be read: "));
}

static json_t *file_json(const char *text, int result)
{
	char output[OUTPUT_SIZE];
	json_t *all, *file;

	assert_int_equal(check_on_bench(text, "--json", NULL, output), result);
	all = json_loads(output, 0, NULL);
	assert_non_null(all);
	assert_string_equal(json_string_value(json_object_get(all, "chair")), "bench");
	file = json_incref(json_array_get(json_object_get(all, "files"), 0));
	json_decref(all);
	return file;
}

static void json_has_findings_and_proof(void **state)
{
	const char *severity, *code, *path;
	double value, bound, pressed_s, on_s, allowed_s, seconds;
	int line, good;
	json_t *file;

	(void)state;
	file = file_json(CALF(23.0, 30.0), EXIT_REFUSED);
	assert_int_equal(json_unpack(file, "{s:b, s:[{s:s, s:s, s:s, s:i, s:F, s:F}]}", "good",
				 &good, "findings", "severity", &severity, "code", &code, "path",
				 &path, "line", &line, "value", &value, "bound", &bound),
		0);
	assert_false(good);
	assert_string_equal(severity, "error");
	assert_string_equal(code, "force_region");
	assert_string_equal(path, "steps[0].target");
	assert_true(line == 3 && value == 23 && bound == 22);
	assert_null(json_object_get(file, "proof"));
	json_decref(file);

	file = file_json(CALF(20.0, 30.0), EXIT_OK);
	assert_int_equal(json_unpack(file, "{s:b, s:{s:F, s:{s:{s:F}}, s:{s:{s:F, s:F}}}}", "good",
				 &good, "proof", "seconds", &seconds, "points", "soleus.left",
				 "pressed_s", &pressed_s, "lines", "press.forward", "on_s", &on_s,
				 "allowed_s", &allowed_s),
		0);
	assert_true(good && seconds > 30 && pressed_s > 30 && on_s > pressed_s && allowed_s > on_s);
	json_decref(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_valid_chair_is_ok),
		cmocka_unit_test(findings_are_printed_with_their_remedy),
		cmocka_unit_test(acknowledged_risks_are_noted),
		cmocka_unit_test(a_text_that_is_none_of_ours_says_why),
		cmocka_unit_test(settings_that_cannot_work_are_found),
		cmocka_unit_test(a_proved_profile_gets_a_report),
		cmocka_unit_test(a_rest_that_the_planner_lengthens_is_noted),
		cmocka_unit_test(a_pathway_has_its_muscles),
		cmocka_unit_test(advice_is_no_failure_but_a_rule_is),
		cmocka_unit_test(a_file_that_cannot_be_read_has_a_code_of_its_own),
		cmocka_unit_test(without_a_chair_a_profile_is_not_proved),
		cmocka_unit_test(json_has_findings_and_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
