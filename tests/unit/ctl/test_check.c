// SPDX-License-Identifier: MIT
//
// Output of chairctl check for chair files.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "ctl/subcommand.h"

#define OUTPUT_SIZE 4096
#define PUMP        "enable = { line = \"GPIO16\"; hz = 50; };"

// Run the subcommand: its exit code, and its standard output.
static int check(const char *file, char output[OUTPUT_SIZE])
{
	char name[] = "check", *argv[] = { name, (char *)file, NULL };
	FILE *caught = tmpfile();
	int saved = dup(STDOUT_FILENO), r;
	size_t n;

	assert_non_null(caught);
	fflush(stdout);
	dup2(fileno(caught), STDOUT_FILENO);
	r = cmd_check.run(&cmd_check, 2, argv);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(caught);
	n = fread(output, 1, OUTPUT_SIZE - 1, caught);
	output[n] = '\0';
	fclose(caught);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_valid_chair_is_ok),
		cmocka_unit_test(findings_are_printed_with_their_remedy),
		cmocka_unit_test(acknowledged_risks_are_noted),
		cmocka_unit_test(a_text_that_is_none_of_ours_says_why),
		cmocka_unit_test(settings_that_cannot_work_are_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
