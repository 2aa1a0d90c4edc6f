// SPDX-License-Identifier: MIT
//
// The tokens of a text for libconfig, and what is found behind a fault of the text: the first fault
// of each line, and what is wrong with the lines that have none.
#include "sandbox.h"

#include <dirent.h>
#include <errno.h>
#include <libconfig.h>

#include "config/text.h"

static char *lines_of(const char *text, char **ret_tokens)
{
	struct problems problems = { 0 };
	int r = text_tokens("t", text, &problems, ret_tokens);

	assert_int_equal(r, problems_count(&problems) ? -EINVAL : 0);
	return sandbox_lines(&problems);
}

static void every_line_has_its_tokens_or_its_fault(void **state)
{
	// clang-format off: a table, a row a line
	static const struct {
		const char *text, *expected, *tokens; // NULL: not for every fault
	} texts[] = {
		{ "", "", "" },
		{ "# nothing", "", "" },
		{ "a = 1;\n", "", "a=1\n" },
		{ "a = 1; b = \"x\"; c = 2, d = { e = true; };", "",
			"a=1 b=\"x\"c=2,d={e=true}" },
		{ "a = /* 1;\n */ +2 b : \"x # y\" \"z\"; // c\n\n"
		  " c = ( -.5, { d = 1\n e = 2 } )\n# f",
			"", "a=\n+2 b:\"x # y\"\"z\"\n\nc=(-.5,{d=1\ne=2})\n" },
		{ "a = “x”;\nb = 30,5;\nc = 50%;\n",
			"t:1:5: a typographic quotation mark “ (U+201C): write \"\n"
			"t:2:7: a decimal comma: write 30.5\n"
			"t:3:7: a per cent sign % (U+0025): a number stands without its unit\n",
			"a=\"x\"\nb=30.5\nc=50\n" },
		{ "a = \"x”;\nb = 'y';\nc = 1\xc2\xa0;\n",
			"t:1:7: a typographic quotation mark ” (U+201D): write \"\n"
			"t:2:5: an apostrophe ' (U+0027): a string stands between \" and \"\n"
			"t:3:6: a no-break space (U+00A0): write a space\n",
			"a=\"x\"\nb=\"y\"\nc=1\n" },
		{ "a = –1;\nb ＝ 2；\nc = \"gr\xfc\xdf\";\nd\xe2\x80\x8b = 1;\n",
			"t:1:5: a typographic dash – (U+2013): write -\n"
			"t:2:3: a full-width ＝ (U+FF1D): write =\n"
			"t:3:8: the byte 0xFC is not UTF-8: save the file as UTF-8\n"
			"t:4:2: an invisible character (U+200B): delete it\n",
			"a=-1\nb=2\nc=\"gr??\"\nd=1\n" },
		{ "a = 4294967296;\nb = 0x1F;\nc = 30 s;\nd = hold;\ne = yes;\n",
			"t:1:5: 4294967296 is beyond 32 bits (whole numbers are -2147483648 ... "
			"2147483647)\n"
			"t:2:5: 0x1F is hexadecimal: write 31\n"
			"t:3:8: s behind a number: a number stands without its unit\n"
			"t:4:5: hold is not a value: a string stands in quotes: \"hold\"\n"
			"t:5:5: yes is not a value: write true\n",
			"a=\"4294967296\"\nb=\"0x1F\"\nc=30\nd=\"hold\"\ne=true\n" },
		{ "a 1;\nb = ;\nc;\nd = 1;;\ne == 2;\n",
			"t:1:3: \"=\" is missing before 1\n"
			"t:2:5: a value is missing before \";\"\n"
			"t:3:2: \"=\" is missing before \";\"\n"
			"t:4:7: \";\" where a key must stand: delete it\n"
			"t:5:4: a value is missing before \"=\"\n",
			"a=1\nb=\"\"\nc=\"\"\nd=1\ne=2\n" },
		{ "a = ( 1; 2\n 3, );\nb = \"open\nc = { d = \"x ; };\n",
			"t:1:8: \";\" in a list: its elements are parted by \",\"\n"
			"t:2:2: \",\" is missing before 3\n"
			"t:3:5: this string does not end on its line: write \" behind it\n"
			"t:4:11: this string does not end on its line: write \" behind it\n",
			NULL }, // its bracket may belong to it
		{ "a.b = 1;\n2nd = 1;\n\"c\" = 1;\nd = 30,5;\n",
			"t:1:1: a.b is not a key: a key within a group is written a = { b = ...; "
			"};\n"
			"t:2:1: 2nd where a key must stand (letters, digits, \"_\" and \"-\")\n"
			"t:3:1: a string where a key must stand: a key has no quotes, and \"=\" "
			"behind it\n",
			NULL },
		{ "a = 30,5;\nb = ( { c = 1; ];\n",
			"t:1:7: a decimal comma: write 30.5\n"
			"t:2:16: \"]\" where \"}\" must close the \"{\" of line 2\n",
			NULL },
	};
	// clang-format on
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		char *tokens, *lines = lines_of(texts[i].text, &tokens);

		if (strcmp(lines, texts[i].expected) || !tokens != !texts[i].tokens ||
			(tokens && strcmp(tokens, texts[i].tokens) != 0)) {
			print_error("--- %s\n--- got\n%s--- tokens\n%s\n", texts[i].text, lines,
				tokens ? tokens : "(none)");
			wrong++;
		}
		free(lines);
		free(tokens);
	}
	assert_int_equal(wrong, 0);
}

