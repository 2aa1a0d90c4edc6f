// SPDX-License-Identifier: MIT
//
// Texts that are refused before libconfig parses them.
#include "sandbox.h"

#include <errno.h>
#include <sys/stat.h>

#include "config/text.h"
#include "config/utf8.h"

static void refuses(const char *text, const char *expected)
{
	struct problems problems = { 0 };
	char *lines;

	assert_int_equal(text_check("t", text, &problems), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines, expected);
	free(lines);
}

static void accepts(const char *text)
{
	struct problems problems = { 0 };

	assert_int_equal(text_check("t", text, &problems), 0);
	assert_int_equal(problems_count(&problems), 0);
}

static void no_include(void **state)
{
	(void)state;
	refuses("a = 1;\n@include \"/etc/passwd\"\n",
		"t:2:1: @include is not allowed: one file is one whole\n");
	refuses("  @INCLUDE \"x\"", "t:1:3: @include is not allowed: one file is one whole\n");
}

static void no_deep_nesting(void **state)
{
	char text[256];

	(void)state;
	snprintf(text, sizeof(text), "a = %.*s1%.*s;", 16, "((((((((((((((((", 16,
		"))))))))))))))))");
	accepts(text);
	snprintf(text, sizeof(text), "\na = %.*s1", 17, "(((((((((((((((((");
	refuses(text, "t:2:21: nested too deep (at most 16)\n");
	// Brackets in strings and comments do not count, and cannot hide others.
	accepts("a = \"((((((((((((((((((((\"; # ((((((((((((((((((((\n/* {{{{{{{{{{{{{{{{{{{{ */");
	refuses("a = (((((((( # ))))))))\n(((((((( /* )))))))) */ \"\\\"))))\", (((",
		"t:2:35: nested too deep (at most 16)\n");
}

static void no_endless_group(void **state)
{
	char text[1024] = "g = {";

	(void)state;
	for (int i = 0; i < TEXT_KEYS_MAX; i++)
		sprintf(text + strlen(text), "k%d=1;", i);
	strcat(text, "}");
	accepts(text);
	text[strlen(text) - 1] = 'x';
	strcat(text, "=1;}");
	refuses(text, "t:1:380: too many keys in one group (at most 64)\n");
}

// libconfig would leak their memory: a sanitizer finds the leaks without this check.
static void no_string_that_leaks(void **state)
{
	static const char *const misplaced[] = { "a = 1; \"x\"", "a = (1 \"x\");", "a = 1, \"x\";",
		"a = { \"x\" };", "\"x\" = 1;", "a = [true \"x\"];", "a = .\"x\";",
		"a = (({b = 1;}, 1) \"x\");" };
	static const char *const unending[] = { "a = \"x", "a = \"x\" \"", "a = \"x\\\"",
		"a = \"\\", "a = \"x\n\";" };
	struct problems problems = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(misplaced) / sizeof(misplaced[0]); i++)
		assert_int_equal(text_check("t", misplaced[i], &problems), -EINVAL);
	for (size_t i = 0; i < sizeof(unending) / sizeof(unending[0]); i++)
		assert_int_equal(text_check("t", unending[i], &problems), -EINVAL);
	problems_clear(&problems);
	accepts("a = \"x\" \"y\"; b = (\"x\", \"y\" /* , */ \"z\"); c = [\"\\\\\", \"\"]; d : "
		"\"\\\"\"");
}

static void only_files_of_reasonable_size(void **state)
{
	static char big[TEXT_FILE_MAX + 1];
	struct sandbox *sandbox = *state;
	struct problems problems = { 0 };
	char *text = NULL, *lines;
	size_t size;

	memset(big, ' ', sizeof(big));
	assert_int_equal(text_read(sandbox_bytes(sandbox, "most.cfg", big, TEXT_FILE_MAX),
				 &problems, &text, &size),
		0);
	assert_int_equal(size, TEXT_FILE_MAX);
	free(text);
	assert_int_equal(text_read(sandbox_bytes(sandbox, "big.cfg", big, sizeof(big)), &problems,
				 &text, &size),
		-EINVAL);
	assert_int_equal(text_read(sandbox_bytes(sandbox, "nul.cfg", "a\0b", 3), &problems, &text,
				 &size),
		-EINVAL);
	assert_int_equal(text_read(sandbox_path(sandbox, "absent.cfg"), &problems, &text, &size),
		-ENOENT);
	assert_int_equal(mkfifo(sandbox_path(sandbox, "pipe.cfg"), 0600), 0);
	assert_int_equal(text_read(sandbox_path(sandbox, "pipe.cfg"), &problems, &text, &size),
		-EINVAL);
	assert_int_equal(text_read("/", &problems, &text, &size), -EINVAL);
	lines = sandbox_lines(&problems);
	assert_string_equal(lines,
		"big.cfg: is too big (at most 1048576 bytes)\n"
		"nul.cfg:1: has a NUL byte in it: it is not a text\n"
		"absent.cfg: cannot be read: No such file or directory\n"
		"pipe.cfg: is not a file\n"
		": is not a file\n");
	free(lines);
}

