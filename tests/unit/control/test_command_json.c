// SPDX-License-Identifier: MIT
#include "tests.h"

#include "control/command_json.h"
#include "control/set_text.h"
#include "../fixture.h"

#define NOW_S 1800000000.0

static struct chair chair;

static int setup(void **state)
{
	(void)state;
	fixture_recliner(&chair);
	return 0;
}

static int parse(const char *verb, const char *text, struct request *request,
	char id[REQUEST_ID_SIZE], struct request_error *refused)
{
	return request_parse(&chair, verb, text, strlen(text), NOW_S, request, id, refused);
}

// Every refusal names the key and its range.
static void refusals_name_key_and_range(void **state)
{
	static const struct {
		const char *verb, *text, *code, *key, *allowed;
	} table[] = {
		{ "start", "{\"args\":{\"intensity\":101}}", "range", "args.intensity",
			"0 ... 100 %" },
		{ "start", "{\"args\":{\"intensity\":-1}}", "range", "args.intensity",
			"0 ... 100 %" },
		{ "start", "{\"args\":{\"intensity\":\"5\"}}", "range", "args.intensity",
			"0 ... 100" },
		{ "start", "{\"args\":{\"intensity\":true}}", "range", "args.intensity",
			"0 ... 100" },
		{ "start", "{\"args\":{\"intensity\":null}}", "range", "args.intensity",
			"0 ... 100" },
		{ "start", "{\"args\":{\"intensity\":[50]}}", "range", "args.intensity",
			"0 ... 100" },
		{ "start", "{\"args\":{\"lease_s\":0}}", "range", "args.lease_s", "1 ... 60 s" },
		{ "start", "{\"args\":{\"lease_s\":60.5}}", "range", "args.lease_s", "1 ... 60 s" },
		{ "start", "{\"args\":{\"profile\":\"\"}}", "range", "args.profile",
			"1 ... 47 bytes" },
		{ "start", "{\"args\":{\"profile\":7}}", "range", "args.profile",
			"1 ... 47 bytes" },
		{ "start", "{\"args\":{\"ts\":1799999994}}", "stale", "args.ts", "at most 5 s" },
		{ "start", "{\"args\":{\"ts\":1800000006}}", "stale", "args.ts", "at most 5 s" },
		{ "start", "{\"args\":{\"ts\":-1}}", "range", "args.ts", "0 ... 1" },
		{ "start", "{\"args\":{\"intensty\":1}}", "key", "args.intensty",
			"profile, person, intensity" },
		{ "start", "{\"args\":[]}", "type", "args", "object" },
		{ "start", "{\"profile\":\"x\"}", "key", "profile", "id, args" },
		{ "pause", "{\"args\":{\"x\":1}}", "key", "args.x", "none" },
		{ "intensity", "{}", "missing", "args.intensity", "0 ... 100 %" },
		{ "feedback", "{\"args\":{}}", "missing", "args.feedback", "1 ... 8 bytes" },
		{ "feedback", "{\"args\":{\"feedback\":\"ow\"}}", "range", "args.feedback",
			"less, ok" },
		{ "jog",
			"{\"args\":{\"actuator\":\"depth\",\"drive_permille\":1001,"
			"\"heartbeat_ms\":100}}",
			"range", "args.drive_permille", "-1000 ... 1000" },
		{ "jog",
			"{\"args\":{\"actuator\":\"depth\",\"drive_permille\":100,"
			"\"heartbeat_ms\":501}}",
			"range", "args.heartbeat_ms", "1 ... 500 ms" },
		{ "jog", "{\"args\":{\"actuator\":\"depth\",\"drive_permille\":100}}", "missing",
			"args.heartbeat_ms", "1 ... 500 ms" },
		{ "jog",
			"{\"args\":{\"actuator\":\"elbow\",\"drive_permille\":1,"
			"\"heartbeat_ms\":100}}",
			"actuator", "args.actuator", "of this chair" },
		{ "profile", "", "missing", "args.profile", "1 ... 47 bytes" },
		{ "check", "{}", "missing", "args.text", "1 ... 65536 bytes" },
		{ "put", "{\"args\":{\"text\":\"a\"}}", "missing", "args.profile",
			"1 ... 47 bytes" },
		{ "ping", "{\"id\":\"\"}", "range", "id", "1 ... 64 printable" },
		{ "ping", "{\"id\":\"a\\\"b\"}", "range", "id", "1 ... 64 printable" },
		{ "ping", "{\"id\":\"\xc3\xa4\"}", "range", "id", "1 ... 64 printable" },
		{ "ping", "{\"id\":1.5}", "range", "id", "whole number" },
		{ "ping", "{\"id\":{}}", "range", "id", "whole number" },
		{ "ping", "{\"id\":1,\"id\":1}", "json", "payload", "twice" },
		{ "ping", "{\"args\":{\"x\":1e999}}", "json", "payload", "not finite" },
		{ "ping", "[]", "json", "payload", "object" },
		{ "ping", "{", "json", "payload", "line 1" },
		{ "ping", "{} {}", "json", "payload", "line 1" },
		{ "ping", "nan", "json", "payload", "line 1" },
		{ "ping", "{\"id\":\"\\u0000\"}", "json", "payload", "line 1" },
		{ "ping", "[[[[[[[[[]]]]]]]]]", "too-deep", "payload", "at most 8" },
		{ "ping", "{\"a\":\"\xff\"}", "encoding", "payload", "UTF-8" },
		{ "remove", "{}", "verb", "request", "unknown verb" },
		{ "", "{}", "verb", "request", "unknown verb" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct request request = { .ts_s = 42 };
		struct request_error refused;
		char id[REQUEST_ID_SIZE];

		if (parse(table[i].verb, table[i].text, &request, id, &refused) != -EINVAL)
			fail_msg("%s %s: accepted", table[i].verb, table[i].text);
		if (strcmp(refused.code, table[i].code) ||
			strncmp(refused.message, table[i].key, strlen(table[i].key)) ||
			!strstr(refused.message, table[i].allowed))
			fail_msg("%s %s: [%s] %s", table[i].verb, table[i].text, refused.code,
				refused.message);
		assert_true(request.ts_s == 42); // untouched
	}
}

static void too_long_is_refused_before_parsing(void **state)
{
	static char text[REQUEST_TEXT_MAX + 1];
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	memset(text, ' ', sizeof(text));
	memcpy(text, "{}", 2);
	assert_int_equal(request_parse(&chair, "ping", text, REQUEST_BYTES_MAX, 0, &request, id,
				 &refused),
		0);
	assert_int_equal(request_parse(&chair, "ping", text, REQUEST_BYTES_MAX + 1, 0, &request, id,
				 &refused),
		-EINVAL);
	assert_string_equal(refused.message, "payload: 8193 bytes are too many (at most 8192)");
	assert_int_equal(request_parse(&chair, "check", text, REQUEST_TEXT_MAX, 0, &request, id,
				 &refused),
		-EINVAL); // parsed: it lacks the text
	assert_string_equal(refused.code, "missing");
	assert_int_equal(request_parse(&chair, "check", text, REQUEST_TEXT_MAX + 1, 0, &request, id,
				 &refused),
		-EINVAL);
	assert_string_equal(refused.message, "payload: 65537 bytes are too many (at most 65536)");
	assert_int_equal(request_parse(&chair, "ping", "{}\0", 3, 0, &request, id, &refused),
		-EINVAL);
	assert_string_equal(refused.code, "encoding");
	assert_int_equal(request_parse(&chair, "ping", "{\0}\0", 4, 0, &request, id, &refused),
		-EINVAL);
	assert_string_equal(refused.hint, "UTF-16 is not allowed: send it as UTF-8");
	assert_int_equal(request_parse(&chair, "ping", "\xef\xbb\xbf{\"id\":7}", 11, 0, &request,
				 id, &refused),
		0);
	assert_string_equal(id, "7");
	assert_int_equal(request_parse(&chair, "ping", "\xef\xbb\xbf", 3, 0, &request, id,
				 &refused),
		0);
}

static void unknown_keys_get_a_suggestion(void **state)
{
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	assert_int_equal(parse("start", "{\"args\":{\"intensty\":1}}", &request, id, &refused),
		-EINVAL);
	assert_string_equal(refused.hint, "did you mean intensity?");
	assert_int_equal(parse("jog",
				 "{\"args\":{\"actuator\":\"carrige\",\"drive_permille\":1,"
				 "\"heartbeat_ms\":9}}",
				 &request, id, &refused),
		-EINVAL);
	assert_string_equal(refused.hint, "did you mean carriage?");
}

static void start_is_read(void **state)
{
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	assert_int_equal(parse("start",
				 "{\"id\":\"a-1\",\"args\":{\"profile\":\"gentle\","
				 "\"intensity\":80.5,\"lease_s\":30,\"ts\":1799999996.5}}",
				 &request, id, &refused),
		0);
	assert_string_equal(id, "\"a-1\"");
	assert_int_equal(request.kind, REQUEST_COMMAND);
	assert_int_equal(request.command.verb, COMMAND_START);
	assert_true(request.command.intensity_percent == 80.5);
	assert_int_equal(request.command.lease_us, 30 * US_PER_S);
	assert_string_equal(request.profile, "gentle");
}

static void an_absent_argument_has_a_default(void **state)
{
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	assert_int_equal(parse("start", "", &request, id, &refused), 0);
	assert_string_equal(id, "null");
	assert_true(isnan(request.command.intensity_percent)); // keep
	assert_int_equal(request.command.lease_us, 0);         // none
	assert_string_equal(request.profile, "");
	assert_int_equal(parse("pause", "{\"id\":-17}", &request, id, &refused), 0);
	assert_string_equal(id, "-17");
	assert_int_equal(request.command.verb, COMMAND_PAUSE);
}

static void the_id_of_a_refused_request_is_known(void **state)
{
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	assert_int_equal(parse("start", "{\"id\":3,\"args\":{\"x\":1}}", &request, id, &refused),
		-EINVAL);
	assert_string_equal(id, "3");
}

static void jog_feedback_and_check_are_read(void **state)
{
	struct request request;
	struct request_error refused;
	char id[REQUEST_ID_SIZE];

	(void)state;
	assert_int_equal(parse("jog",
				 "{\"args\":{\"actuator\":\"depth\",\"drive_permille\":-250,"
				 "\"heartbeat_ms\":500}}",
				 &request, id, &refused),
		0);
	assert_int_equal(request.command.actuator, 1);
	assert_int_equal(request.command.drive_permille, -250);
	assert_int_equal(request.command.heartbeat_us, 500 * US_PER_MS);
	assert_int_equal(parse("feedback", "{\"args\":{\"feedback\":\"more\"}}", &request, id,
				 &refused),
		0);
	assert_int_equal(request.command.feedback, FEEDBACK_MORE);
	assert_int_equal(parse("check", "{\"args\":{\"text\":\"a = 1;\\n\"}}", &request, id,
				 &refused),
		0);
	assert_int_equal(request.kind, REQUEST_CHECK);
	assert_string_equal(request.text, "a = 1;\n");
	request_clear(&request);
}

static void an_unknown_verb_is_told_the_known_ones(void **state)
{
	static const struct {
		const char *verb, *hint;
	} table[] = {
		{ "strat", "did you mean request/start?" },
		{ "pings", "did you mean request/ping?" },
		{ "Stop", "did you mean request/stop?" },
		{ "reset-all", "request/help answers with the verbs and their arguments" },
		{ "fly", "request/help answers with the verbs and their arguments" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct request request;
		struct request_error refused;
		char id[REQUEST_ID_SIZE];

		assert_int_equal(parse(table[i].verb, "{}", &request, id, &refused), -EINVAL);
		assert_string_equal(refused.hint, table[i].hint);
		assert_non_null(strstr(refused.message, "start, pause, resume, stop, skip"));
		assert_non_null(strstr(refused.message, ", ping, help)"));
	}
}

static void every_verb_has_its_own_index(void **state)
{
	static const char *const verbs[] = { "start", "pause", "resume", "stop", "skip",
		"intensity", "feedback", "renew", "home", "jog", "reset", "profiles", "profile",
		"check", "put", "try", "persons", "person", "consent", "dose", "reload", "status",
		"ping", "help" };
	bool seen[REQUEST_VERBS] = { false };

	(void)state;
	assert_int_equal(COUNT(verbs), REQUEST_VERBS);
	for (size_t i = 0; i < COUNT(verbs); i++) {
		int index = request_verb_index(verbs[i]);

		assert_in_range(index, 0, REQUEST_VERBS - 1);
		assert_false(seen[index]);
		seen[index] = true;
	}
	assert_int_equal(request_verb_index("starts"), -1);
}

static void an_age_has_a_unit_that_people_use(void **state)
{
	static const struct {
		const char *ts, *message, *hint;
	} table[] = {
		{ "1799999993", "args.ts: is 7.0 s old (at most 5 s)", "send it again" },
		{ "1800000007", "args.ts: is 7.0 s in the future (at most 5 s)",
			"the two clocks differ" },
		{ "1799999281", "args.ts: is 12 minutes old (at most 5 s)",
			"send it again; if that does not help, the two clocks differ" },
		{ "1799989200", "args.ts: is 3 hours old (at most 5 s)", "send it again; if" },
		{ "1800010800", "args.ts: is 3 hours in the future (at most 5 s)",
			"the two clocks differ" },
		{ "1799136000", "args.ts: is 10 days old (at most 5 s)", "send it again; if" },
		{ "1604328349", "args.ts: is 6 years old (at most 5 s)", "send it again; if" },
		{ "0", "args.ts: is 57 years old (at most 5 s)", "send it again; if" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char payload[100], id[REQUEST_ID_SIZE];
		struct request_error refused;
		struct request request;

		snprintf(payload, sizeof(payload), "{\"args\":{\"ts\":%s}}", table[i].ts);
		assert_int_equal(request_parse(&chair, "start", payload, strlen(payload),
					 1800000000, &request, id, &refused),
			-EINVAL);
		assert_string_equal(refused.message, table[i].message);
		assert_int_equal(strncmp(refused.hint, table[i].hint, strlen(table[i].hint)), 0);
	}
}

static void what_to_write_instead_is_hinted(void **state)
{
	static const struct {
		const char *verb, *text, *message, *hint;
	} table[] = {
		{ "intensity", "{\"intensity\":50}", "intensity: unknown key (allowed: id, args)",
			"arguments go into args: {\"args\":{\"intensity\": ...}}" },
		{ "start", "{\"id\":1,\"profile\":\"gentle\"}",
			"profile: unknown key (allowed: id, args)",
			"arguments go into args: {\"args\":{\"profile\": ...}}" },
		{ "start", "{\"arg\":{}}", "arg: unknown key (allowed: id, args)",
			"did you mean args?" },
		{ "intensity", "{\"args\":{\"intensity\":\"50\"}}",
			"args.intensity: must be a number in 0 ... 100 %",
			"a number has no quotes, no unit and a decimal point" },
		{ "intensity", "{\"args\":{\"intensity\":\"50%\"}}",
			"args.intensity: must be a number in 0 ... 100 %",
			"a number has no quotes, no unit and a decimal point" },
		{ "intensity", "{\"args\":{\"intensity\":150}}",
			"args.intensity: must be a number in 0 ... 100 %", "" },
		{ "intensity", "[50]", "payload: must be an object",
			"the payload is {\"id\": ..., \"args\": {...}}" },
		{ "intensity", "50%", "payload: is not JSON (line 1, column 2)",
			"the payload is {\"id\": ..., \"args\": {...}}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		char id[REQUEST_ID_SIZE];
		struct request_error refused;
		struct request request;

		assert_int_equal(request_parse(&chair, table[i].verb, table[i].text,
					 strlen(table[i].text), 1800000000, &request, id, &refused),
			-EINVAL);
		assert_string_equal(refused.message, table[i].message);
		assert_string_equal(refused.hint, table[i].hint);
	}
}

// --- set/ -------------------------------------------------------------------------------------

static void set_texts_are_read(void **state)
{
	struct request request;
	struct request_error refused;

	(void)state;
	assert_int_equal(set_parse("intensity", "80", 2, &request, &refused), 0);
	assert_int_equal(request.command.verb, COMMAND_INTENSITY);
	assert_true(request.command.intensity_percent == 80);
	assert_int_equal(set_parse("intensity", " 12.5\r\n", 7, &request, &refused), 0);
	assert_true(request.command.intensity_percent == 12.5);
	static const struct {
		const char *text;
		double percent;
	} shapes[] = {
		{ "50%", 50 },
		{ "\"50\"", 50 },
		{ "50,5", 50.5 },
		{ " 50 ", 50 },
		{ "50.0", 50 },
		{ "+50", 50 },
		{ "+50%", 50 },
		{ "50 %", 50 },
		{ "'12,5 %'", 12.5 },
		{ "\xef\xbb\xbf"
		  "7",
			7 },
		{ "7\xc2\xa0", 7 },
		{ "007", 7 },
		{ "100%", 100 },
		{ "0", 0 },
		{ ".5", 0.5 },
	};

	for (size_t i = 0; i < COUNT(shapes); i++) {
		assert_int_equal(set_parse("intensity", shapes[i].text, strlen(shapes[i].text),
					 &request, &refused),
			0);
		assert_true(request.command.intensity_percent == shapes[i].percent);
	}
	assert_int_equal(set_parse("profile", "\"gentle\"", 8, &request, &refused), 0);
	assert_string_equal(request.profile, "gentle");
	assert_int_equal(set_parse("profile", "deep-upper-back\n", 16, &request, &refused), 0);
	assert_int_equal(request.kind, REQUEST_CHOOSE);
	assert_string_equal(request.profile, "deep-upper-back");
	assert_int_equal(set_parse("session", "skip", 4, &request, &refused), 0);
	assert_int_equal(request.command.verb, COMMAND_SKIP);
	assert_int_equal(set_parse("session", "start", 5, &request, &refused), 0);
	assert_true(isnan(request.command.intensity_percent));
}

static void set_refusals_name_the_range(void **state)
{
	static const struct {
		const char *prop, *text, *message;
	} table[] = {
		{ "intensity", "", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "100.1", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "-1", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "nan", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "inf", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "0x10", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "1.2.3", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "5 0", "intensity: must be a number in 0 ... 100 %" },
		{ "profile", "", "profile: must be a name of 1 ... 47 characters a-z 0-9 . _ -" },
		{ "profile", "../x",
			"profile: must be a name of 1 ... 47 characters a-z 0-9 . _ -" },
		{ "profile", "\xff",
			"profile: must be a name of 1 ... 47 characters a-z 0-9 . _ -" },
		{ "profile", "a23456789a23456789a23456789a23456789a23456789a2345678",
			"profile: must be a name of 1 ... 47 characters a-z 0-9 . _ -" },
		{ "intensity", "%", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "++5", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "-5%", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "101%", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "1,2,3", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "5e1", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "50 percent", "intensity: must be a number in 0 ... 100 %" },
		{ "intensity", "{\"intensity\":50}", "intensity: must be a number in 0 ... 100 %" },
		{ "session", "START", "session: must be one of start, pause, resume, stop, skip" },
		{ "session", "home", "session: must be one of start, pause, resume, stop, skip" },
		{ "volume", "1",
			"set: unknown property (allowed: profile, intensity, feedback, session)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(table); i++) {
		struct request request;
		struct request_error refused;

		assert_int_equal(set_parse(table[i].prop, table[i].text, strlen(table[i].text),
					 &request, &refused),
			-EINVAL);
		assert_string_equal(refused.message, table[i].message);
		if (!strcmp(table[i].prop, "intensity"))
			assert_string_equal(refused.hint,
				"send 50, 50.5 or 50%, without a unit or JSON");
	}
}

static void stop_is_recognised(void **state)
{
	(void)state;
	assert_true(set_is_stop("session", "stop", 4));
	assert_true(set_is_stop("session", " stop\n", 6));
	assert_false(set_is_stop("session", "", 0));
	assert_false(set_is_stop("profile", "stop", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_name_key_and_range),
		cmocka_unit_test(too_long_is_refused_before_parsing),
		cmocka_unit_test(unknown_keys_get_a_suggestion),
		cmocka_unit_test(start_is_read),
		cmocka_unit_test(an_absent_argument_has_a_default),
		cmocka_unit_test(the_id_of_a_refused_request_is_known),
		cmocka_unit_test(jog_feedback_and_check_are_read),
		cmocka_unit_test_setup(an_unknown_verb_is_told_the_known_ones, setup),
		cmocka_unit_test(every_verb_has_its_own_index),
		cmocka_unit_test(what_to_write_instead_is_hinted),
		cmocka_unit_test(an_age_has_a_unit_that_people_use),
		cmocka_unit_test(set_texts_are_read),
		cmocka_unit_test(set_refusals_name_the_range),
		cmocka_unit_test(stop_is_recognised),
	};

	return cmocka_run_group_tests_name("command_json", tests, setup, NULL);
}
