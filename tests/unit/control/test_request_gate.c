// SPDX-License-Identifier: MIT
//
// The request gate without a broker: messages that act, are refused, or are dropped unread.
#include "tests.h"

#include "control/request_gate.h"
#include "../fixture.h"

struct bench {
	struct chair chair;
	struct request_gate *request_gate;
	int stops, acts, answers, refusals_sent, set_refusals, retained, floods, not_understood,
		refusals;
	bool refuse, idle;
	double intensity; // as it is now
	char answer[512], topic[64], code[32], message[256];
	struct request request;
};

static void on_stop(void *data)
{
	((struct bench *)data)->stops++;
}

static bool on_act(void *data, const struct request *request, json_t **ret_data,
	struct request_error *ret_error)
{
	struct bench *bench = data;

	bench->acts++;
	bench->request = *request;
	if (bench->refuse) {
		request_error_set(ret_error, "busy", "wait", "busy");
		return false;
	}
	*ret_data = json_pack("{s:i}", "n", bench->acts);
	return true;
}

static bool on_lowers(void *data, const struct request *request)
{
	const struct bench *bench = data;

	return request->kind == REQUEST_COMMAND &&
		(request->command.verb == COMMAND_PAUSE ||
			(request->command.verb == COMMAND_INTENSITY &&
				request->command.intensity_percent < bench->intensity));
}

static void on_answer(void *data, const struct mqtt_message *message, const char *verb,
	const char *text, bool refusal)
{
	struct bench *bench = data;

	(void)message;
	(void)verb;
	bench->answers++;
	snprintf(bench->answer, sizeof(bench->answer), "%s", text);
	if (refusal)
		bench->refusals_sent++;
}

static void on_set_refused(void *data, const char *prop, const struct request_error *refused)
{
	struct bench *bench = data;

	(void)prop;
	bench->set_refusals++;
	snprintf(bench->code, sizeof(bench->code), "%s", refused->code);
	snprintf(bench->message, sizeof(bench->message), "%s", refused->message);
}

static const char *on_not_understood(void *data)
{
	struct bench *bench = data;

	bench->not_understood++;
	return bench->idle ? NULL : "paused";
}

static void on_refused(void *data, const struct mqtt_message *message,
	const struct request_error *refused)
{
	(void)message;
	(void)refused;
	((struct bench *)data)->refusals++;
}

static void on_retained(void *data, const char *topic)
{
	struct bench *bench = data;

	bench->retained++;
	snprintf(bench->topic, sizeof(bench->topic), "%s", topic);
}

static void on_flood(void *data)
{
	((struct bench *)data)->floods++;
}

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct request_gate_port port = { .stop = on_stop,
		.act = on_act,
		.lowers = on_lowers,
		.answer = on_answer,
		.not_understood = on_not_understood,
		.refused = on_refused,
		.set_refused = on_set_refused,
		.retained = on_retained,
		.flood = on_flood,
		.data = bench };

	fixture_recliner(&bench->chair);
	*state = bench;
	return request_gate_new(&bench->chair, &port, &bench->request_gate);
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	request_gate_free(bench->request_gate);
	free(bench);
	return 0;
}

static void take_at(struct bench *bench, int64_t now_us, const char *topic, const char *text,
	bool retained)
{
	const struct mqtt_message message = {
		.topic = topic, .payload = text, .size = strlen(text), .retained = retained
	};

	request_gate_handle(bench->request_gate, now_us, 1800000000.0, &message);
}

static void take(struct bench *bench, const char *topic, const char *text)
{
	take_at(bench, 0, topic, text, false);
}

static void a_request_acts_and_is_answered(void **state)
{
	struct bench *bench = *state;

	take(bench, "request/pause", "{\"id\":\"x\"}");
	assert_int_equal(bench->acts, 1);
	assert_int_equal(bench->request.command.verb, COMMAND_PAUSE);
	assert_string_equal(bench->answer, "{\"id\":\"x\",\"ok\":true,\"data\":{\"n\":1}}");
	take(bench, "set/intensity", "30");
	assert_int_equal(bench->acts, 2);
	take(bench, "telemetry", "x"); // not a command
	assert_int_equal(bench->acts, 2);
	assert_int_equal(bench->refusals_sent, 0);
}

