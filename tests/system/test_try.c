// SPDX-License-Identifier: MIT
//
// try: a text is played once, and nothing of it stays; all else moves nothing.
#include "rig.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define TEXT \
	"title = \"Mine\"; steps = ( { points = [ \"gastrocnemius\" ]; " \
	"target = { newtons = 20.0; floor = 8.0; }; } );"
#define LINE "press.forward"

// Send it; the mark from before. name, lease_s: NULL and 0 are left out.
static size_t try(struct rig *rig, const char *name, const char *text, int lease_s)
{
	size_t mark = client_mark(rig->client);
	json_t *request = json_pack("{s:{s:s, s:s*, s:o*}}", "args", "text", text, "profile", name,
		"lease_s", lease_s ? json_integer(lease_s) : NULL);
	char *payload = json_dumps(request, JSON_COMPACT);

	rig_publish(rig, "request/try", payload);
	free(payload);
	json_decref(request);
	return mark;
}

static void expect_accepted(struct rig *rig, size_t mark)
{
	rig_expect(rig, mark, "response/try", "\"ok\":true", SOON_MS);
}

static void refuses(struct rig *rig, const char *name, const char *text, const char *reason)
{
	size_t mark = try(rig, name, text, 0);
	const struct received *answer = rig_expect(rig, mark, "response/try", NULL, SOON_MS);

	if (!strstr(answer->payload, "\"ok\":false") || !strstr(answer->payload, reason))
		fail_msg("%s: %s instead of %s", name, answer->payload, reason);
}

static void what_is_tried_is_played_and_leaves_nothing(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);
	char path[200];

	rig_publish(rig, "set/profile", "press");
	rig_expect(rig, mark, "target", "\"profile\":\"press\"", SOON_MS);
	rig_will_halt(rig, "halt:hold");
	mark = try(rig, "mine", TEXT, 0);
	rig_halted(rig);
	expect_accepted(rig, mark);
	rig_expect(rig, mark, "state", "\"profile\":\"mine\"", SOON_MS);
	rig_expect(rig, mark, "target", "\"value\":20.0", SOON_MS);
	assert_true(pins_first(rig_pins(rig), LINE, true, 0) >= 0);
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"completed\"", SOON_MS);
	rig_expect_nothing_on(rig);
	rig_expect(rig, mark, "target", "\"profile\":\"press\"", SOON_MS); // still chosen
	rig_refute(rig, mark, "info", NULL);                               // nor listed
	assert_int_equal(access(rig_path(rig, "profiles/mine.cfg", path), F_OK), -1);
	mark = client_mark(rig->client);
	rig_publish(rig, "request/start", "{\"args\":{\"profile\":\"mine\"}}");
	rig_expect(rig, mark, "response/start", "\"ok\":false", SOON_MS);
}

// Of another text with the same name, which is not that of the library.
static void a_name_of_the_library_stands_for_the_text(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	rig_will_halt(rig, "halt:hold");
	mark = try(rig, "press", TEXT, 0);
	rig_halted(rig);
	rig_expect(rig, mark, "target", "\"value\":20.0", SOON_MS);
	rig_publish(rig, "request/stop", "{}");
	rig_go(rig);
	rig_expect(rig, mark, "event", "\"cause\":\"stop\"", SOON_MS);
	rig_expect(rig, mark, "state", "\"phase\":\"idle\"", SOON_MS);
	mark = rig_hold(rig, "press", NULL);
	rig_expect(rig, mark, "target", "\"value\":15.0", SOON_MS);
	rig_go(rig);
}

static void a_lease_that_lapses_releases(void **state)
{
	struct rig *rig = *state;
	size_t mark;

	rig_will_halt(rig, "halt:hold");
	mark = try(rig, NULL, TEXT, 1);
	rig_halted(rig);
	rig_expect(rig, mark, "state", "\"profile\":\"trial\"", SOON_MS);
	rig_expect(rig, mark, "event", "\"cause\":\"lease\"", SOON_MS);
	rig_expect_nothing_on(rig);
}

static void what_is_not_proved_moves_nothing(void **state)
{
	struct rig *rig = *state;

	refuses(rig, "mine", "title = ", "mine:1:");
	refuses(rig, "mine", "title = ", "\"unproved\"");
	refuses(rig, "mine",
		"title = \"A\"; steps = ( { points = [ \"gastrocnemius\" ]; "
		"target = { newtons = 900.0; floor = 8.0; }; } );",
		"900");
	refuses(rig, "mine",
		"title = \"A\"; steps = ( { points = [ \"rhomboid\" ]; "
		"target = { newtons = 20.0; floor = 8.0; }; } );",
		"\"plan\""); // out of the bench's reach
	refuses(rig, "../mine", TEXT, "args.profile: ");
	rig_pass(rig, "halt+1");
	assert_int_equal(pins_first(rig_pins(rig), LINE, true, 0), -1);
}

static void a_session_is_not_disturbed(void **state)
{
	struct rig *rig = *state;

	rig_hold(rig, "press", NULL);
	refuses(rig, "mine", TEXT, "\"busy\"");
	rig_go(rig);
}

#define ON_BENCH(test) cmocka_unit_test_setup_teardown(test, rig_setup_bench, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_BENCH(what_is_tried_is_played_and_leaves_nothing),
		ON_BENCH(a_name_of_the_library_stands_for_the_text),
		ON_BENCH(a_lease_that_lapses_releases),
		ON_BENCH(what_is_not_proved_moves_nothing),
		ON_BENCH(a_session_is_not_disturbed),
	};

	return cmocka_run_group_tests_name("try", tests, NULL, NULL);
}
