// SPDX-License-Identifier: MIT
//
// Files with mistakes, beside running programs: one bad profile is left out alone, and a reload
// does what it reports.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "rig.h"

#define PROFILE \
	"title = \"T\"; minutes_max = 5;\n" \
	"steps = ( { points = [ \"gastrocnemius\" ]; target = { newtons = 12.0; floor = 5.0; };\n" \
	"  hold_s = 10.0; rest_s = 10.0; repeats = 1; } );\n"

static void write_bytes(const struct rig *rig, const char *name, const void *bytes, size_t size)
{
	char path[200];
	FILE *file = fopen(rig_path(rig, name, path), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void write_text(const struct rig *rig, const char *name, const char *text)
{
	write_bytes(rig, name, text, strlen(text));
}

static void remove_file(const struct rig *rig, const char *name)
{
	char path[200];

	assert_int_equal(unlink(rig_path(rig, name, path)), 0);
}

// Everything runs, and chaird has read what lies in the folder.
static void start_all(struct rig *rig)
{
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
}

// A request, and a text that its answer has.
static const struct received *ask(struct rig *rig, const char *verb, const char *args,
	const char *answer)
{
	static int id = 0;
	size_t mark = client_mark(rig->client);
	char topic[64], text[4096];

	snprintf(topic, sizeof(topic), "request/%s", verb);
	snprintf(text, sizeof(text), "{\"id\":%d,\"args\":{%s}}", ++id, args);
	rig_publish(rig, topic, text);
	snprintf(topic, sizeof(topic), "response/%s", verb);
	return rig_expect(rig, mark, topic, answer, SOON_MS);
}

// A program prints these texts, whatever its exit status.
static void expect_output(const struct rig *rig, const char *program, const char *word,
	const char *operand, const char *const texts[])
{
	const char *build = getenv("CHAIRD_BUILD");
	char path[400], config[200];
	const char *const argv[] = { path, word, config, operand, NULL };
	struct process *process;

	snprintf(path, sizeof(path), "%s/%s", build ? build : "build/default", program);
	snprintf(config, sizeof(config), "--config=%s/chaird.cfg", rig->dir);
	process = process_start(argv, NULL);
	for (; *texts; texts++) {
		if (!process_logged(process, *texts, SOON_MS)) {
			char *output = process_output(process);

			fail_msg("%s %s has not printed %s:\n%s", program, word, *texts, output);
		}
	}
	process_free(process);
}

#define PRINTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static void write_bad_profiles(struct rig *rig)
{
	static const char utf16[] = "\xff\xfet\0i\0t\0l\0e\0";

	write_text(rig, "profiles/sessions/gentle (1).cfg", PROFILE);
	write_text(rig, "profiles/sessions/empty.cfg", "");
	write_text(rig, "profiles/sessions/quotes.cfg", "title = “T”;\n" PROFILE);
	write_bytes(rig, "profiles/sessions/utf16.cfg", utf16, sizeof(utf16) - 1);
	write_text(rig, "profiles/sessions/wrap.cfg", "minutes_max = 4294967301;\n");
}

static void bad_profiles_are_left_out_alone(void **state)
{
	struct rig *rig = *state;
	char file[200];

	write_bad_profiles(rig);
	write_text(rig, "profiles/sessions/good.cfg", "\xef\xbb\xbf" PROFILE);
	start_all(rig);
	assert_true(process_logged(rig->chaird, "empty.cfg: is empty (at least title, steps)",
		SOON_MS));
	rig_expect(rig, 0, "alert/profiles", "5 of 10 profiles cannot be used: empty.cfg: is empty",
		SOON_MS);
	ask(rig, "profiles", "",
		"{\"name\":\"quotes\",\"title\":\"quotes\",\"hash\":null,\"minutes\":null,"
		"\"problem\":\"quotes.cfg:1:9: a typographic quotation mark “ (U+201C): write "
		"\\\"\","
		"\"errors\":[\"quotes.cfg:1:9: ");
	rig_expect(rig, 0, "info", "\"name\":\"gentle (1)\"", SOON_MS);
	ask(rig, "start", "\"profile\":\"empty\"",
		"\"code\":\"unusable\",\"message\":\"empty.cfg: is empty (at least title, "
		"steps)\"");
	ask(rig, "start", "\"profile\":\"utf16\"", "utf16.cfg: is UTF-16: save it as UTF-8");
	ask(rig, "profile", "\"profile\":\"wrap\"", "wrap.cfg:1:15: 4294967301 is beyond 32 bits");
	expect_output(rig, "chairctl", "profiles", NULL,
		PRINTS("good ", "gentle (1) ",
			"(cannot be played: gentle (1).cfg: a profile has the name of its file"));
	expect_output(rig, "chairctl", "check", rig_path(rig, "profiles/sessions/good.cfg", file),
		PRINTS(": ok: profile good: 1 steps"));
	expect_output(rig, "chairctl", "simulate", "empty",
		PRINTS("unusable: empty.cfg: is empty (at least title, steps)"));
	expect_output(rig, "chairctl", "doctor", NULL, PRINTS("5 of 10 profiles cannot be used: "));
	expect_output(rig, "chaird", "--check", NULL,
		PRINTS("empty.cfg: is empty", "utf16: cannot be used", "good: "));
	ask(rig, "start", "\"profile\":\"good\"", "\"ok\":true");
	rig_expect(rig, 0, "event", "\"started\"", SOON_MS);
}

#define AT(point, newtons) \
	"{ points = [ \"" point "\" ];\n" \
	"target = { newtons = " newtons "; floor = 5.0; }; repeats = 1; }"

// A profile without a mistake in its file, but with one on this chair. One for another chair is no
// mistake.
static void a_profile_that_is_not_proved_never_runs(void **state)
{
	struct rig *rig = *state;
	char file[200];

	write_text(rig, "profiles/sessions/hard.cfg",
		"title = \"Hard\";\nsteps = (\n" AT("soleus", "23.0") ",\n" AT("gastrocnemius",
			"24.0") ");\n");
	write_text(rig, "profiles/sessions/far.cfg",
		"title = \"Far\";\nsteps = ( " AT("rhomboid", "23.0") ");\n");
	start_all(rig);
	assert_true(process_logged(rig->chaird,
		"profiles/sessions/hard.cfg:4: steps[0].target: 23 N is above the ceiling of chair "
		"bench at soleus.left (0 ... 22 N)",
		SOON_MS));
	rig_expect(rig, 0, "alert/profiles",
		"1 of 6 profiles cannot be used: hard.cfg:4: ", SOON_MS);
	ask(rig, "start", "\"profile\":\"hard\"",
		"\"code\":\"unusable\",\"message\":\"hard.cfg:4: steps[0].target: 23 N is above "
		"the ceiling of chair bench at soleus.left (0 ... 22 N) (and 1 more)\"");
	ask(rig, "profiles", "",
		"{\"name\":\"hard\",\"title\":\"Hard\",\"hash\":null,\"minutes\":null,");
	ask(rig, "start", "\"profile\":\"far\"",
		"\"code\":\"plan\",\"message\":\"far.cfg:2: steps: chair bench reaches no point of "
		"the profile\"");
	expect_output(rig, "chairctl", "check", rig_path(rig, "profiles/sessions/hard.cfg", file),
		PRINTS("hard.cfg:4: steps[0].target: 23 N", "hard.cfg:6: steps[1].target: 24 N"));
	ask(rig, "start", "\"profile\":\"press\"", "\"ok\":true");
}

static void a_reload_reports_what_it_did(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	start_all(rig);
	rig_expect(rig, 0, "alert/profiles", "", SOON_MS);

	mark = client_mark(rig->client);
	write_text(rig, "profiles/sessions/late.cfg", PROFILE);
	write_text(rig, "profiles/sessions/empty.cfg", "");
	ask(rig, "reload", "",
		"\"ok\":true,\"data\":{\"reloaded\":[\"chair\",\"atlas\",\"pathways\","
		"\"profiles\"],"
		"\"not_reloaded\":{\"settings\":\"chaird.cfg is read only at the start: "
		"systemctl restart chaird\"},");
	rig_expect(rig, mark, "response/reload", "\"profiles\":5,\"unusable\":[\"empty\"]",
		SOON_MS);
	rig_expect(rig, mark, "event", "{\"event_type\":\"reloaded\",\"reloaded\":[\"chair\"",
		SOON_MS);
	rig_expect(rig, mark, "info", "\"name\":\"late\"", SOON_MS);
	rig_expect(rig, mark, "alert/profiles", "1 of 6 profiles cannot be used", SOON_MS);

	mark = client_mark(rig->client);
	remove_file(rig, "profiles/sessions/empty.cfg");
	process_signal(rig->chaird, SIGHUP);
	rig_expect(rig, mark, "event", "\"event_type\":\"reloaded\"", SOON_MS);
	rig_expect(rig, mark, "alert/profiles", "", SOON_MS);
}

static void expect_refused_reload(struct rig *rig, const char *code)
{
	size_t mark = client_mark(rig->client);
	char event[100], text[100];

	snprintf(text, sizeof(text), "\"ok\":false,\"error\":{\"code\":\"%s\"", code);
	snprintf(event, sizeof(event), "{\"event_type\":\"reload_refused\",\"code\":\"%s\"", code);
	ask(rig, "reload", "", text);
	rig_expect(rig, mark, "event", event, SOON_MS);
	rig_refute(rig, mark, "info", NULL);
	rig_refute(rig, mark, "event", "\"reloaded\"");
}

// With files that are wrong nothing changes, and all can see it until they are right.
static void a_reload_of_bad_files_is_refused(void **state)
{
	struct rig *rig = *state;
	size_t mark;
	char path[200];

	start_all(rig);
	mark = client_mark(rig->client);
	remove_file(rig, "profiles/pathways");
	assert_int_equal(mkdir(rig_path(rig, "profiles/pathways", path), 0755), 0);
	write_text(rig, "profiles/pathways/bad.cfg", "pathways = ( { name = back } );");
	expect_refused_reload(rig, "config");
	rig_expect(rig, mark, "response/reload", "bad.cfg:1:23: back is not a value", SOON_MS);
	rig_expect(rig, mark, "alert/reload", "bad.cfg:1:23: back is not a value", SOON_MS);
	process_signal(rig->chaird, SIGHUP);
	assert_true(process_logged(rig->chaird, "reload: refused: ", SOON_MS));
	ask(rig, "start", "\"profile\":\"press\"", "\"ok\":true"); // with what it had
	expect_refused_reload(rig, "busy");
	ask(rig, "stop", "", "\"ok\":true");
	rig_pass(rig, "halt+30");

	mark = client_mark(rig->client);
	write_text(rig, "profiles/pathways/bad.cfg", "pathways = ( );");
	ask(rig, "reload", "", "\"ok\":true");
	rig_expect(rig, mark, "alert/reload", "", SOON_MS);
	rig_expect(rig, mark, "event", "\"event_type\":\"reloaded\"", SOON_MS);
}

// A text that comes over MQTT is read as one that lies in a file.
static void a_text_to_check_is_read_as_a_file(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *text, *answer;
	} texts[] = {
		{ "title = “T”;",
			"profile:1:9: a typographic quotation mark “ (U+201C): write \\\"" },
		{ "title = \\\"T\\\";\\u00a0steps = ( );",
			"profile:1:13: a no-break space (U+00A0): write a space" },
		{ "minutes_max = 30,5;", "profile:1:17: a decimal comma: write 30.5" },
		{ "minutes_max = 4294967301;", "profile:1:15: 4294967301 is beyond 32 bits" },
		{ "minutes_max = 1e999;", "profile:1:15: 1e999 is too big for a number" },
		{ "", "must be a string of 1" },
		{ "\\ufeff# nothing", "profile: is empty (at least title, steps)" },
		{ "\\ufefftitle = \\\"T\\\";\\r\\n\\tsteps = ( { technique = \\\"pause\\\"; } );",
			"profile:2: steps: chair bench reaches no point of the profile" },
		{ "title = \\\"T\\\"; steps = ( { points = [ \\\"soleus\\\" ];\\n"
		  "target = { newtons = 23.0; floor = 5.0; }; } );",
			"\"valid\":false,\"problems\":[\"profile:2: steps[0].target: 23 N is "
			"above the ceiling of chair bench at soleus.left (0 ... 22 N)\"]" },
		{ "title = \\\"T\\\"; steps = ( { points = [ \\\"soleus\\\" ];\\n"
		  "target = { newtons = 20.0; floor = 5.0; }; hold_s = 20.0; } );",
			"\"valid\":true,\"problems\":[\"profile:2: warning: steps[0].hold_s: 20 s "
			"are short" },
	};
	char args[600];

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		snprintf(args, sizeof(args), "\"text\":\"%s\"", texts[i].text);
		ask(rig, "check", args, texts[i].answer);
	}
}

