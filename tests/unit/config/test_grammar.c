// SPDX-License-Identifier: MIT
//
// Mistakes in the text itself, as people and their editors make them: what is said, and where.
#include "sandbox.h"

#include <errno.h>
#include <libconfig.h>

#include "config/library.h"
#include "config/text.h"

struct mistake {
	const char *text, *expected; // "LINE:COLUMN: ..."
};

static void refuse_all(const struct mistake *mistakes, size_t n)
{
	size_t wrong = 0;

	for (size_t i = 0; i < n; i++) {
		struct problems problems = { 0 };
		int r = text_check("t", mistakes[i].text, &problems);
		char expected[400];
		char *lines = sandbox_lines(&problems);

		snprintf(expected, sizeof(expected), "t:%s\n", mistakes[i].expected);
		if (r == -EINVAL && !strcmp(lines, expected)) {
			free(lines);
			continue;
		}
		print_error("--- %s\n--- expected\n%s--- got %d\n%s", mistakes[i].text, expected, r,
			lines);
		free(lines);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define REFUSE_ALL(mistakes) refuse_all(mistakes, sizeof(mistakes) / sizeof((mistakes)[0]))

static void foreign_characters_have_a_name(void **state)
{
	// clang-format off: a table, a row a line
	static const struct mistake mistakes[] = {
		{ "title = “T”;",
			"1:9: a typographic quotation mark “ (U+201C): write \"" },
		{ "title = \"T”;  steps = ( { points = [ \"trapezius\" ]; } );",
			"1:11: a typographic quotation mark ” (U+201D): write \"" },
		{ "title = \"T”;\n",
			"1:11: a typographic quotation mark ” (U+201D): write \"" },
		{ "title = „T“;",
			"1:9: a typographic quotation mark „ (U+201E): write \"" },
		{ "title = «T»;",
			"1:9: a typographic quotation mark « (U+00AB): write \"" },
		{ "title = ’T’;",
			"1:9: a typographic quotation mark ’ (U+2019): write \"" },
		{ "title = 'T';",
			"1:9: an apostrophe ' (U+0027): a string stands between \" and \"" },
		{ "a = 1;\n\xc2\xa0 b = 2;", "2:1: a no-break space (U+00A0): write a space" },
		{ "a =\xe2\x80\xaf" "1;", "1:4: a narrow no-break space (U+202F): write a space" },
		{ "a = 1;\xe2\x80\x8b", "1:7: an invisible character (U+200B): delete it" },
		{ "a = 1;\n\xef\xbb\xbf" "b = 2;",
			"2:1: a byte order mark (U+FEFF): it belongs at the beginning; delete it" },
		{ "along = −0.5;", "1:9: a typographic minus − (U+2212): write -" },
		{ "along = –0.5;", "1:9: a typographic dash – (U+2013): write -" },
		{ "a = 1；", "1:6: a full-width ； (U+FF1B): write ;" },
		{ "a ＝ 1;", "1:3: a full-width ＝ (U+FF1D): write =" },
		{ "a = 30°;", "1:7: a degree sign ° (U+00B0): a number stands without its unit" },
		{ "a = 50%;", "1:7: a per cent sign % (U+0025): a number stands without its unit" },
		{ "größe = 1;",
			"1:3: the character ö (U+00F6) may stand only in a string or a comment" },
		// Columns are characters, not bytes, and a tab is one.
		{ "a = \"äöü\"; \tü = 1;",
			"1:13: the character ü (U+00FC) may stand only in a string or a comment" },
		{ "a = \"gr\xfc\xdf\";",
			"1:8: the byte 0xFC is not UTF-8: save the file as UTF-8" },
		{ "\xe4 = 1;", "1:1: the byte 0xE4 is not UTF-8: save the file as UTF-8" },
		{ "a = 1;\n\x1b[A", "2:1: a control character (U+001B): delete it" },
		{ "a = \"x\n\";",
			"1:5: this string does not end on its line: write \" behind it" },
	};
	// clang-format on

	(void)state;
	REFUSE_ALL(mistakes);
}

static void numbers_are_decimal_and_fit(void **state)
{
	// clang-format off: a table, a row a line
	static const struct mistake mistakes[] = {
		{ "newtons = 30,5;", "1:13: a decimal comma: write 30.5" },
		{ "t = { newtons = 30,5; floor = 10.0; };", "1:19: a decimal comma: write 30.5" },
		{ "t = {\n  floor = 1;\n  newtons = 30,55 }",
			"3:15: a decimal comma: write 30.55" },
		{ "a = 4294967326;", "1:5: 4294967326 is beyond 32 bits (whole numbers are "
				     "-2147483648 ... 2147483647)" },
		{ "a = 2147483648;", "1:5: 2147483648 is beyond 32 bits (whole numbers are "
				     "-2147483648 ... 2147483647)" },
		{ "a = -2147483649;", "1:5: -2147483649 is beyond 32 bits (whole numbers are "
				      "-2147483648 ... 2147483647)" },
		{ "a = 100000000000000000000;",
			"1:5: 100000000000000000000 is beyond 32 bits (whole numbers are "
			"-2147483648 ... 2147483647)" },
		{ "a = [ 1, 99999999999 ];", "1:10: 99999999999 is beyond 32 bits (whole numbers "
					     "are -2147483648 ... 2147483647)" },
		{ "a = 0x1F;", "1:5: 0x1F is hexadecimal: write 31" },
		{ "a = 0x1FFFFFFFF;", "1:5: 0x1FFFFFFFF is hexadecimal: write a decimal number" },
		{ "a = 0b101;", "1:5: 0b101 is binary: write 5" },
		{ "a = 0o17;", "1:5: 0o17 is octal: write 15" },
		{ "a = 017;", "1:5: 017 begins with 0: write 17" },
		{ "a = -007;", "1:5: -007 begins with 0: write -7" },
		{ "a = 30L;", "1:5: 30L has the suffix L: write 30" },
		{ "a = 30LL;", "1:5: 30LL has the suffix LL: write 30" },
		{ "a = 30 s;", "1:8: s behind a number: a number stands without its unit" },
		{ "a = 30 s\nb = 1;", "2:1: \"=\" is missing before b" },
		{ "a = 30N;", "1:5: 30N is not a number (without its unit: write 30)" },
		{ "a = 0.5mm;", "1:5: 0.5mm is not a number (without its unit: write 0.5)" },
		{ "a = 1e999;", "1:5: 1e999 is too big for a number" },
		{ "a = -1.0e400;", "1:5: -1.0e400 is too big for a number" },
		{ "a = 1.2.3;", "1:5: 1.2.3 is not a number" },
		{ "a = .;", "1:5: . is not a number" },
		{ "a = 1-2;", "1:5: 1-2 is not a number" },
		{ "a = inf;", "1:5: inf is not a finite number" },
		{ "a = -inf;", "1:5: -inf is not a finite number" },
		{ "a = NaN;", "1:5: NaN is not a finite number" },
		{ "a = 00000000000000000000000000000000000000000000000001;",
			"1:5: a number of 50 characters is too long" },
	};
	// clang-format on

	(void)state;
	REFUSE_ALL(mistakes);
}

static void punctuation_is_named(void **state)
{
	// clang-format off: a table, a row a line
	static const struct mistake mistakes[] = {
		{ "title \"T\";", "1:7: \"=\" is missing before the string \"T\"" },
		{ "title = ;", "1:9: a value is missing before \";\"" },
		{ "title =", "1:8: a value is missing before the end of the text" },
		{ "tls = yes;", "1:7: yes is not a value: write true" },
		{ "tls = Off;", "1:7: Off is not a value: write false" },
		{ "host = null;", "1:8: null is not a value: leave the key out" },
		{ "technique = hold;",
			"1:13: hold is not a value: a string stands in quotes: \"hold\"" },
		{ "a = 1;;", "1:7: \";\" where a key must stand: delete it" },
		{ "\"title\": \"T\"",
			"1:1: a string where a key must stand: a key has no quotes, and \"=\" "
			"behind it" },
		{ "broker.host = \"x\";", "1:1: broker.host is not a key: a key within a group is "
					  "written broker = { host = ...; };" },
		{ "2nd = 1;",
			"1:1: 2nd where a key must stand (letters, digits, \"_\" and \"-\")" },
		{ "a = 1 2;", "1:7: \";\" is missing before 2" },
		{ "a = ( 1 2 );", "1:9: \",\" is missing before 2" },
		{ "a = ( 1; 2 );", "1:8: \";\" in a list: its elements are parted by \",\"" },
		{ "a = ( 1, 2, );", "1:11: a comma before \")\": delete it" },
		{ "a = [ 1, ];", "1:8: a comma before \"]\": delete it" },
		{ "a = ( , 1 );", "1:7: an element of the list is missing before \",\"" },
		{ "a = [ { b = 1; } ];",
			"1:7: \"{\" in an array: [ ] holds numbers, strings, or true and false; "
			"a list is written ( )" },
		{ "a = {\n b = ( 1;", "2:9: \";\" in a list: its elements are parted by \",\"" },
		{ "a = {\n b = ( 1 }", "2:10: \"}\" where \")\" must close the \"(\" of line 2" },
		{ "a = {\n b = 1;\n", "3:1: \"}\" is missing: it closes the \"{\" of line 1" },
		{ "a = 1; }", "1:8: \"}\" closes nothing" },
		{ "a", "1:2: \"=\" is missing before the end of the text" },
		{ "{ \"a\": 1 }", "1:1: \"{\" where a key must stand (letters, digits, \"_\" and "
				   "\"-\")" },
	};
	// clang-format on

	(void)state;
	REFUSE_ALL(mistakes);
}

static const char good_text[] =
	"title = \"“Relax” – größer\"; # ’ “ ; 0x1F\r\n"
	"\tsteps : ( { a = 1, b = -2.5e1 c = TRUE; }, "
	"[ ], () ) // 4294967326\n/* 30,5 “ */ most = 2147483647; least = -2147483648; "
	"half = .5; whole = 5.; d = \"x\" \"y\"";

static void what_is_good_passes(void **state)
{
	struct problems problems = { 0 };

	(void)state;
	assert_int_equal(text_check("t", good_text, &problems), 0);
	assert_int_equal(text_check("t", "", &problems), 0);
	assert_int_equal(text_check("t", "# nothing\n", &problems), 0);
	assert_int_equal(problems_count(&problems), 0);
}

// libconfig's own "syntax error", which has no column and no reason, is never the one that is seen.
static void libconfig_finds_no_other_syntax_errors(void **state)
{
	static const char alphabet[] = "a=1;,{}[]()\"\n \t.-+e0:#*xL";
	char text[sizeof(good_text) + 1];
	uint32_t random = 1;
	int passed = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct problems problems = { 0 };
		struct config_t config;

		snprintf(text, sizeof(text), "%s\n", good_text); // as reader_parse() does
		for (int edit = 0; edit <= i % 3; edit++) {
			random = random * 1664525 + 1013904223;
			text[(random >> 8) % (sizeof(good_text) - 1)] =
				alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		if (text_check("t", text, &problems) == 0) {
			config_init(&config);
			if (config_read_string(&config, text) == CONFIG_FALSE &&
				!strcmp(config_error_text(&config), "syntax error"))
				fail_msg("libconfig: line %d of\n%s", config_error_line(&config),
					text);
			config_destroy(&config);
			passed++;
		}
		problems_clear(&problems);
	}
	assert_true(passed > 1000 && passed < 19000);
}

// --- files ------------------------------------------------------------------------------------

#define PROFILE(newtons) \
	"title = \"T\"; steps = ( { points = [ \"rhomboid\" ]; target = { newtons = " newtons \
	"; floor = 10.0; }; } );\n"

static int load(struct sandbox *sandbox, const char *bytes, size_t size, char **ret_lines)
{
	struct problems problems = { 0 };
	struct profile profile = { 0 };
	int r = profile_load(sandbox_bytes(sandbox, "p.cfg", bytes, size), NULL, &problems,
		&profile);

	profile_clear(&profile);
	*ret_lines = sandbox_lines(&problems);
	return r;
}

static void files_of_other_encodings_are_named(void **state)
{
	// clang-format off: a table, a row a line
	static const struct {
		const char *bytes;
		size_t size;
		const char *expected;
	} files[] = {
#define BYTES(literal) literal, sizeof(literal) - 1
		{ BYTES("\xff\xfet\0i\0t\0l\0e\0"), "p.cfg: is UTF-16: save it as UTF-8\n" },
		{ BYTES("\xfe\xff\0t\0i\0t\0l\0e"), "p.cfg: is UTF-16: save it as UTF-8\n" },
		{ BYTES("t\0i\0t\0l\0e\0"), "p.cfg: is UTF-16: save it as UTF-8\n" },
		{ BYTES("\0t\0i\0t\0l\0e"), "p.cfg: is UTF-16: save it as UTF-8\n" },
		{ BYTES("\xff\xfe\0\0t\0\0\0"), "p.cfg: is UTF-32: save it as UTF-8\n" },
		{ BYTES("\0\0\xfe\xff\0\0\0t"), "p.cfg: is UTF-32: save it as UTF-8\n" },
		{ BYTES("title =\n\"T\";\0"), "p.cfg:2: has a NUL byte in it: it is not a text\n" },
		{ BYTES(PROFILE("30.0") "# no end of line"), "" },
		{ BYTES(""), "p.cfg: is empty (at least title, steps)\n" },
		{ BYTES(" \n# later\n"), "p.cfg: is empty (at least title, steps)\n" },
		{ BYTES("\xef\xbb\xbf"), "p.cfg: is empty (at least title, steps)\n" },
		{ BYTES("\xef\xbb\xbf" PROFILE("30.0")), "" },
		{ BYTES("\xef\xbb\xbf" PROFILE("30,5")),
			"p.cfg:1:74: a decimal comma: write 30.5\n" },
#undef BYTES
	};
	// clang-format on

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *lines;
		int r = load(*state, files[i].bytes, files[i].size, &lines);

		assert_string_equal(lines, files[i].expected);
		assert_int_equal(r, *files[i].expected ? -EINVAL : 0);
		free(lines);
	}
}

// A mark before the text changes nothing of it, wherever it comes from.
static void a_byte_order_mark_is_skipped(void **state)
{
	struct problems problems = { 0 };
	struct profile with = { 0 }, without = { 0 };

	(void)state;
	assert_int_equal(profile_parse("p", "\xef\xbb\xbf" PROFILE("30.0"), NULL, &problems, &with),
		0);
	assert_int_equal(profile_parse("p", PROFILE("30.0"), NULL, &problems, &without), 0);
	assert_true(with.hash == without.hash);
	profile_clear(&with);
	profile_clear(&without);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(foreign_characters_have_a_name),
		cmocka_unit_test(numbers_are_decimal_and_fit),
		cmocka_unit_test(punctuation_is_named),
		cmocka_unit_test(what_is_good_passes),
		cmocka_unit_test(libconfig_finds_no_other_syntax_errors),
		cmocka_unit_test_setup_teardown(files_of_other_encodings_are_named, sandbox_setup,
			sandbox_teardown),
		cmocka_unit_test(a_byte_order_mark_is_skipped),
	};

	return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
