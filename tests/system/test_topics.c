// SPDX-License-Identifier: MIT
//
// A whole session over MQTT.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rig.h"

static void assert_has(const struct received *received, const char *const keys[])
{
	for (; *keys; keys++) {
		char key[64];

		snprintf(key, sizeof(key), "\"%s\":", *keys);
		if (!strstr(received->payload, key))
			fail_msg("%s has no %s: %s", received->topic, key, received->payload);
	}
}

static void topics_are_retained(void **state)
{
	struct rig *rig = *state;
	static const char *const info[] = { "version", "schema", "model", "actuators", "points",
		"pathways", "profiles", "limits", NULL };
	static const char *const atlas[] = { "muscle", "region", "side", "along", "lateral_mm",
		"refers_to", "sensitivity", "closed", "reachable", "peak_n", "sustained_n",
		"pathways", "title", "referral", NULL };
	static const char *const state_keys[] = { "phase", "profile", "pathway", "step", "steps",
		"point", "remaining_s", "intensity", "occupied", "homed", "pressed", "fault",
		"boot_id", NULL };
	static const char *const target[] = { "profile", "intensity", "session", "value", "unit",
		"ease", "breath", NULL };
	const struct received *received = rig_expect(rig, 0, "info", NULL, SOON_MS);

	assert_true(received->retain);
	assert_has(received, info);
	received = rig_expect(rig, 0, "atlas", "{\"points\":[{", SOON_MS);
	assert_true(received->retain);
	assert_has(received, atlas);
	received = rig_expect(rig, 0, "state", NULL, SOON_MS);
	assert_true(received->retain);
	assert_has(received, state_keys);
	received = rig_expect(rig, 0, "target", NULL, SOON_MS);
	assert_true(received->retain);
	assert_has(received, target);
	received = rig_expect(rig, 0, "availability", "online", SOON_MS);
	assert_true(received->retain);
}

static void a_session_is_published_phase_by_phase(void **state)
{
	struct rig *rig = *state;
	static const char *const phases[] = { "arming", "homing", "approach", "press", "hold",
		"release", "rest", "stroke", "knead", "break", "parking", "idle" };
	static const char *const events[] = { "started", "hold_reached", "hold_done", "step_done",
		"completed" };
	static const char *const telemetry[] = { "t_ms", "mode", "actuators", "lateness", NULL };
	size_t mark = client_mark(rig->client);
	const struct received *received;

	rig_publish(rig, "request/start",
		"{\"id\":\"s\",\"args\":{\"profile\":\"short\",\"intensity\":80}}");
	received = rig_expect(rig, mark, "response/start", "{\"id\":\"s\",\"ok\":true,\"data\":{",
		SOON_MS);
	assert_false(received->retain);
	for (size_t i = 0; i < sizeof(phases) / sizeof(phases[0]); i++) {
		char text[40];

		snprintf(text, sizeof(text), "\"phase\":\"%s\"", phases[i]);
		assert_true(rig_expect(rig, mark, "state", text, 2 * SOON_MS)->retain);
	}
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		char text[40];

		snprintf(text, sizeof(text), "\"event_type\":\"%s\"", events[i]);
		assert_false(rig_expect(rig, mark, "event", text, SOON_MS)->retain);
	}
	received = rig_expect(rig, mark, "event", "\"hold_done\"", 0);
	assert_non_null(strstr(received->payload, "rhomboid.left"));
	assert_non_null(strstr(received->payload, "\"in_band\":"));
	received = rig_expect(rig, mark, "telemetry", "\"mode\":\"active\"", SOON_MS);
	assert_false(received->retain);
	assert_has(received, telemetry);
	assert_non_null(strstr(received->payload, "\"force_n\":"));
	assert_non_null(rig_expect(rig, mark, "target", "\"session\":\"running\"", SOON_MS));
	rig_pass(rig, "halt+1");
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
}

static void panels_use_plain_text(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "set/profile", "short");
	rig_expect(rig, mark, "target", "\"profile\":\"short\"", SOON_MS);
	rig_publish(rig, "set/intensity", "40");
	rig_expect(rig, mark, "target", "\"intensity\":40", SOON_MS);
	rig_will_halt(rig, "halt:hold");
	rig_publish(rig, "set/session", "start");
	rig_halted(rig);
	rig_publish(rig, "set/session", "pause");
	rig_expect(rig, mark, "state", "\"phase\":\"pausing\"", SOON_MS);
	rig_pass(rig, "halt:paused");
	rig_expect(rig, mark, "state", "\"phase\":\"paused\"", SOON_MS);
	rig_publish(rig, "set/session", "resume");
	rig_expect(rig, mark, "event", "\"resumed\"", SOON_MS);
	rig_pass(rig, "halt:hold");
	rig_publish(rig, "set/session", "stop");
	rig_expect(rig, mark, "event", "\"aborted\"", SOON_MS);
	rig_pass(rig, "halt+8");
	assert_true(pins_safe_since(rig_pins(rig), 0) >= 0);
}