// A prefix of several levels is that of every topic, for chaird and for chairctl.
static void a_prefix_may_have_levels(void **state)
{
	struct rig *rig = *state;
	char text[1000];

	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	snprintf(text, sizeof(text),
		"chair_file = \"%s\"; profiles_dir = \"%s/profiles\"; guard_socket = "
		"\"%s/guard.sock\";\nbroker = { host = \"127.0.0.1\"; port = %d; "
		"prefix = \"home/chair\"; };\n",
		rig->chair_file, rig->dir, rig->dir, rig->port);
	write_text(rig, "chaird.cfg", text);
	rig_start_chaird(rig);
	rig->client = client_new(rig->port);
	assert_non_null(client_wait(rig->client, 0, "home/chair/bench/availability", "online",
		SOON_MS));
	client_publish_text(rig->client, "home/chair/bench/request/ping", "{\"id\":1}");
	assert_non_null(client_wait(rig->client, 0, "home/chair/bench/response/ping", "\"ok\":true",
		SOON_MS));
	assert_null(client_find(rig->client, 0, "chair/bench/availability", NULL));
	expect_output(rig, "chairctl", "profiles", NULL, PRINTS("press "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(bad_profiles_are_left_out_alone, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_profile_that_is_not_proved_never_runs,
			rig_setup_bare, rig_teardown),
		cmocka_unit_test_setup_teardown(a_reload_reports_what_it_did, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_reload_of_bad_files_is_refused, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_prefix_may_have_levels, rig_setup_bare,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_text_to_check_is_read_as_a_file, rig_setup_bench,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("files", tests, NULL, NULL);
}
