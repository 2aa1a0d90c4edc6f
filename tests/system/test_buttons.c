// SPDX-License-Identifier: MIT
//
// Buttons at the chair, with the real processes: with the broker dead, and with the controller
// stopped.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/session.h"
#include "rig.h"

#define BUTTON_US  20000 // bouncing, and the debounce time of 5 ms
#define RELEASE_MS 6000
#define SHORT_S    1 // grace of the broker

static int setup(void **state)
{
	struct rig *rig;

	rig_setup_bare_chair(state, "buttons");
	rig = *state;
	rig->grace_s = SHORT_S;
	rig_start_broker(rig);
	rig_start_guard(rig, NULL);
	rig_start_chaird(rig);
	rig_listen(rig);
	return 0;
}

static void kill_broker(struct rig *rig)
{
	rig->client = client_free(rig->client);
	process_signal(rig->broker, SIGKILL);
	assert_int_not_equal(process_wait(rig->broker, SOON_MS), -1);
}

// Let the time pass to the phase, press, and go on.
static int64_t press_at(struct rig *rig, const char *until, const char *button)
{
	int64_t now_us = rig_pass(rig, until);

	rig_happen(rig, button);
	return now_us;
}

static void assert_released_by_the_button(struct rig *rig, int64_t pressed_us)
{
	int64_t off_us;

	rig_expect_safe(rig, pressed_us, RELEASE_MS);
	off_us = pins_first(rig->pins, "depth.forward", false, pressed_us);
	assert_in_range(off_us, pressed_us + 5000, pressed_us + BUTTON_US);
}

// The grace of the broker is over long before the session is.
static void a_whole_session_without_a_broker(void **state)
{
	struct rig *rig = *state;
	int64_t now_us;

	kill_broker(rig);
	press_at(rig, "halt+1", "button:start");
	press_at(rig, "halt:hold", "button:pause");
	now_us = rig_pass(rig, "halt:paused");
	assert_true(process_logged(rig->chaird, "button pause", SOON_MS));
	assert_true(pins_first(rig_pins(rig), "depth.reverse", true, 0) < now_us);
	rig_happen(rig, "button:resume");
	now_us = press_at(rig, "halt:hold", "button:stop");
	assert_released_by_the_button(rig, now_us);
	assert_true(process_logged(rig->chaird, session_cause_text(CAUSE_STOP), SOON_MS));
	assert_false(process_logged(rig->chaird, session_cause_text(CAUSE_BROKER), 0));
}

static void a_stop_needs_no_controller(void **state)
{
	struct rig *rig = *state;
	int64_t now_us;

	press_at(rig, "halt+1", "button:start");
	now_us = rig_pass(rig, "halt:hold");
	process_signal(rig->chaird, SIGSTOP);
	rig_happen(rig, "button:stop");
	assert_released_by_the_button(rig, now_us);
	process_signal(rig->chaird, SIGCONT);
	assert_true(process_logged(rig->chaird, session_cause_text(CAUSE_STOP), SOON_MS));
}

static void what_a_button_cannot_do_is_an_event(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	press_at(rig, "halt+1", "button:resume");
	rig_go(rig);
	rig_expect(rig, mark, "event",
		"\"property\":\"button\",\"code\":\"idle\",\"message\":\"resume: ", SOON_MS);
}

static void a_stuck_button_is_an_alert(void **state)
{
	struct rig *rig = *state;
	size_t mark = client_mark(rig->client);

	press_at(rig, "halt+1", "stuck:mcp23017:4=1+40");
	rig_pass(rig, "halt+2");
	rig_publish(rig, "request/start", "{\"id\":\"1\",\"args\":{\"profile\":\"short\"}}");
	rig_expect(rig, mark, "response/start", "\"code\":\"stop_button\"", SOON_MS);
	rig_pass(rig, "halt+30");
	rig_expect(rig, mark, "alert/button", "the button stop (mcp23017:4) is stuck", SOON_MS);
	mark = client_mark(rig->client);
	rig_pass(rig, "halt+10");
	rig_expect(rig, mark, "alert/button", "", SOON_MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, rig_teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_whole_session_without_a_broker),
		TEST(a_stop_needs_no_controller),
		TEST(what_a_button_cannot_do_is_an_event),
		TEST(a_stuck_button_is_an_alert),
	};

	return cmocka_run_group_tests_name("buttons", tests, NULL, NULL);
}