static void a_retained_command_is_refused(void **state)
{
	struct bench *bench = *state;

	take_at(bench, 0, "request/start", "{\"id\":1}", true);
	assert_int_equal(bench->acts, 0);
	assert_int_equal(bench->retained, 1);
	assert_string_equal(bench->topic, "request/start");
	assert_non_null(strstr(bench->answer, "\"code\":\"retained\""));
	take_at(bench, 0, "set/session", "start", true);
	assert_int_equal(bench->acts, 0);
	assert_int_equal(bench->retained, 2);
	assert_int_equal(bench->set_refusals, 1);
	take_at(bench, 0, "request/start", "", true); // the echo of the clearing
	assert_int_equal(bench->retained, 2);
	assert_int_equal(bench->answers, 2);
	assert_int_equal(bench->refusals_sent, 2);
}

static void a_duplicate_acts_once(void **state)
{
	struct bench *bench = *state;
	char first[512];

	take(bench, "request/start", "{\"id\":\"a\",\"args\":{\"profile\":\"gentle\"}}");
	snprintf(first, sizeof(first), "%s", bench->answer);
	take(bench, "request/start", "{\"id\":\"a\",\"args\":{\"profile\":\"gentle\"}}");
	assert_int_equal(bench->acts, 1);
	assert_int_equal(bench->answers, 2);
	assert_string_equal(bench->answer, first);
	take(bench, "request/start", "{\"id\":\"b\"}");
	take(bench, "request/skip", "{\"id\":\"a\"}"); // another verb
	assert_int_equal(bench->acts, 3);
	take(bench, "request/skip", "{}"); // without an id nothing is a duplicate
	take(bench, "request/skip", "{}");
	assert_int_equal(bench->acts, 5);
	take(bench, "request/status", "{\"id\":\"s\"}"); // it does not act: a new answer each time
	take(bench, "request/status", "{\"id\":\"s\"}");
	assert_int_equal(bench->acts, 7);
}

// A slider that has one id: each position is another request.
static void an_id_with_another_payload_is_another_request(void **state)
{
	struct bench *bench = *state;

	take(bench, "request/intensity", "{\"id\":\"s\",\"args\":{\"intensity\":20}}");
	take(bench, "request/intensity", "{\"id\":\"s\",\"args\":{\"intensity\":80}}");
	assert_int_equal(bench->acts, 2);
	assert_true(bench->request.command.intensity_percent == 80);
	take(bench, "request/intensity", "{\"id\":\"s\",\"args\":{\"intensity\":80}}");
	assert_int_equal(bench->acts, 2);
}

static void after_ten_seconds_it_acts_again(void **state)
{
	struct bench *bench = *state;

	take_at(bench, 0, "request/start", "{\"id\":1}", false);
	take_at(bench, 10 * US_PER_S - 1, "request/start", "{\"id\":1}", false);
	assert_int_equal(bench->acts, 1);
	take_at(bench, 10 * US_PER_S, "request/start", "{\"id\":1}", false);
	assert_int_equal(bench->acts, 2);
}

static void what_lowers_force_is_always_carried_out(void **state)
{
	struct bench *bench = *state;
	char first[512];

	take(bench, "request/pause", "{\"id\":1}");
	snprintf(first, sizeof(first), "%s", bench->answer);
	take(bench, "request/pause", "{\"id\":1}");
	assert_int_equal(bench->acts, 2);
	bench->refuse = true; // it is paused already: the client gets the first answer
	take(bench, "request/pause", "{\"id\":1}");
	assert_int_equal(bench->acts, 3);
	assert_non_null(strstr(bench->answer, "\"ok\":true"));
	assert_int_equal(bench->answers, 3);
	bench->refuse = false;

	// 20, then 80, then the same 20 again: down, up, down.
	take(bench, "request/intensity", "{\"id\":2,\"args\":{\"intensity\":20}}");
	take(bench, "request/intensity", "{\"id\":2,\"args\":{\"intensity\":80}}");
	bench->intensity = 80;
	take(bench, "request/intensity", "{\"id\":2,\"args\":{\"intensity\":20}}");
	assert_int_equal(bench->acts, 6);
	assert_true(bench->request.command.intensity_percent == 20);
	bench->intensity = 20;
	take(bench, "request/intensity", "{\"id\":2,\"args\":{\"intensity\":80}}"); // but not up
	assert_int_equal(bench->acts, 6);
}

static void a_refusal_is_remembered_too(void **state)
{
	struct bench *bench = *state;

	bench->refuse = true;
	take(bench, "request/start", "{\"id\":5}");
	bench->refuse = false;
	take(bench, "request/start", "{\"id\":5}");
	assert_int_equal(bench->acts, 1);
	assert_non_null(strstr(bench->answer, "\"code\":\"busy\""));
}

