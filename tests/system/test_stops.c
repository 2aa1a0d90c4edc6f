// SPDX-License-Identifier: MIT
//
// What people publish where they mean stop, and what becomes of what nobody can understand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rig.h"

static void publish(struct rig *rig, const char *topic, const void *payload, size_t size)
{
	char buf[100];

	client_publish(rig->client, rig_topic(rig, topic, buf), payload, size, 1, false, NULL);
}

static void a_stop_in_any_spelling_stops(void **state)
{
#define PAYLOAD(text) { "set/session", text, sizeof(text) - 1 }
	static const struct {
		const char *topic, *payload;
		size_t size;
	} stops[] = {
		PAYLOAD("STOP"),
		PAYLOAD("Stop"),
		PAYLOAD("\"stop\""),
		PAYLOAD("'stop'"),
		PAYLOAD("off"),
		PAYLOAD("OFF"),
		PAYLOAD("0"),
		PAYLOAD("{\"session\":\"stop\"}"),
		PAYLOAD("stop!"),
		PAYLOAD("\xef\xbb\xbfstop"),
		PAYLOAD("stop\xc2\xa0"),
		PAYLOAD("stop\0"),
		// and others
		PAYLOAD("s\0t\0o\0p\0"),
		PAYLOAD("\r\nSTOP\r\n"),
		PAYLOAD("{\"state\":\"OFF\"}"),
		PAYLOAD("false"),
		{ "set/stop", "", 0 },
		{ "set/Session", "stop", 4 },
		{ "request/Stop", "{}", 2 },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(stops) / sizeof(stops[0]); i++) {
		size_t mark = rig_hold(rig, "press", NULL);

		publish(rig, stops[i].topic, stops[i].payload, stops[i].size);
		rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
		size_t stopped = client_mark(rig->client);

		rig_go(rig);
		rig_expect(rig, stopped, "state", "\"phase\":\"idle\"", SOON_MS);
		rig_refute(rig, mark, "event", "\"refused\"");
	}
}

static void what_cannot_be_understood_pauses_and_is_published(void **state)
{
	static const char *const payloads[] = { "stpo", "", "\xff\xff", "{\"session\":\"start\"}" };
	struct rig *rig = *state;
	size_t mark = rig_hold(rig, "press", NULL);

	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		mark = client_mark(rig->client);
		publish(rig, "set/session", payloads[i], strlen(payloads[i]));
		rig_expect(rig, mark, "event",
			"\"message\":\"session: must be one of start, pause, resume, stop, skip; "
			"to be sure, the session was paused\"",
			SOON_MS);
		rig_expect(rig, mark, "state", "\"phase\":\"pausing\"", SOON_MS);
		rig_pass(rig, "halt:paused");
		rig_publish(rig, "set/session", "resume");
		rig_expect(rig, mark, "event", "\"resumed\"", SOON_MS);
		rig_pass(rig, "halt:hold");
	}
	assert_true(process_logged(rig->chaird, "refused set/session \"stpo\": session: must be",
		SOON_MS));
	assert_true(process_logged(rig->chaird,
		"refused set/session \"\\xff\\xff\": session:", SOON_MS));
}

static void what_cannot_be_paused_is_stopped(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_will_halt(rig, "halt:homing");
	rig_publish(rig, "request/home", "{\"id\":\"home\"}");
	rig_expect(rig, mark, "response/home", "\"ok\":true", SOON_MS);
	rig_halted(rig);
	publish(rig, "set/session", "wait a moment", strlen("wait a moment"));
	rig_expect(rig, mark, "event", "to be sure, the chair was stopped", SOON_MS);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_go(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
}

static void every_refusal_has_a_line_in_the_journal(void **state)
{
	static const struct {
		const char *topic, *payload, *line;
	} refused[] = {
		{ "set/intensity", "lots",
			"refused set/intensity \"lots\": intensity: must be a number in 0 ... "
			"100 %" },
		{ "set/profile", "Nice One", "refused set/profile \"Nice One\": profile: must be" },
		{ "set/profile", "prass", "refused set/profile \"prass\": profile: there is no" },
		{ "set/gravity", "9.81\n\x1b[2J",
			"refused set/gravity \"9.81\\x0a\\x1b[2J\": set: unknown property" },
		{ "set/session", "START",
			"refused set/session \"START\": session: must be one of" },
		{ "set/session", "resume", "refused set/session \"resume\": " },
		{ "request/start", "not json",
			"refused request/start \"not json\": payload: is not" },
		{ "request/skip", "{\"id\":9}", "refused request/skip \"{\"id\":9}\": " },
		{ "request/levitate", "{}",
			"refused request/levitate \"{}\": request: unknown verb" },
		{ "request/start", "{\"args\":{\"profile\":\"press\",\"ts\":1}}",
			" years old (at most 5 s)" },
	};
	struct rig *rig = *state;

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		rig_publish(rig, refused[i].topic, refused[i].payload);
		if (!process_logged(rig->chaird, refused[i].line, SOON_MS))
			fail_msg("no line \"%s\"", refused[i].line);
	}
}

static void intensity_is_taken_as_people_write_it(void **state)
{
	static const char *const shapes[][2] = {
		{ "50%", "\"intensity\":50.0" },
		{ "\"51\"", "\"intensity\":51.0" },
		{ "52,5", "\"intensity\":52.5" },
		{ " 53 ", "\"intensity\":53.0" },
		{ "54.0", "\"intensity\":54.0" },
		{ "+55", "\"intensity\":55.0" },
		{ "'56,5 %'\r\n", "\"intensity\":56.5" },
		{ "\xef\xbb\xbf"
		  "57\xc2\xa0",
			"\"intensity\":57.0" },
	};
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		rig_publish(rig, "set/intensity", shapes[i][0]);
		rig_expect(rig, mark, "target", shapes[i][1], SOON_MS);
	}
	rig_publish(rig, "set/intensity", "half");
	rig_expect(rig, mark, "event", "send 50, 50.5 or 50%", SOON_MS);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(a_stop_in_any_spelling_stops),
		ON_BENCH(what_cannot_be_understood_pauses_and_is_published),
		ON_BENCH(what_cannot_be_paused_is_stopped),
		ON_BENCH(every_refusal_has_a_line_in_the_journal),
		ON_BENCH(intensity_is_taken_as_people_write_it),
	};

	return cmocka_run_group_tests_name("stops", tests, NULL, NULL);
}