static int count(const char *text, char byte)
{
	int n = 0;

	for (; *text; text++)
		n += *text == byte;
	return n;
}

static const char good_text[] = "title = \"Relax\"; # ’ “\n"
				"\tsteps : ( { a = 1, b = -2.5e1 c = TRUE; }, [ ], () )\n"
				"least = -2147483648; half = .5;\n"
				"d = \"x\" \"y\"; e = [ \"p\", \"q\" ];\n";

// Lines stay where they are, and what is mended or had no fault can be parsed.
static void tokens_keep_their_lines(void **state)
{
	static const char alphabet[] = "a=1;,{}[]()\"\n \t.-+e0:#*xL%'\xe9";
	char text[sizeof(good_text)];
	uint32_t random = 1;
	int mends = 0;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct problems problems = { 0 };
		char *tokens;
		int r;

		strcpy(text, good_text);
		for (int edit = 0; edit <= i % 4; edit++) {
			random = random * 1664525 + 1013904223;
			text[(random >> 8) % (sizeof(good_text) - 1)] =
				alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		r = text_tokens("t", text, &problems, &tokens);
		if (tokens &&
			(text_check("t", tokens, &problems) < 0 ||
				count(tokens, '\n') != count(text, '\n')))
			fail_msg("%s\n--- tokens\n%s", text, tokens);
		mends += r < 0 && tokens;
		free(tokens);
		problems_clear(&problems);
	}
	assert_true(mends > 1000 && mends < 19000);
}

// Names, types, values and lines of a tree.
static void write_tree(FILE *out, const struct config_setting_t *setting)
{
	const char *name = config_setting_name(setting);

	fprintf(out, "%d %s %d", config_setting_source_line(setting), name ? name : "-",
		config_setting_type(setting));
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
	case CONFIG_TYPE_BOOL:
		fprintf(out, " %lld", config_setting_get_int64(setting));
		break;
	case CONFIG_TYPE_FLOAT:
		fprintf(out, " %a", config_setting_get_float(setting));
		break;
	case CONFIG_TYPE_STRING:
		fprintf(out, " %s", config_setting_get_string(setting));
		break;
	}
	fprintf(out, "\n");
	for (int i = 0; i < config_setting_length(setting); i++)
		write_tree(out, config_setting_get_elem(setting, (unsigned)i));
}

