// SPDX-License-Identifier: MIT
//
// What the journal says of a refused command, and how often.
#include "tests.h"

#include "control/refusal_log.h"
#include "core/units.h"

static void line_of(struct refusal_log *log, int64_t now_us, const char *topic, const void *payload,
	size_t size, const char *reason, char line[REFUSAL_LINE_SIZE])
{
	const struct mqtt_message message = { .topic = topic, .payload = payload, .size = size };
	struct request_error refused;

	request_error_set(&refused, "range", NULL, "%s", reason);
	refusal_log_line(log, now_us, &message, &refused, line);
}

static void topic_payload_and_reason_are_named(void **state)
{
	struct refusal_log log;
	char line[REFUSAL_LINE_SIZE];

	(void)state;
	refusal_log_init(&log);
	line_of(&log, 0, "set/session", "stpo", 4, "session: must be stop", line);
	assert_string_equal(line, "refused set/session \"stpo\": session: must be stop");
	line_of(&log, 0, "request/start", "", 0, "busy", line);
	assert_string_equal(line, "refused request/start \"\": busy");
}

static void hostile_bytes_are_escaped(void **state)
{
	static const char payload[] = "\x1b[2J\nchaird: all is well\0\xff\\";
	struct refusal_log log;
	char line[REFUSAL_LINE_SIZE];

	(void)state;
	refusal_log_init(&log);
	line_of(&log, 0, "set/\xe2\x80\xae", payload, sizeof(payload) - 1, "key\n: unknown", line);
	assert_string_equal(line,
		"refused set/\\xe2\\x80\\xae "
		"\"\\x1b[2J\\x0achaird: all is well\\x00\\xff\\x5c\": key\\x0a: unknown");
}

static void what_is_long_is_cut(void **state)
{
	struct refusal_log log;
	char line[REFUSAL_LINE_SIZE], long_text[9000];

	(void)state;
	refusal_log_init(&log);
	memset(long_text, '\n', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	line_of(&log, 0, long_text, long_text, sizeof(long_text), long_text, line);
	assert_true(strlen(line) < 500);
	assert_non_null(strstr(line, "\\x0a ... \"\\x0a"));
	memset(long_text, 'x', sizeof(long_text) - 1);
	line_of(&log, 0, "set/session", long_text, sizeof(long_text) - 1, "long", line);
	assert_non_null(strstr(line, "xxx ...\": long"));
}

static void the_rate_is_bounded_and_the_rest_is_counted(void **state)
{
	struct refusal_log log;
	char line[REFUSAL_LINE_SIZE];
	int lines = 0;

	(void)state;
	refusal_log_init(&log);
	for (int i = 0; i < 10000; i++) { // in half a second
		line_of(&log, i * 50, "set/session", "x", 1, "no", line);
		lines += *line != '\0';
	}
	assert_int_equal(lines, REFUSAL_LOG_BURST);
	line_of(&log, 2 * US_PER_S, "set/session", "x", 1, "no", line);
	assert_string_equal(line,
		"refused set/session \"x\": no; 9980 more refusals were not logged");
	line_of(&log, 4 * US_PER_S, "set/session", "x", 1, "no", line);
	assert_string_equal(line, "refused set/session \"x\": no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(topic_payload_and_reason_are_named),
		cmocka_unit_test(hostile_bytes_are_escaped),
		cmocka_unit_test(what_is_long_is_cut),
		cmocka_unit_test(the_rate_is_bounded_and_the_rest_is_counted),
	};

	return cmocka_run_group_tests_name("refusal_log", tests, NULL, NULL);
}
