// SPDX-License-Identifier: MIT
//
// The six rules of the MQTT interface, each broken by a client.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "rig.h"

static const char start_press[] = "{\"id\":\"r\",\"args\":{\"profile\":\"press\"}}";

// Assert that the chair answers, is idle, and has not moved since `mark`.
static void assert_nothing_moved(struct rig *rig, size_t mark)
{
	size_t now = client_mark(rig->client);

	rig_publish(rig, "request/status", "{\"id\":\"quiet\"}");
	rig_expect(rig, now, "response/status", "\"phase\":\"idle\"", SOON_MS);
	rig_refute(rig, mark, "state", "\"phase\":\"arming\"");
	rig_refute(rig, mark, "event", "\"started\"");
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
}

static size_t count(struct rig *rig, size_t mark, const char *topic, const char *text)
{
	char buf[100];
	size_t n = 0, end = client_mark(rig->client);

	for (; mark < end; mark++)
		n += client_find(rig->client, mark, rig_topic(rig, topic, buf), text) !=
			client_find(rig->client, mark + 1, buf, text);
	return n;
}

// --- 1: retained ------------------------------------------------------------------------------

static void rule_1_a_retained_start_is_refused_and_cleared(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char topic[100];

	client_publish(rig->client, rig_topic(rig, "request/start", topic), start_press,
		strlen(start_press), 1, true, NULL);
	rig_expect(rig, mark, "response/start", "\"code\":\"retained\"", SOON_MS);
	rig_expect(rig, mark, "alert/retained-command", "\"code\"", SOON_MS);
	rig_expect(rig, mark, "request/start", "", SOON_MS);
	assert_nothing_moved(rig, mark);
}

static void rule_1_what_was_retained_before_is_not_even_seen(void **state)
{
	struct rig *rig = *state;
	char topic[100];

	rig_start_broker(rig);
	rig->client = client_new(rig->port);
	client_publish(rig->client, rig_topic(rig, "request/start", topic), start_press,
		strlen(start_press), 1, true, NULL);
	client_publish(rig->client, rig_topic(rig, "set/session", topic), "start", 5, 1, true,
		NULL);
	assert_non_null(client_wait(rig->client, 0, topic, NULL, SOON_MS));
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_expect(rig, 0, "state", "\"guard\":true", SOON_MS);
	assert_nothing_moved(rig, 0);
}

// --- 2: stale, duplicate ----------------------------------------------------------------------

static void rule_2_a_stale_start_is_refused(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char text[200];

	snprintf(text, sizeof(text), "{\"id\":\"old\",\"args\":{\"profile\":\"press\",\"ts\":%ld}}",
		(long)time(NULL) - 7);
	rig_publish(rig, "request/start", text);
	rig_expect(rig, mark, "response/start",
		"{\"id\":\"old\",\"ok\":false,\"error\":{\"code\":\"stale\"", SOON_MS);
	assert_nothing_moved(rig, mark);
	snprintf(text, sizeof(text), "{\"id\":\"new\",\"args\":{\"profile\":\"press\",\"ts\":%ld}}",
		(long)time(NULL));
	rig_publish(rig, "request/start", text);
	rig_expect(rig, mark, "response/start", "{\"id\":\"new\",\"ok\":true", SOON_MS);
}

static void rule_2_a_duplicate_acts_once_and_gets_the_first_answer(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char buf[100];

	rig_publish(rig, "request/start", start_press);
	const struct received *first = rig_expect(rig, mark, "response/start", "\"ok\":true",
		SOON_MS);
	size_t again = client_mark(rig->client);

	rig_publish(rig, "request/stop", "{}");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_expect(rig, again, "state", "\"phase\":\"idle\"", SOON_MS);
	again = client_mark(rig->client);
	rig_publish(rig, "request/start", start_press);
	assert_string_equal(rig_expect(rig, again, "response/start", NULL, SOON_MS)->payload,
		first->payload);
	rig_publish(rig, "request/ping", "{\"id\":\"p\"}");
	rig_expect(rig, again, "response/ping", NULL, SOON_MS);
	assert_int_equal(count(rig, mark, "event", "\"started\""), 1);
	assert_null(client_find(rig->client, again, rig_topic(rig, "state", buf),
		"\"phase\":\"arming\""));
}

// --- 3: reconnecting (the broker's deaths are in test_deaths.c) ---------------------------------