static void a_mistake_may_be_corrected_with_the_same_id(void **state)
{
	struct bench *bench = *state;

	take(bench, "request/intensity", "{\"id\":5,\"args\":{\"intensity\":500}}");
	assert_non_null(strstr(bench->answer, "\"id\":5,\"ok\":false"));
	assert_int_equal(bench->acts, 0);
	take(bench, "request/intensity", "{\"id\":5,\"args\":{\"intensity\":50}}");
	assert_int_equal(bench->acts, 1);
}

static void stop_is_never_refused(void **state)
{
	static const struct {
		const char *topic, *text;
		bool retained;
	} table[] = {
		{ "request/stop", "{\"id\":1}", false },
		{ "request/stop", "{\"id\":1}", false }, // a duplicate
		{ "request/stop", "", false },
		{ "request/stop", "no JSON", false },
		{ "request/stop", "{\"args\":{\"x\":1}}", false },
		{ "request/stop", "\xff", false },
		{ "request/stop", "{}", true },
		{ "set/session", "stop", false },
		{ "set/session", " stop\n", true },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(table); i++) {
		take_at(bench, 0, table[i].topic, table[i].text, table[i].retained);
		assert_int_equal(bench->stops, (int)i + 1);
		assert_non_null(strstr(bench->answer, "\"ok\":true"));
	}
	assert_int_equal(bench->acts, 0);
	assert_int_equal(bench->retained, 2);
	assert_int_equal(bench->set_refusals, 0);
}

// Every payload of set/session, name of a property and name of a verb here is meant as a stop.
static void a_stop_is_understood_in_any_spelling(void **state)
{
#define PAYLOAD(text) { "set/session", text, sizeof(text) - 1 }
	static const struct {
		const char *topic, *text;
		size_t size;
	} table[] = {
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
		PAYLOAD("\r\n\tsToP\r\n"),
		PAYLOAD("\xe2\x80\x9cstop\xe2\x80\x9d"),
		PAYLOAD("s\0t\0o\0p\0"), // UTF-16
		PAYLOAD("\xff\xfes\0t\0o\0p\0"),
		PAYLOAD("\xfe\xff\0S\0T\0O\0P"),
		PAYLOAD("s t o p"),
		PAYLOAD("STOPP"),
		PAYLOAD("stop stop stop"),
		PAYLOAD("emergencyStop"),
		PAYLOAD("session_stop"),
		PAYLOAD("please stop now"),
		PAYLOAD("E-Stop"),
		PAYLOAD("halt"),
		PAYLOAD("abort()"),
		PAYLOAD("cancelled"),
		PAYLOAD("quit"),
		PAYLOAD("false"),
		PAYLOAD("False"),
		PAYLOAD("0.0"),
		PAYLOAD("{\"state\":\"OFF\"}"),
		PAYLOAD("{\"state\": false}"),
		PAYLOAD("[\"stop\"]"),
		PAYLOAD("{\"session\":\"stop\""), // not even JSON
		PAYLOAD("stop\xff\xff\xff"),
		{ "set/stop", "", 0 },
		{ "set/stop", "1", 1 },
		{ "set/STOP", "now", 3 },
		{ "set/off", "", 0 },
		{ "set/Session", "stop", 4 },
		{ "set/SESSION", "0", 1 },
		{ "set/sesion", "OFF", 3 },
		{ "set/state", "off", 3 },
		{ "set/command", "stop", 4 },
		{ "set/intensity", "stop", 4 },
		{ "set/intensity", "off", 3 },
		{ "request/STOP", "{}", 2 },
		{ "request/Stop", "", 0 },
		{ "request/halt", "{\"id\":1}", 8 },
		{ "request/session", "{\"args\":{\"session\":\"stop\"}}", 27 },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(table); i++) {
		const struct mqtt_message message = {
			.topic = table[i].topic, .payload = table[i].text, .size = table[i].size
		};

		request_gate_handle(bench->request_gate, 0, 1800000000.0, &message);
		if (bench->stops != (int)i + 1)
			fail_msg("row %zu: %s %s does not stop", i, table[i].topic, table[i].text);
	}
	assert_int_equal(bench->acts, 0);
	assert_int_equal(bench->set_refusals, 0);
	assert_int_equal(bench->not_understood, 0);
}

