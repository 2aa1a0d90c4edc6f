// SPDX-License-Identifier: MIT
//
// Broken files, each with one fault: exactly one finding, with its line and what is allowed.
//
// The folders of tests/unit/config/broken hold the files; `expected` in each has their findings in
// the order of the files. A file is one of good/ with a fault in it; `five-faults.cfg` has five.
// UPDATE_GOLDEN=1 writes `expected`: only you can judge then whether it is right.
#include "sandbox.h"

#include <errno.h>
#include <glob.h>

#include "config/settings.h"
#include "config/text.h"

#define BROKEN    "tests/unit/config/broken"
#define FILES_MIN 60

typedef int load_function(const char *file, struct problems *problems);

// --- loaders, each with the rest of good/ ----------------------------------------------------

static int load_chair(const char *file, struct problems *problems)
{
	struct chair chair;

	return chair_load(file, problems, &chair);
}

static int load_settings(const char *file, struct problems *problems)
{
	struct settings settings;

	return settings_check(file, problems, &settings);
}

static void good_atlas(struct atlas *ret_atlas)
{
	struct problems problems = { 0 };

	assert_int_equal(atlas_load(BROKEN "/good", &problems, ret_atlas), 0);
}

static int load_persons(const char *file, struct problems *problems)
{
	struct persons persons = { 0 };
	struct atlas atlas;
	int r;

	good_atlas(&atlas);
	r = persons_load(file, &atlas, problems, &persons);
	persons_clear(&persons);
	atlas_clear(&atlas);
	return r;
}

// As `chairctl check` and the controller do it: a profile without errors is proved, too.
static int load_profile(const char *file, struct problems *problems)
{
	struct plan_proof *proof = malloc(sizeof(*proof));
	struct plan *plan = malloc(sizeof(*plan));
	struct profile profile = { 0 };
	struct atlas atlas;
	struct chair chair;
	int r;

	good_atlas(&atlas);
	assert_int_equal(chair_load(BROKEN "/good/chair.cfg", problems, &chair), 0);
	r = profile_load(file, &atlas, problems, &profile);
	if (r == 0)
		r = profile_prove(&profile, &atlas, &chair, problems, plan, proof);
	profile_clear(&profile);
	atlas_clear(&atlas);
	free(plan);
	free(proof);
	return r;
}

static void copy(struct sandbox *sandbox, const char *from, const char *to)
{
	FILE *file = fopen(from, "r");
	char bytes[16 * 1024];
	size_t n;

	assert_non_null(file);
	n = fread(bytes, 1, sizeof(bytes), file);
	assert_true(n < sizeof(bytes));
	fclose(file);
	sandbox_bytes(sandbox, to, bytes, n);
}

static const char *base_name(const char *file)
{
	return strrchr(file, '/') + 1;
}

// An atlas is loaded as a folder: the other half is that of good/.
static int load_half(const char *file, const char *half, const char *other,
	struct problems *problems)
{
	struct atlas atlas = { 0 };
	struct sandbox *sandbox;
	char name[200];
	int r;

	assert_int_equal(sandbox_setup((void **)&sandbox), 0);
	sandbox_folder(sandbox, half);
	sandbox_folder(sandbox, other);
	snprintf(name, sizeof(name), "%s/%s", half, base_name(file));
	copy(sandbox, file, name);
	snprintf(name, sizeof(name), BROKEN "/good/%s/all.cfg", other);
	copy(sandbox, name, strstr(name, other));
	r = atlas_load(sandbox->dir, problems, &atlas);
	atlas_clear(&atlas);
	sandbox_teardown((void **)&sandbox);
	return r;
}

static int load_points(const char *file, struct problems *problems)
{
	return load_half(file, "atlas", "pathways", problems);
}

static int load_pathways(const char *file, struct problems *problems)
{
	return load_half(file, "pathways", "atlas", problems);
}

// --- findings ---------------------------------------------------------------------------------

static const struct kind {
	const char *folder, *good;
	load_function *load;
} kinds[] = {
	{ "atlas", "atlas/all.cfg", load_points },
	{ "chairs", "chair.cfg", load_chair },
	{ "pathways", "pathways/all.cfg", load_pathways },
	{ "persons", "persons.cfg", load_persons },
	{ "profiles", "profile.cfg", load_profile },
	{ "settings", "settings.cfg", load_settings },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static int count_lines(const char *lines)
{
	int n = 0;

	for (; *lines; lines++)
		n += *lines == '\n';
	return n;
}

// The findings of one file; advice alone is no failure.
static char *findings_of(const struct kind *kind, const char *file)
{
	struct problems problems = { 0 };
	int r = kind->load(file, &problems);

	assert_int_equal(r, problems_errors(&problems) ? -EINVAL : 0);
	return sandbox_lines(&problems);
}

static void the_good_ones_have_no_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		char file[200], *lines;

		snprintf(file, sizeof(file), BROKEN "/good/%s", kinds[i].good);
		lines = findings_of(&kinds[i], file);
		assert_string_equal(lines, "");
		free(lines);
	}
}