static void rule_3_a_new_connection_resumes_nothing(void **state)
{
	struct rig *rig = *state;
	int64_t killed_us;

	rig->grace_s = 1;
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	rig_hold(rig, "press", &killed_us);
	rig->client = client_free(rig->client);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
	assert_true(process_logged(rig->guard, "releasing", SOON_MS));
	rig_expect_safe(rig, killed_us, 6000);
	rig_start_broker(rig);
	rig_listen(rig);
	assert_nothing_moved(rig, 0);
}

// --- 4: heartbeats and leases -----------------------------------------------------------------

// The chair's time stands still while no heartbeat arrives: the jog ends in the same step.
static void rule_4_a_jog_ends_without_its_heartbeat(void **state)
{
	struct rig *rig = *state;
	static const char jog[] =
		"{\"args\":{\"actuator\":\"press\",\"drive_permille\":200,\"heartbeat_ms\":400}}";
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/stop",
		"{}"); // a press must have been at its home before a push
	rig_expect(rig, mark, "state", "\"pressed\":[]", SOON_MS);
	int64_t now_us = rig_pass(rig, "halt+1");

	mark = client_mark(rig->client);
	rig_publish(rig, "request/jog", jog);
	rig_expect(rig, mark, "response/jog", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"releasing\"", SOON_MS);
	rig_expect_safe(rig, now_us, 6000);
	assert_int_equal(pins_first(rig->pins, "press.forward", true, now_us), now_us);
	assert_int_equal(pins_first(rig->pins, "press.forward", false, now_us), now_us);
}

static void rule_4_a_jog_without_a_heartbeat_is_refused(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/jog",
		"{\"id\":1,\"args\":{\"actuator\":\"press\",\"drive_permille\":200}}");
	rig_expect(rig, mark, "response/jog", "heartbeat_ms", SOON_MS);
	rig_publish(rig, "request/jog",
		"{\"id\":2,\"args\":{\"actuator\":\"press\",\"drive_permille\":200,\"heartbeat_"
		"ms\":501}}");
	rig_expect(rig, mark, "response/jog", "500", SOON_MS);
	assert_nothing_moved(rig, mark);
}

static void rule_4_a_lease_lapses_unless_renewed(void **state)
{
	struct rig *rig = *state;
	int64_t now_us = rig_pass(rig, "halt+1");
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/start",
		"{\"id\":1,\"args\":{\"profile\":\"press\",\"lease_s\":3}}");
	rig_publish(rig, "request/renew", "{\"id\":2}");
	rig_expect(rig, mark, "response/renew", "\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "event", "\"cause\":\"lease\"", SOON_MS);
	rig_expect_safe(rig, now_us, 6000);
}

// --- 5: payloads ------------------------------------------------------------------------------

static void rule_5_bad_payloads_are_refused_with_a_reason(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *payload, *answer;
	} bad[] = {
		{ "not json", "\"ok\":false" },
		{ "[1]", "\"ok\":false" },
		{ "{\"id\":1,\"args\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{}}}}}}}}}",
			"at most 8" },
		{ "{\"id\":1,\"args\":{\"profil\":\"press\"}}", "profil" },
		{ "{\"id\":1,\"arg\":{}}", "arg" },
		{ "{\"id\":1,\"args\":{\"profile\":\"press\",\"intensity\":101}}", "0 ... 100" },
		{ "{\"id\":1,\"args\":{\"profile\":\"press\",\"intensity\":1e999}}",
			"\"ok\":false" },
		{ "{\"id\":1,\"args\":{\"profile\":\"press\",\"intensity\":\"50\"}}", "0 ... 100" },
		{ "{\"id\":1,\"args\":{\"profile\":\"press\",\"lease_s\":0}}", "1 ... 60" },
		{ "{\"id\":1,\"args\":{\"profile\":\"press\",\"lease_s\":61}}", "1 ... 60 s" },
		{ "{\"id\":1,\"args\":{\"profile\":\"prass\"}}", "\"ok\":false" },
		{ "{\"id\":1,\"args\":{\"profile\":\"../press\"}}", "\"ok\":false" },
		{ "{\"id\":1,\"args\":{\"profile\":\"\xc3\x28\"}}", "UTF-8" },
		{ "{\"id\":1,\"id\":2,\"args\":{\"profile\":\"press\"}}", "\"ok\":false" },
	};
	size_t begin = client_mark(rig->client);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t mark = client_mark(rig->client);

		rig_publish(rig, "request/start", bad[i].payload);
		rig_expect(rig, mark, "response/start", bad[i].answer, SOON_MS);
		rig_refute(rig, mark, "response/start", "\"ok\":true");
	}
	assert_nothing_moved(rig, begin);
}

