// SPDX-License-Identifier: MIT
//
// Reused request ids: by a panel after a reload, and by a slider with one id.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "rig.h"

// Send a request; expect an answer with ok, and a topic with the result.
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

static void a_sliders_id_is_its_own(void **state)
{
	struct rig *rig = *state;

	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":80}}", "target",
		"\"intensity\":80.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":90}}", "target",
		"\"intensity\":90.0");
	// Back to the first value within ten seconds: a decrease is always carried out ...
	ask(rig, "intensity", "{\"id\":\"slider\",\"args\":{\"intensity\":20}}", "target",
		"\"intensity\":20.0");
	// ... but a duplicate does not increase it.
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
		cmocka_unit_test_setup_teardown(a_sliders_id_is_its_own, rig_setup_bench,
			rig_teardown),
	};

	return cmocka_run_group_tests_name("requests", tests, NULL, NULL);
}
