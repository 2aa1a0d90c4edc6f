// SPDX-License-Identifier: MIT
//
// Ids that are used again: by a panel that was loaded anew, by a slider that has one for itself.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rig.h"

// Ask, and expect an answer that is good, and a topic that says so.
static size_t ask(struct rig *rig, const char *verb, const char *payload, const char *topic,
	const char *text)
{
	size_t mark = client_mark(rig->client);
	char request[64], response[64];

	snprintf(request, sizeof(request), "request/%s", verb);
	snprintf(response, sizeof(response), "response/%s", verb);
	rig_publish(rig, request, payload);
	rig_expect(rig, mark, response, "\"ok\":true", SOON_MS);
	if (topic)
		rig_expect(rig, mark, topic, text, SOON_MS);
	return mark;
}

// Each page of a panel counts its requests from 1.
static void a_panels_second_pause_pauses(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_pass(rig, "halt:paused");
	ask(rig, "resume", "{\"id\":\"2\"}", "event", "\"resumed\"");
	int64_t again_us = rig_pass(rig, "halt:hold");

	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_expect_safe(rig, again_us, 6000);
}

// The same id for everything it asks.
static void a_client_may_have_one_id_for_all_verbs(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_pass(rig, "halt:paused");
	ask(rig, "resume", "{\"id\":\"1\"}", "event", "\"resumed\"");
	int64_t again_us = rig_pass(rig, "halt:hold");

	ask(rig, "pause", "{\"id\":\"1\"}", "state", "\"phase\":\"pausing\"");
	rig_expect_safe(rig, again_us, 6000);
}

static void a_sliders_id_is_its_own(void **state)
{
	struct rig *rig = *state;

	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":80}}", "target",
		"\"intensity\":80.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":90}}", "target",
		"\"intensity\":90.0");
	// Back to where it was, within the ten seconds: down is always carried out ...
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	// ... but a stray copy does not lead up.
	size_t mark = ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":90}}", NULL,
		NULL);

	ask(rig, "ping", "{\"id\":\"then\"}", NULL, NULL);
	rig_refute(rig, mark, "target", "\"intensity\":90.0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_panels_second_pause_pauses, rig_setup_bench,
			rig_teardown),
		cmocka_unit_test_setup_teardown(a_client_may_have_one_id_for_all_verbs,
			rig_setup_bench, rig_teardown),
		cmocka_unit_test_setup_teardown(a_sliders_id_is_its_own, rig_setup_bench,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
