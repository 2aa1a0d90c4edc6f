// SPDX-License-Identifier: MIT
//
// put: a proved profile is stored and can be played at once, and after a restart or a power cut;
// all else changes nothing.
#include "rig.h"

#include <errno.h>
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

// They differ in their title.
static char *profile_text(const char *title)
{
	char *text;

	assert_true(asprintf(&text,
			    "# \"%s\"\ntitle = \"%s\";\n"
			    "steps = ( { points = [ \"gastrocnemius\" ]; # both\n"
			    "  target = { newtons = 20.0; floor = 8.0; }; } );\n",
			    title, title) > 0);
	return text;
}

// Send it; the mark from before.
static size_t put(struct rig *rig, const char *name, const char *text)
{
	size_t mark = client_mark(rig->client);
	json_t *request = json_pack("{s:{s:s, s:s}}", "args", "profile", name, "text", text);
	char *payload = json_dumps(request, JSON_COMPACT);

	rig_publish(rig, "request/put", payload);
	free(payload);
	json_decref(request);
	return mark;
}

static void put_title(struct rig *rig, const char *name, const char *title)
{
	char *text = profile_text(title);
	size_t mark = put(rig, name, text);

	rig_expect(rig, mark, "response/put", "\"ok\":true", SOON_MS);
	free(text);
}

static void refuses(struct rig *rig, const char *name, const char *text, const char *reason)
{
	size_t mark = put(rig, name, text);
	const struct received *answer = rig_expect(rig, mark, "response/put", NULL, SOON_MS);

	if (!strstr(answer->payload, "\"ok\":false") || !strstr(answer->payload, reason))
		fail_msg("%s: %s instead of %s", name, answer->payload, reason);
}

// The text of a profile as chaird sends it; NULL: there is no such profile. To be freed.
static char *get(struct rig *rig, const char *name)
{
	size_t mark = client_mark(rig->client);
	const struct received *answer;
	const char *text = NULL;
	char payload[100], *copy;
	json_t *root;

	snprintf(payload, sizeof(payload), "{\"args\":{\"profile\":\"%s\"}}", name);
	rig_publish(rig, "request/profile", payload);
	answer = rig_expect(rig, mark, "response/profile", NULL, SOON_MS);
	root = json_loads(answer->payload, 0, NULL);
	json_unpack(root, "{s:{s:s}}", "data", "text", &text);
	copy = text ? strdup(text) : NULL;
	json_decref(root);
	return copy;
}

static void expect_title(struct rig *rig, const char *name, const char *title)
{
	char *text = get(rig, name), *expected = profile_text(title);

	assert_non_null(text);
	assert_string_equal(text, expected);
	free(text);
	free(expected);
}

static void expect_file(const struct rig *rig, const char *name, const char *title)
{
	char path[200], bytes[1000] = "", *expected = profile_text(title);
	FILE *file = fopen(rig_path(rig, name, path), "re");

	assert_non_null(file);
	assert_true(fread(bytes, 1, sizeof(bytes) - 1, file) > 0);
	assert_string_equal(bytes, expected);
	fclose(file);
	free(expected);
}

static void restart(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	rig_expect(rig, mark, "state", "\"guard\":true", SOON_MS);
}

// --- what is stored ---------------------------------------------------------------------------

static void a_proved_profile_is_stored_and_played(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	put_title(rig, "mine", "First");
	rig_expect(rig, mark, "info", "\"title\":\"First\"", SOON_MS);
	expect_title(rig, "mine", "First");
	expect_file(rig, "profiles/mine.cfg", "First");
	rig_hold(rig, "mine", NULL);
	refuses(rig, "mine", "title = 1;", "\"busy\""); // a session runs
	rig_publish(rig, "request/pause", "{}");
	rig_pass(rig, "halt:paused");
	rig_expect(rig, mark, "state", "\"phase\":\"paused\"", SOON_MS);
	refuses(rig, "mine", "title = 1;", "\"busy\"");
	rig_publish(rig, "request/stop", "{}");
	rig_go(rig);
	expect_title(rig, "mine", "First");
}