// The tree that libconfig makes of a text, or its error.
static char *tree_of(const char *text)
{
	struct config_t config;
	size_t size;
	char *tree;
	FILE *out = open_memstream(&tree, &size);

	assert_non_null(out);
	config_init(&config);
	if (config_read_string(&config, text) == CONFIG_TRUE)
		write_tree(out, config_root_setting(&config));
	else
		fprintf(out, "%d: %s\n", config_error_line(&config), config_error_text(&config));
	fclose(out);
	config_destroy(&config);
	return tree;
}

// True if it has no fault. libconfig 1.5 wants a newline behind a comment.
static bool same_tree(const char *text)
{
	struct problems problems = { 0 };
	char *tokens, *whole, *expected, *got;
	bool good = text_tokens("t", text, &problems, &tokens) == 0;

	if (good) {
		assert_true(asprintf(&whole, "%s\n", text) > 0);
		expected = tree_of(whole);
		got = tree_of(tokens);
		if (strcmp(got, expected))
			fail_msg("%s\n--- tokens\n%s\n--- expected\n%s--- got\n%s", text, tokens,
				expected, got);
		free(whole);
		free(expected);
		free(got);
	}
	free(tokens);
	problems_clear(&problems);
	return good;
}

static void libconfig_takes_tokens_for_the_text(void **state)
{
	static const char alphabet[] = "a1;,{}()[]=: \t\n\"#/*.-";
	char text[sizeof(good_text)];
	uint32_t random = 7;
	int good = 0;

	(void)state;
	assert_true(same_tree(good_text));
	for (int i = 0; i < 20000; i++) {
		strcpy(text, good_text);
		for (int edit = 0; edit <= i % 3; edit++) {
			random = random * 1664525 + 1013904223;
			text[(random >> 8) % (sizeof(good_text) - 1)] =
				alphabet[(random >> 16) % (sizeof(alphabet) - 1)];
		}
		good += same_tree(text);
	}
	assert_true(good > 1000);
}

static void shipped_files_have_the_same_tree(void **state)
{
	static const char *const folders[] = { "profiles/atlas", "profiles/pathways",
		"profiles/sessions", "profiles/chairs" };
	int n = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		DIR *folder = opendir(folders[i]);
		struct dirent *entry;

		assert_non_null(folder);
		while ((entry = readdir(folder))) {
			struct problems problems = { 0 };
			char path[512], *text;
			size_t size;

			snprintf(path, sizeof(path), "%s/%s", folders[i], entry->d_name);
			if (!strstr(entry->d_name, ".cfg"))
				continue;
			assert_int_equal(text_read(path, &problems, &text, &size), 0);
			assert_true(same_tree(text));
			free(text);
			n++;
		}
		closedir(folder);
	}
	assert_true(n > 20);
}

#define STEP "{ points = [ \"rhomboid\" ]; target = { newtons = 20.0; floor = 5.0; }; }"

// Nothing that is mended is used, whatever else is good.
static void a_mended_text_is_never_good(void **state)
{
	static const char *const texts[] = {
		"title = \"T\"; steps = ( " STEP " ); minutes_max = 5%;",
		"title = “T”; steps = ( " STEP " );",
		"title = \"T\"; steps = ( " STEP ", );",
		"title = \"T\"; minutes_max = 15 min; steps = ( " STEP " );",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct problems problems = { 0 };
		struct profile profile;

		assert_int_equal(profile_parse("p", texts[i], NULL, &problems, &profile), -EINVAL);
		assert_int_equal(problems_errors(&problems), 1);
		problems_clear(&problems);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_has_its_tokens_or_its_fault),
		cmocka_unit_test(tokens_keep_their_lines),
		cmocka_unit_test(libconfig_takes_tokens_for_the_text),
		cmocka_unit_test(shipped_files_have_the_same_tree),
		cmocka_unit_test(a_mended_text_is_never_good),
	};

	return cmocka_run_group_tests_name("tokens of texts", tests, NULL, NULL);
}