static void verbs_steer_a_session(void **state)
{
	struct rig *rig = *state;
	int64_t now_us;
	size_t mark = rig_hold(rig, "short", &now_us);

	rig_publish(rig, "request/feedback", "{\"id\":1,\"args\":{\"feedback\":\"less\"}}");
	rig_expect(rig, mark, "response/feedback", "{\"id\":1,\"ok\":true", SOON_MS);
	rig_publish(rig, "request/intensity", "{\"id\":2,\"args\":{\"intensity\":50}}");
	rig_expect(rig, mark, "response/intensity", "{\"id\":2,\"ok\":true", SOON_MS);
	rig_publish(rig, "request/renew", "{\"id\":3}");
	rig_expect(rig, mark, "response/renew",
		"{\"id\":3,\"ok\":false,\"error\":{\"code\":\"no_lease\"", SOON_MS);
	rig_publish(rig, "request/start", "{\"id\":4,\"args\":{\"profile\":\"short\"}}");
	rig_expect(rig, mark, "response/start",
		"{\"id\":4,\"ok\":false,\"error\":{\"code\":\"busy\"", SOON_MS);
	rig_publish(rig, "request/skip", "{\"id\":5}");
	rig_expect(rig, mark, "response/skip", "{\"id\":5,\"ok\":", SOON_MS);
	rig_publish(rig, "request/stop", "{\"id\":6}");
	rig_expect(rig, mark, "response/stop", "{\"id\":6,\"ok\":true", SOON_MS);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect_safe(rig, now_us, 8000);
}

static void questions_are_answered(void **state)
{
	struct rig *rig = *state;
	static const struct {
		const char *verb, *args, *answer;
	} questions[] = {
		{ "ping", "{}", "\"ok\":true" },
		{ "status", "{}", "\"phase\":\"idle\"" },
		{ "profiles", "{}", "\"short\"" },
		{ "profile", "{\"profile\":\"short\"}", "\"ok\":true" },
		{ "profile", "{\"profile\":\"shart\"}", "\"ok\":false" },
		{ "check", "{\"text\":\"steps = ( { } );\"}", ":1: " },
		{ "reset", "{}", "\"no_fault\"" },
		{ "fly", "{}", "\"ok\":false" },
	};

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		size_t mark = client_mark(rig->client);
		char topic[40], text[200];

		snprintf(topic, sizeof(topic), "request/%s", questions[i].verb);
		snprintf(text, sizeof(text), "{\"id\":%zu,\"args\":%s}", i, questions[i].args);
		rig_publish(rig, topic, text);
		snprintf(topic, sizeof(topic), "response/%s", questions[i].verb);
		rig_expect(rig, mark, topic, questions[i].answer, SOON_MS);
	}
}

static void mosquitto_rr_gets_its_answer(void **state)
{
	struct rig *rig = *state;
	char port[16];
	const char *const argv[] = { "mosquitto_rr", "-V", "5", "-h", "127.0.0.1", "-p", port, "-W",
		"10", "-t", "chair/bench/request/start", "-e", "reply/here", "-m",
		"{\"id\":\"rr\",\"args\":{\"profile\":\"press\"}}", NULL };

	snprintf(port, sizeof(port), "%d", rig->port);
	struct process *rr = process_start(argv, NULL);
	int status = process_wait(rr, SOON_MS);
	bool answered = process_logged(rr, "{\"id\":\"rr\",\"ok\":true", SOON_MS);

	process_free(rr);
	assert_int_equal(status, 0);
	assert_true(answered);
	rig_expect(rig, 0, "state", "\"phase\":\"arming\"", SOON_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(topics_are_retained, rig_setup_recliner,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_session_is_published_phase_by_phase,
			rig_setup_recliner, rig_teardown),
		cmocka_unit_test_setup_teardown(panels_use_plain_text, rig_setup_recliner,
			rig_teardown),
		cmocka_unit_test_setup_teardown(verbs_steer_a_session, rig_setup_recliner,
			rig_teardown),
		cmocka_unit_test_setup_teardown(questions_are_answered, rig_setup_bench,
			rig_teardown),
		cmocka_unit_test_setup_teardown(mosquitto_rr_gets_its_answer, rig_setup_bench,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("topics", tests, NULL, NULL);
}