static void the_one_before_is_kept(void **state)
{
	struct rig *rig = *state;

	put_title(rig, "mine", "First");
	put_title(rig, "mine", "Second");
	expect_file(rig, "profiles/mine.cfg", "Second");
	expect_file(rig, "profiles/mine.cfg.bak", "First");
	put_title(rig, "mine", "Third");
	expect_file(rig, "profiles/mine.cfg.bak", "Second");
	restart(rig);
	expect_title(rig, "mine", "Third");
}

static void a_shipped_profile_is_replaced_not_overwritten(void **state)
{
	struct rig *rig = *state;
	char *shipped = get(rig, "press"), *again, path[200];
	size_t mark;

	assert_non_null(shipped);
	put_title(rig, "press", "Mine");
	expect_title(rig, "press", "Mine");
	restart(rig);
	expect_title(rig, "press", "Mine");
	assert_int_equal(unlink(rig_path(rig, "profiles/press.cfg", path)), 0);
	mark = client_mark(rig->client);
	rig_publish(rig, "request/reload", "{}");
	rig_expect(rig, mark, "response/reload", "\"ok\":true", SOON_MS);
	again = get(rig, "press");
	assert_string_equal(again, shipped);
	free(again);
	free(shipped);
}

static void a_stored_profile_replaces_an_unusable_one(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_write(rig, "profiles/sessions/bad.cfg", "title = ;\n");
	rig_publish(rig, "request/reload", "{}");
	rig_expect(rig, mark, "alert/profiles", "bad.cfg:1", SOON_MS);
	mark = client_mark(rig->client);
	put_title(rig, "bad", "Good");
	rig_expect(rig, mark, "alert/profiles", "", SOON_MS);
	expect_title(rig, "bad", "Good");
}

// --- what is refused --------------------------------------------------------------------------

static void no_name_leads_out_of_the_folder(void **state)
{
	static const char *const names[] = { "../mine", "/tmp/mine", "a/b", "..", ".mine", "a b",
		"Mine", "mine\\n", "m\xc3\xbcller", "sessions/press",
		"a23456789-a23456789-a23456789-a23456789-a2345678" };
	struct rig *rig = *state;
	char *text = profile_text("Mine"), path[200];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		refuses(rig, names[i], text, "args.profile: ");
	free(text);
	assert_int_equal(access(rig_path(rig, "mine.cfg", path), F_OK), -1);
	assert_int_equal(access(rig_path(rig, "profiles/a", path), F_OK), -1);
}

static void what_is_not_proved_is_not_stored(void **state)
{
	static const char *const texts[][2] = {
		{ "title = ", "mine:1:" }, { "title = 5;", "title: is a whole number" },
		{ "title = \"A\"; steps = ( { points = [ \"nowhere\" ]; target = { newtons = 20.0; "
		  "floor = 8.0; }; } );",
			"nowhere" },
		{ "title = \"A\"; steps = ( { points = [ \"gastrocnemius\" ]; "
		  "target = { newtons = 900.0; floor = 8.0; }; } );",
			"900" },
		{ "title = \"A\"; steps = ( { points = [ \"rhomboid\" ]; target = { newtons = "
		  "20.0; floor = 8.0; }; } );",
			"\"unproved\"" }, // out of the bench's reach
	};
	struct rig *rig = *state;
	char path[200];

	put_title(rig, "mine", "First");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		refuses(rig, "mine", texts[i][0], texts[i][1]);
		refuses(rig, "mine", texts[i][0], "\"unproved\"");
	}
	expect_title(rig, "mine", "First");
	expect_file(rig, "profiles/mine.cfg", "First");
	assert_int_equal(access(rig_path(rig, "profiles/mine.cfg.bak", path), F_OK), -1);
}

static void a_disk_that_fails_changes_nothing(void **state)
{
	struct rig *rig = *state;
	char *text = profile_text("Second"), path[200];

	put_title(rig, "mine", "First");
	assert_int_equal(mkdir(rig_path(rig, "profiles/mine.cfg.new", path), 0755), 0);
	refuses(rig, "mine", text, "\"storage\"");
	expect_title(rig, "mine", "First");
	expect_file(rig, "profiles/mine.cfg", "First");
	assert_int_equal(rmdir(path), 0);
	put_title(rig, "mine", "Second");
	free(text);
}

