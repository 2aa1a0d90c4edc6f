// SPDX-License-Identifier: MIT
//
// A posture in a session of the real processes: its phase and part in the state, a stop in it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "rig.h"

static const char lean[] =
	"title = \"Lean\";\n"
	"steps = ( { technique = \"posture\"; back = 1000; legs = 400; restore = true; },\n"
	"          { points = [ \"rhomboid\" ]; hold_s = 30.0; rest_s = 30.0; repeats = 1;\n"
	"            target = { newtons = 15.0; floor = 8.0; }; } );\n";

static int setup(void **state)
{
	struct rig *rig;

	rig_setup_bare_chair(state, "posture");
	rig = *state;
	rig_write(rig, "profiles/sessions/lean.cfg", lean);
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	return 0;
}

static size_t start(struct rig *rig)
{
	size_t mark = client_mark(rig->client);

	rig_pass(rig, "halt+1");
	rig_publish(rig, "request/start", "{\"id\":\"s\",\"args\":{\"profile\":\"lean\"}}");
	rig_expect(rig, mark, "response/start", "\"ok\":true", SOON_MS);
	return mark;
}

static void the_state_names_the_phase_and_the_part(void **state)
{
	struct rig *rig = *state;
	size_t mark = start(rig);

	rig_pass(rig, "halt:posture");
	rig_expect(rig, mark, "state", "\"phase\":\"posture\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"actuator\":\"back_rest\"", SOON_MS);
	rig_pass(rig, "halt:approach");
	rig_expect(rig, mark, "state", "\"actuator\":\"legs\"", SOON_MS);
	mark = client_mark(rig->client);
	rig_go(rig);
	rig_expect(rig, mark, "state", "\"phase\":\"posture\"", SOON_MS); // home again
	rig_expect(rig, mark, "event", "\"event_type\":\"completed\"", SOON_MS);
}

static void a_stop_in_it_is_at_once(void **state)
{
	struct rig *rig = *state;
	size_t mark = start(rig);
	int64_t now_us;

	rig_pass(rig, "halt:posture");
	now_us = rig_pass(rig, "halt+2");
	rig_publish(rig, "request/stop", "{\"id\":\"t\"}");
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect_safe(rig, now_us, 100);
	assert_in_range(pins_first(rig_pins(rig), "back_rest.forward", false, now_us), now_us,
		now_us + 20000);
}

static void the_profile_has_its_parts(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	rig_publish(rig, "request/profile", "{\"id\":\"p\",\"args\":{\"profile\":\"lean\"}}");
	rig_expect(rig, mark, "response/profile",
		"\"posture\":{\"permille\":{\"back\":1000,\"legs\":400},\"restore\":true,"
		"\"optional\":false}",
		SOON_MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_state_names_the_phase_and_the_part),
		TEST(a_stop_in_it_is_at_once),
		TEST(the_profile_has_its_parts),
	};

	return cmocka_run_group_tests_name("posture", tests, NULL, NULL);
}
