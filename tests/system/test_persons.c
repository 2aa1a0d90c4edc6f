// SPDX-License-Identifier: MIT
//
// People by name: consent before the first session, what is closed to them, their ceiling, and a
// dose of their own. (The people: rig.c.)
#include "rig.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

static void request(struct rig *rig, const char *verb, const char *args, const char *answer)
{
	size_t mark = client_mark(rig->client);
	char topic[60], response[60];

	snprintf(topic, sizeof(topic), "request/%s", verb);
	snprintf(response, sizeof(response), "response/%s", verb);
	rig_publish(rig, topic, args);
	rig_expect(rig, mark, response, answer, SOON_MS);
}

// `chairctl` with words, and with an answer to what it asks.
static void chairctl(const struct rig *rig, const char *words, const char *typed, int code,
	const char *text)
{
	const char *build = getenv("CHAIRD_BUILD");
	char command[700], *output;
	const char *const argv[] = { "sh", "-c", command, NULL };
	struct process *process;
	int r;

	snprintf(command, sizeof(command), "printf '%s' | %s/chairctl %s --config=%s/chaird.cfg",
		typed, build ? build : "build/default", words, rig->dir);
	process = process_start(argv, NULL);
	r = WEXITSTATUS(process_wait(process, SOON_MS));
	process_logged(process, text, SOON_MS);
	output = process_output(process);
	if (r != code || !strstr(output, text))
		fail_msg("%s: exit %d: %s", words, r, output);
	free(output);
	process_free(process);
}

static void without_consent_nothing_starts(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_expect(rig, 0, "info", "\"persons\":[\"anna\",\"ben\"]", SOON_MS);
	request(rig, "start", "{\"args\":{\"profile\":\"press\",\"person\":\"ben\"}}",
		"\"code\":\"consent\",\"message\":\"ben has not yet accepted the text on who "
		"must not use the chair\",\"hint\":\"chairctl person consent ben\"");
	request(rig, "start", "{\"args\":{\"profile\":\"press\",\"person\":\"bene\"}}",
		"\"code\":\"person\",\"message\":\"person: there is nobody of that name\","
		"\"hint\":\"did you mean ben?\"");
	request(rig, "consent", "{\"args\":{\"person\":\"ben\",\"text\":\"I do\"}}",
		"\"code\":\"consent\",\"message\":\"args.text: is not the text");
	rig_refute(rig, mark, "event", "\"started\"");
	chairctl(rig, "person list", "", 0, "ben                      no consent yet");
	chairctl(rig, "person show anna", "", 0, "closed: gastrocnemius.left: a wound");
	chairctl(rig, "person consent ben", "no\\n", 1, "consent was not given");
	chairctl(rig, "person list", "", 0, "ben                      no consent yet");
	chairctl(rig, "person forget ben", "", 2, "is not understood");
}

static void consent_is_kept(void **state)
{
	struct rig *rig = *state;

	chairctl(rig, "person consent ben", "yes\\n", 0, "Discuss its use with a physician");
	request(rig, "persons", "{}",
		"{\"persons\":[{\"name\":\"anna\",\"consent\":null},{\"name\":\"ben\","
		"\"consent\":\"20");
	rig_restart_chaird(rig, SIGTERM);
	request(rig, "person", "{\"args\":{\"person\":\"ben\"}}", "\"consent\":\"20");
	chairctl(rig, "person show ben", "", 0, "consent: 20");
}

static void a_broken_consent_is_asked_for_again(void **state)
{
	struct rig *rig = *state;
	char path[200];
	size_t mark = client_mark(rig->client);

	chairctl(rig, "person consent ben", "yes\\n", 0, "consent: 20");
	process_signal(rig->chaird, SIGTERM);
	process_wait(rig->chaird, SOON_MS);
	rig_expect(rig, mark, "availability", "offline", SOON_MS);
	rig_write(rig, "consent.json", "{\"version\":1,\"consents\":[{\"person\":\"ben\"");
	mark = client_mark(rig->client);
	rig_start_chaird(rig);
	rig_expect(rig, mark, "availability", "online", SOON_MS);
	request(rig, "persons", "{}", "{\"name\":\"ben\",\"consent\":null}");
	assert_true(process_logged(rig->chaird, "consent.json is broken", SOON_MS));
	assert_int_equal(access(rig_path(rig, "consent.json.broken", path), F_OK), 0);
}