static void finds_kinds_by_their_keys(void **state)
{
	(void)state;
	assert_int_equal(text_kind("id = \"x\"; actuators = ();"), FILE_CHAIR);
	assert_int_equal(text_kind("# steps = 1\npoints : ( )"), FILE_ATLAS);
	assert_int_equal(text_kind("pathways = ("), FILE_PATHWAYS);
	assert_int_equal(text_kind("title = \"points = 1\"; defaults = { points = 1; }; steps = ["),
		FILE_PROFILE);
	assert_int_equal(text_kind("broker = { host = "), FILE_SETTINGS);
	assert_int_equal(text_kind("telemetry_hz=2;"), FILE_SETTINGS);
	assert_int_equal(text_kind("}}) steps_ = 1; points"), FILE_UNKNOWN);
	assert_int_equal(text_kind(""), FILE_UNKNOWN);
}

static void hashes_a_short_text_as_fnv_1a_does(void **state)
{
	(void)state; // the published test vectors
	assert_true(text_hash("", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(text_hash("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(text_hash("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

// No one bit, and no two of the same place in a word, leave the hash as it is.
static void hashes_every_bit_of_a_long_text(void **state)
{
	char text[37] = "steps = ( { points = [ \"a.left\" ]; }";
	uint64_t hash = text_hash(text, sizeof(text));

	(void)state;
	assert_true(text_hash(text, sizeof(text) - 1) != hash);
	for (size_t bit = 0; bit < 8 * sizeof(text); bit++) {
		text[bit / 8] ^= (char)(1 << bit % 8);
		assert_true(text_hash(text, sizeof(text)) != hash);
		for (size_t other = bit + 64; other < 8 * sizeof(text); other += 64) {
			text[other / 8] ^= (char)(1 << other % 8);
			assert_true(text_hash(text, sizeof(text)) != hash);
			text[other / 8] ^= (char)(1 << other % 8);
		}
		text[bit / 8] ^= (char)(1 << bit % 8);
	}
}

static void knows_well_formed_utf8(void **state)
{
	(void)state;
	assert_int_equal(utf8_printable("a"), 1);
	assert_int_equal(utf8_printable("\xc3\xa9"), 2);
	assert_int_equal(utf8_printable("\xe2\x82\xac"), 3);
	assert_int_equal(utf8_printable("\xf0\x9f\x98\x80"), 4);
	assert_int_equal(utf8_printable("\n"), 0);
	assert_int_equal(utf8_printable("\x7f"), 0);
	assert_int_equal(utf8_printable("\xc2\x85"), 0);         // a control character
	assert_int_equal(utf8_printable("\xc0\xaf"), 0);         // overlong
	assert_int_equal(utf8_printable("\xe0\x80\xaf"), 0);     // overlong
	assert_int_equal(utf8_printable("\xf0\x80\x80\xaf"), 0); // overlong
	assert_int_equal(utf8_printable("\xed\xa0\x80"), 0);     // a surrogate
	assert_int_equal(utf8_printable("\xf4\x90\x80\x80"), 0); // beyond Unicode
	assert_int_equal(utf8_printable("\xe2\x82"), 0);         // cut off
	assert_int_equal(utf8_printable("\x80"), 0);
}

static void takes_a_cut_character_away(void **state)
{
	static const char *const texts[][2] = { { "", "" }, { "a", "a" },
		{ "a\xc3\xa9", "a\xc3\xa9" }, { "a\xc3", "a" }, { "a\xe2\x80", "a" },
		{ "a\xe2", "a" }, { "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "a\xf0\x9f\x98", "a" } };
	char text[8];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(text, sizeof(text), "%s", texts[i][0]);
		utf8_drop_incomplete(text);
		assert_string_equal(text, texts[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_include),
		cmocka_unit_test(no_deep_nesting),
		cmocka_unit_test(no_endless_group),
		cmocka_unit_test(no_string_that_leaks),
		cmocka_unit_test_setup_teardown(only_files_of_reasonable_size, sandbox_setup,
			sandbox_teardown),
		cmocka_unit_test(finds_kinds_by_their_keys),
		cmocka_unit_test(hashes_a_short_text_as_fnv_1a_does),
		cmocka_unit_test(hashes_every_bit_of_a_long_text),
		cmocka_unit_test(knows_well_formed_utf8),
		cmocka_unit_test(takes_a_cut_character_away),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