static char *findings_of_folder(const struct kind *kind, size_t *n_files, size_t *wrong)
{
	char pattern[200], *all = NULL;
	size_t size;
	FILE *stream = open_memstream(&all, &size);
	glob_t files;

	assert_non_null(stream);
	snprintf(pattern, sizeof(pattern), BROKEN "/%s/*.cfg", kind->folder);
	assert_int_equal(glob(pattern, 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		const char *file = files.gl_pathv[i];
		bool five = !strcmp(base_name(file), "five-faults.cfg");
		char *lines = findings_of(kind, file);

		fputs(lines, stream);
		if (count_lines(lines) != (five ? 5 : 1)) {
			print_error("%s has %d findings:\n%s", file, count_lines(lines), lines);
			*wrong += 1;
		}
		free(lines);
	}
	*n_files += files.gl_pathc;
	globfree(&files);
	assert_int_equal(fclose(stream), 0);
	return all;
}

static char *read_expected(const char *path)
{
	struct problems problems = { 0 };
	char *text;
	size_t size;

	assert_int_equal(text_read(path, &problems, &text, &size), 0);
	return text;
}

static void write_expected(const char *path, const char *findings)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(findings, file);
	assert_int_equal(fclose(file), 0);
}

static void every_fault_is_found_on_its_line(void **state)
{
	size_t n_files = 0, wrong = 0;

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		char *findings = findings_of_folder(&kinds[i], &n_files, &wrong), *expected;
		char path[200];

		snprintf(path, sizeof(path), BROKEN "/%s/expected", kinds[i].folder);
		if (getenv("UPDATE_GOLDEN"))
			write_expected(path, findings);
		expected = read_expected(path);
		if (strcmp(findings, expected)) {
			print_error("--- %s\n%s--- got\n%s", path, expected, findings);
			wrong++;
		}
		free(expected);
		free(findings);
	}
	assert_int_equal(wrong, 0);
	assert_true(n_files >= FILES_MIN);
}

// --- the guide --------------------------------------------------------------------------------

#define GUIDE   "profiles/README.md"
#define HEADING "## What errors look like"
#define MARK    "    " // of an example

// Whether the text is the pattern, in which "..." stands for anything.
static bool matches(const char *pattern, const char *text)
{
	size_t n = strcspn(pattern, ".");

	while (pattern[n] && strncmp(pattern + n, "...", 3))
		n += 1 + strcspn(pattern + n + 1, ".");
	if (strncmp(pattern, text, n))
		return false;
	if (!pattern[n])
		return !text[n];
	for (text += n;; text++) {
		if (matches(pattern + n + 3, text))
			return true;
		if (!*text)
			return false;
	}
}

// Without the name of its file.
static char *finding_of(char *line)
{
	return strchr(line, ':');
}

static bool is_expected(const char *example)
{
	bool found = false;

	for (size_t i = 0; i < KINDS && !found; i++) {
		char path[200], *expected, *rest = NULL;

		snprintf(path, sizeof(path), BROKEN "/%s/expected", kinds[i].folder);
		expected = read_expected(path);
		for (char *line = strtok_r(expected, "\n", &rest); line && !found;
			line = strtok_r(NULL, "\n", &rest))
			found = finding_of(line) && matches(example, finding_of(line));
		free(expected);
	}
	return found;
}

static void the_guide_shows_them_as_they_are(void **state)
{
	char *guide = read_expected(GUIDE), *rest = NULL;
	bool inside = false;
	size_t n = 0;

	(void)state;
	for (char *line = strtok_r(guide, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (!strncmp(line, "## ", 3))
			inside = !strcmp(line, HEADING);
		if (!inside || strncmp(line, MARK, strlen(MARK)))
			continue;
		if (!is_expected(finding_of(line)))
			fail_msg("no finding of a broken file is like this:\n%s", line);
		n++;
	}
	assert_true(n >= 10);
	free(guide);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_good_ones_have_no_fault),
		cmocka_unit_test(every_fault_is_found_on_its_line),
		cmocka_unit_test(the_guide_shows_them_as_they_are),
	};

	return cmocka_run_group_tests_name("broken files", tests, NULL, NULL);
}