// The left calf is closed: the right one is pressed, with at most 60 % above the floor of 5 N.
static void a_session_is_the_persons(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	chairctl(rig, "person consent anna", "yes\\n", 0, "consent: 20");
	mark = client_mark(rig->client);
	rig_will_halt(rig, "halt:hold");
	request(rig, "start", "{\"args\":{\"profile\":\"press\",\"person\":\"anna\"}}",
		"\"unreachable\":[],\"closed\":[{\"point\":\"gastrocnemius.left\",\"reason\":\"a "
		"wound\"}]");
	rig_halted(rig);
	rig_expect(rig, mark, "state", "\"points\":[\"gastrocnemius.right\"]", SOON_MS);
	rig_expect(rig, mark, "state", "\"person\":\"anna\"", SOON_MS);
	rig_expect(rig, mark, "target", "\"value\":11.0,\"unit\":\"N\"", SOON_MS);
	rig_publish(rig, "set/intensity", "100");
	rig_publish(rig, "set/feedback", "more");
	request(rig, "ping", "{}", "\"ok\":true");
	rig_refute(rig, mark, "target", "\"value\":15.0");
	mark = client_mark(rig->client);
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	rig_expect(rig, mark, "dose",
		"{\"person\":\"anna\",\"points\":[{\"name\":\"gastrocnemius.right\"", SOON_MS);
	rig_expect(rig, mark, "dose", "{\"person\":null,\"points\":[],", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\",\"profile\":null", SOON_MS);
	chairctl(rig, "dose", "", 0, "  anna:");
	chairctl(rig, "run press --person anna", "", 0,
		"because it is closed: gastrocnemius.left: "
		"a wound");
}

static void nothing_left_is_refused(void **state)
{
	struct rig *rig = *state;

	rig_write(rig, "persons.cfg",
		"persons = ( { name = \"anna\"; height_cm = 164.0; closed = (\n"
		"  { regions = [ \"all\" ]; reason = \"a recent stroke\"; } ); } );\n");
	request(rig, "reload", "{}", "\"ok\":true");
	chairctl(rig, "person consent anna", "yes\\n", 0, "closed: neck");
	request(rig, "start", "{\"args\":{\"profile\":\"press\",\"person\":\"anna\"}}",
		"\"code\":\"closed\",\"message\":\"nothing of press is open to anna: a recent "
		"stroke\"");
}

static void a_wrong_file_changes_nothing(void **state)
{
	struct rig *rig = *state;

	rig_write(rig, "persons.cfg", "persons = ( { name = \"anna\"; height_cm = 16.4; } );\n");
	request(rig, "reload", "{}", "height_cm: 16.4 is out of range (140 ... 220 cm)");
	request(rig, "persons", "{}", "\"name\":\"ben\"");
}

// Its comments stay, and the chair has the person at once; or after the session that runs.
static void a_person_is_added_to_the_chairs_file(void **state)
{
	struct rig *rig = *state;

	chairctl(rig, "person add dora", "171\\n\\n\\nneck\\nstiff\\n\\n", 0, "bench: reloaded");
	request(rig, "person", "{\"args\":{\"person\":\"dora\"}}",
		"\"name\":\"dora\",\"height_cm\":171.0");
	chairctl(rig, "person consent anna", "yes\\n", 0, "consent: 20");
	rig_will_halt(rig, "halt:hold");
	chairctl(rig, "run press --person anna", "", 0, "press started");
	rig_halted(rig);
	chairctl(rig, "person remove dora", "", 0, "A session runs. Afterwards: chairctl reload");
	request(rig, "person", "{\"args\":{\"person\":\"dora\"}}", "\"name\":\"dora\"");
}

#define ON_BENCH(function) cmocka_unit_test_setup_teardown(function, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(without_consent_nothing_starts),
		ON_BENCH(consent_is_kept),
		ON_BENCH(a_broken_consent_is_asked_for_again),
		ON_BENCH(a_session_is_the_persons),
		ON_BENCH(nothing_left_is_refused),
		ON_BENCH(a_wrong_file_changes_nothing),
		ON_BENCH(a_person_is_added_to_the_chairs_file),
	};

	return cmocka_run_group_tests_name("persons", tests, NULL, NULL);
}