static void a_hundred_are_stored_at_most(void **state)
{
	struct rig *rig = *state;
	char *text = profile_text("More"), name[40];

	for (int i = 0; i < 99; i++) {
		snprintf(name, sizeof(name), "profiles/other-%d.cfg", i);
		rig_write(rig, name, text);
	}
	put_title(rig, "mine", "First");
	refuses(rig, "more", text, "\"storage\"");
	put_title(rig, "mine", "Second"); // in its place
	free(text);
}

// --- power cuts -------------------------------------------------------------------------------

// With the preload in chaird, from its next start on.
static void load_cut(struct rig *rig)
{
	char file[200];

	rig_preload("cut");
	setenv("CUT", rig_path(rig, "cut", file), 1);
	restart(rig);
	rig_preload("");
}

// Put, and cut the power at the call of that number; whether there was one.
static bool cut_at(struct rig *rig, const char *title, int call)
{
	char number[12], path[200], *text = profile_text(title);
	size_t mark;
	bool cut;

	snprintf(number, sizeof(number), "%d", call);
	rig_write(rig, "cut", number);
	mark = put(rig, "mine", text);
	// The last will, or the response.
	while (!client_find(rig->client, mark, "chair/bench/response/put", NULL) &&
		!client_find(rig->client, mark, "chair/bench/availability", "offline"))
		client_wait(rig->client, client_mark(rig->client), "chair/bench/availability", NULL,
			100);
	cut = !client_find(rig->client, mark, "chair/bench/response/put", NULL);
	assert_int_equal(unlink(rig_path(rig, "cut", path)), 0);
	free(text);
	return cut;
}

static void after_a_cut_the_old_or_the_new_one_is_there(void **state)
{
	struct rig *rig = *state;
	int n_old = 0, n_new = 0;
	bool cut = true;

	put_title(rig, "mine", "Old");
	for (int call = 0; cut; call++) {
		char *text, *old = profile_text("Old"), *new = profile_text("New");

		load_cut(rig);
		cut = cut_at(rig, "New", call);
		restart(rig);
		text = get(rig, "mine");
		assert_non_null(text);
		n_old += !strcmp(text, old);
		n_new += !strcmp(text, new);
		assert_int_equal(n_old + n_new, call + 1);
		assert_true(cut || !strcmp(text, new));
		put_title(rig, "mine", "Old");
		free(text);
		free(old);
		free(new);
	}
	// mkdir (the folder is there), unlinkat, linkat, renameat, unlinkat; openat, write, half a
	// write, fsync, renameat; then fsync of the folder, and no cut
	assert_int_equal(n_old, 10);
	assert_int_equal(n_new, 2);
}

static void after_a_cut_a_first_one_is_whole_or_not_there(void **state)
{
	struct rig *rig = *state;
	int n_none = 0, n_new = 0;
	bool cut = true;
	char path[200];

	for (int call = 0; cut; call++) {
		char *text, *new = profile_text("New");

		load_cut(rig);
		cut = cut_at(rig, "New", call);
		restart(rig);
		text = get(rig, "mine");
		n_none += !text;
		n_new += text && !strcmp(text, new);
		assert_int_equal(n_none + n_new, call + 1);
		assert_true(cut || text);
		unlink(rig_path(rig, "profiles/mine.cfg", path));
		unlink(rig_path(rig, "profiles/mine.cfg.bak", path));
		free(text);
		free(new);
	}
	// mkdir (the folder is there), unlinkat, linkat; openat, write, half a write, fsync,
	// renameat
	assert_int_equal(n_none, 8);
	assert_int_equal(n_new, 2);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_proved_profile_is_stored_and_played),
		ON_BENCH(the_one_before_is_kept),
		ON_BENCH(a_shipped_profile_is_replaced_not_overwritten),
		ON_BENCH(a_stored_profile_replaces_an_unusable_one),
		ON_BENCH(no_name_leads_out_of_the_folder),
		ON_BENCH(what_is_not_proved_is_not_stored),
		ON_BENCH(a_disk_that_fails_changes_nothing),
		ON_BENCH(a_hundred_are_stored_at_most),
		ON_BENCH(after_a_cut_the_old_or_the_new_one_is_there),
		ON_BENCH(after_a_cut_a_first_one_is_whole_or_not_there),
	};

	return cmocka_run_group_tests_name("put", tests, NULL, NULL);
}