// Only a stop is guessed. Everything else is carried out as it is spelled, or not at all.
static void nothing_else_is_taken_for_a_stop(void **state)
{
	static const char *const acting[][2] = {
		{ "set/session", "start" },
		{ "set/session", " resume\n" },
		{ "set/session", "skip" },
		{ "set/session", "pause" },
		{ "set/session", "PAUSE" },
		{ "set/session", "\"pause\"" },
		{ "set/intensity", "0" },
		{ "set/profile", "non-stop" },
		{ "request/skip", "{\"id\":0}" },
		{ "request/status", "{\"id\":\"stop\"}" },
	};
	static const char *const refused[] = { "START", "\"start\"", "Start", "start!", "on", "1",
		"true", "go", "RESUME", "{\"session\":\"start\"}", "\xef\xbb\xbfstart",
		"start\xc2\xa0", "home", "" };
	struct bench *bench = *state;

	for (size_t i = 0; i < COUNT(acting); i++) {
		take(bench, acting[i][0], acting[i][1]);
		if (bench->acts != (int)i + 1)
			fail_msg("%s %s does not act", acting[i][0], acting[i][1]);
	}
	for (size_t i = 0; i < COUNT(refused); i++) {
		take(bench, "set/session", refused[i]);
		assert_int_equal(bench->set_refusals, (int)i + 1);
		assert_int_equal(bench->refusals, (int)i + 1);
		assert_int_equal(bench->not_understood, (int)i + 1);
	}
	assert_int_equal(bench->acts, (int)COUNT(acting));
	assert_int_equal(bench->stops, 0);
}

static void what_cannot_be_understood_on_session_pauses(void **state)
{
	struct bench *bench = *state;

	take(bench, "set/session", "stpo");
	assert_int_equal(bench->not_understood, 1);
	assert_string_equal(bench->message,
		"session: must be one of start, pause, resume, stop, skip; paused");
	take_at(bench, 0, "set/session", "stpo", true);
	assert_int_equal(bench->not_understood, 2);
	assert_string_equal(bench->code, "retained");
	take_at(bench, 0, "set/session", "start", true); // understood, and refused
	assert_int_equal(bench->not_understood, 2);
	take(bench, "set/Session", "stpo");
	assert_int_equal(bench->not_understood, 3);
	take(bench, "set/intensity", "lots"); // harmless
	take(bench, "set/gravity", "9.81");
	take(bench, "set/gravity", "0"); // a number, not a switch
	assert_int_equal(bench->not_understood, 3);
	bench->idle = true;
	take(bench, "set/session", "stpo");
	assert_string_equal(bench->message,
		"session: must be one of start, pause, resume, stop, skip");
	assert_int_equal(bench->acts, 0);
	assert_int_equal(bench->refusals, 8);
}

static void a_flood_does_not_delay_stop(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < 10000; i++) { // a second of them
		take_at(bench, i * 100, "set/intensity", "50", false);
		take_at(bench, i * 100, "request/nonsense", "{", false);
	}
	assert_in_range(bench->acts, RATE_BURST, RATE_BURST + RATE_PER_S);
	assert_true(bench->answers <= 2 * (RATE_BURST + RATE_PER_S));
	assert_true(bench->floods > 0);
	assert_int_equal(request_gate_shed(bench->request_gate), 20000 - bench->answers);

	bench->acts = 0;
	take_at(bench, US_PER_S, "request/renew", "{}", false); // each kind has its own bucket
	assert_int_equal(bench->acts, 1);
	take_at(bench, US_PER_S, "set/session", "stop", false);
	assert_int_equal(bench->stops, 1);
}

static void a_flood_of_stops_is_not_answered_without_end(void **state)
{
	struct bench *bench = *state;

	for (int i = 0; i < 10000; i++)
		take_at(bench, i * 100, "request/stop", "{}", false);
	assert_int_equal(bench->stops, 10000);
	assert_true(bench->answers <= RATE_BURST + RATE_PER_S);
	assert_int_equal(bench->floods, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_request_acts_and_is_answered, setup, teardown),
		cmocka_unit_test_setup_teardown(a_retained_command_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_duplicate_acts_once, setup, teardown),
		cmocka_unit_test_setup_teardown(an_id_with_another_payload_is_another_request,
			setup, teardown),
		cmocka_unit_test_setup_teardown(after_ten_seconds_it_acts_again, setup, teardown),
		cmocka_unit_test_setup_teardown(what_lowers_force_is_always_carried_out, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_refusal_is_remembered_too, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mistake_may_be_corrected_with_the_same_id, setup,
			teardown),
		cmocka_unit_test_setup_teardown(stop_is_never_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stop_is_understood_in_any_spelling, setup,
			teardown),
		cmocka_unit_test_setup_teardown(nothing_else_is_taken_for_a_stop, setup, teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_understood_on_session_pauses, setup,
			teardown),
		cmocka_unit_test_setup_teardown(a_flood_does_not_delay_stop, setup, teardown),
		cmocka_unit_test_setup_teardown(a_flood_of_stops_is_not_answered_without_end, setup,
			teardown),
	};

	return cmocka_run_group_tests_name("request_gate", tests, NULL, NULL);
}