static void rule_5_large_and_binary_payloads_are_refused(void **state)
{
	struct rig *rig = *state;
	static const size_t sizes[] = { 8 * 1024 + 1, 64 * 1024 + 1, 1024 * 1024 };
	size_t begin = client_mark(rig->client);
	char topic[100];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *large = malloc(sizes[i]);
		size_t mark = client_mark(rig->client);

		memset(large, '[', sizes[i]);
		client_publish(rig->client, rig_topic(rig, "request/start", topic), large, sizes[i],
			1, false, NULL);
		rig_expect(rig, mark, "response/start", "8192", SOON_MS);
		free(large);
	}
	size_t mark = client_mark(rig->client);
	static const char nul[] = "{\"id\":1,\"args\":{\"profile\":\"press\"}}\0 {}";

	client_publish(rig->client, rig_topic(rig, "request/start", topic), nul, sizeof(nul), 1,
		false, NULL);
	rig_expect(rig, mark, "response/start", "\"ok\":false", SOON_MS);
	rig_publish(rig, "set/intensity", "NaN");
	rig_publish(rig, "set/intensity", "100.5");
	rig_publish(rig, "set/session", "start; rm");
	rig_publish(rig, "set/gravity", "0");
	assert_nothing_moved(rig, begin);
}

// --- 6: floods --------------------------------------------------------------------------------

#define FLOOD 10000

static void flood(struct rig *rig, int from, int to)
{
	static const char *const topics[] = { "request/ping", "request/intensity", "set/intensity",
		"request/start", "request/nonsense" };
	char topic[100];

	for (int i = from; i < to; i++) {
		rig_topic(rig, topics[i % 5], topic);
		client_publish(rig->client, topic, "{\"args\":{\"intensity\":90}}", 26, 0, false,
			NULL);
	}
}

// Half of the flood is before the stop in the broker's queue, half after it.
static void rule_6_a_flood_does_not_drop_a_stop(void **state)
{
	struct rig *rig = *state;
	int64_t now_us;
	size_t mark = rig_hold(rig, "press", &now_us);

	flood(rig, 0, FLOOD / 2);
	rig_publish(rig, "request/stop", "{}");
	flood(rig, FLOOD / 2, FLOOD);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect(rig, mark, "alert/flood", "\"code\"", SOON_MS);
	rig_expect_safe(rig, now_us, 6000);
	assert_int_equal(pins_first(rig->pins, "press.forward", false, now_us), now_us);
}

static void rule_6_a_flood_costs_no_lease(void **state)
{
	struct rig *rig = *state;
	int64_t now_us;
	size_t mark = rig_hold(rig, "press", &now_us);

	flood(rig, 0, FLOOD);
	rig_pass(rig, "halt+10");
	size_t after = client_mark(rig->client);

	rig_publish(rig, "request/status", "{\"id\":\"after\"}"); // after all of it
	rig_expect(rig, after, "response/status", "\"phase\":\"hold\"", SOON_MS);
	rig_refute(rig, mark, "event", "\"aborted\"");
	rig_refute(rig, mark, "telemetry", "\"mode\":\"releasing\"");
	assert_int_equal(pins_first(rig_pins(rig), "press.forward", false, now_us), -1);
}

int main(void)
{
#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)
	const struct CMUnitTest tests[] = {
		ON_BENCH(rule_1_a_retained_start_is_refused_and_cleared),
		cmocka_unit_test_setup_teardown(rule_1_what_was_retained_before_is_not_even_seen,
			rig_setup_bare, rig_teardown),
		ON_BENCH(rule_2_a_stale_start_is_refused),
		ON_BENCH(rule_2_a_duplicate_acts_once_and_gets_the_first_answer),
		cmocka_unit_test_setup_teardown(rule_3_a_new_connection_resumes_nothing,
			rig_setup_bare, rig_teardown),
		ON_BENCH(rule_4_a_jog_ends_without_its_heartbeat),
		ON_BENCH(rule_4_a_jog_without_a_heartbeat_is_refused),
		ON_BENCH(rule_4_a_lease_lapses_unless_renewed),
		ON_BENCH(rule_5_bad_payloads_are_refused_with_a_reason),
		ON_BENCH(rule_5_large_and_binary_payloads_are_refused),
		ON_BENCH(rule_6_a_flood_does_not_drop_a_stop),
		ON_BENCH(rule_6_a_flood_costs_no_lease),
	};

	return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
