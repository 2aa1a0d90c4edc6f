// SPDX-License-Identifier: MIT
//
// Buttons in the person's reach: debounced, stuck, and what stop does by itself.
#include "guard_rig.h"

enum { STOP, PAUSE };

static void two_buttons(struct chair *chair)
{
	fixture_recliner(chair);
	chair->buttons[STOP] = (struct button){ .does = BUTTON_STOP,
		.line = fixture_line(chair, "GPIO14", ROLE_BUTTON, -1, true, false) };
	chair->buttons[PAUSE] = (struct button){ .does = BUTTON_PAUSE,
		.line = fixture_line(chair, "GPIO15", ROLE_BUTTON, -1, true, false) };
	chair->n_buttons = 2;
}

static int setup_ready(void **state)
{
	struct guard_rig *rig = calloc(1, sizeof(*rig));

	rig_open(rig, two_buttons);
	rig_arm(rig);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_close(*state);
	free(*state);
	return 0;
}

static void set(struct guard_rig *rig, int button, bool pressed)
{
	rig_input(rig, rig->chair.buttons[button].line, pressed);
}

static bool pressed(const struct guard_rig *rig, int button)
{
	return rig_report(rig).buttons >> button & 1;
}

static bool stuck(const struct guard_rig *rig, int button)
{
	return rig_report(rig).buttons_stuck >> button & 1;
}

static void a_press_counts_after_the_debounce_time(void **state)
{
	struct guard_rig *rig = *state;

	set(rig, PAUSE, true);
	rig_run(rig, 4 * US_PER_MS);
	assert_false(pressed(rig, PAUSE));
	rig_run(rig, 1 * US_PER_MS);
	assert_true(pressed(rig, PAUSE));
	set(rig, PAUSE, false);
	rig_run(rig, 4 * US_PER_MS);
	assert_true(pressed(rig, PAUSE));
	rig_run(rig, 1 * US_PER_MS);
	assert_false(pressed(rig, PAUSE));
}

static void each_change_is_reported_at_once(void **state)
{
	struct guard_rig *rig = *state;
	unsigned reports = rig->reports;

	set(rig, PAUSE, true);
	rig_run(rig, 5 * US_PER_MS);
	assert_int_equal(rig->reports, reports + 1);
	rig_run(rig, BUTTON_STUCK_US);
	assert_int_equal(rig->reports, reports + 2); // stuck
	set(rig, PAUSE, false);
	rig_run(rig, 5 * US_PER_MS);
	assert_int_equal(rig->reports, reports + 3);
}

static void a_long_press_is_stuck_after_30_s(void **state)
{
	struct guard_rig *rig = *state;

	set(rig, PAUSE, true);
	rig_run(rig, 5 * US_PER_MS + BUTTON_STUCK_US - 1);
	assert_false(stuck(rig, PAUSE));
	rig_run(rig, 1);
	assert_true(stuck(rig, PAUSE) && pressed(rig, PAUSE));
	set(rig, PAUSE, false);
	rig_run(rig, 5 * US_PER_MS);
	assert_false(stuck(rig, PAUSE) || pressed(rig, PAUSE));
}

// As after a start of the guard with the button held.
static void a_button_that_is_pressed_at_the_start_is_stuck(void **state)
{
	struct guard_rig *rig = *state;

	guard_free(rig->guard);
	assert_int_equal(guard_new(&rig->chair, false, &rig->guard), 0);
	rig->seq = 0;
	rig->levels |= LINE_BIT(rig->chair.buttons[PAUSE].line) |
		LINE_BIT(rig->chair.buttons[STOP].line);
	rig_poke(rig);
	assert_true(stuck(rig, PAUSE) && pressed(rig, PAUSE));
	assert_true(stuck(rig, STOP));
	rig_send(rig, WIRE_ARM);
	assert_int_equal(rig_mode(rig), GUARD_OFF);
	assert_int_equal(rig_report(rig).reason, REASON_STOP_BUTTON);
	set(rig, STOP, false);
	rig_run(rig, 5 * US_PER_MS);
	assert_false(stuck(rig, STOP));
	rig_send(rig, WIRE_ARM);
	assert_int_equal(rig_mode(rig), GUARD_READY); // a stuck pause hinders nothing
}

static void a_stop_releases_without_a_frame(void **state)
{
	struct guard_rig *rig = *state;

	rig_ask(rig, KNEAD, WIRE_DRIVE, 300);
	rig_run(rig, 1 * US_PER_S);
	assert_true(rig_busy(rig, KNEAD));
	set(rig, STOP, true);
	rig_run(rig, 5 * US_PER_MS);
	assert_false(rig_busy(rig, KNEAD));
	assert_int_equal(rig_report(rig).reason, REASON_STOP_BUTTON);
	rig_run(rig, 2 * US_PER_S); // setpoints go on
	assert_int_equal(rig_mode(rig), GUARD_READY);
	set(rig, STOP, false);
	rig_run(rig, 2 * US_PER_S);
	assert_int_equal(rig_mode(rig), GUARD_READY);
	assert_false(rig_any_busy(rig));
}

static void a_pause_moves_nothing_in_the_guard(void **state)
{
	struct guard_rig *rig = *state;

	rig_ask(rig, KNEAD, WIRE_DRIVE, 300);
	rig_run(rig, 1 * US_PER_S);
	set(rig, PAUSE, true);
	rig_run(rig, 1 * US_PER_S);
	assert_int_equal(rig_mode(rig), GUARD_ACTIVE);
	assert_true(rig_busy(rig, KNEAD));
}

// Edges every 3 ms, which no debounce accepts.
static void chatter(struct guard_rig *rig, int button, int ms)
{
	for (int t = 0; t < ms; t += 3) {
		set(rig, button, t / 3 % 2 == 0);
		rig_run(rig, 3 * US_PER_MS);
	}
}

static void a_stop_that_does_not_come_to_rest_counts(void **state)
{
	struct guard_rig *rig = *state;

	rig_ask(rig, KNEAD, WIRE_DRIVE, 300);
	rig_run(rig, 1 * US_PER_S);
	chatter(rig, PAUSE, 300);
	assert_false(pressed(rig, PAUSE));
	chatter(rig, STOP, 90);
	assert_int_equal(rig_mode(rig), GUARD_ACTIVE);
	chatter(rig, STOP, 30);
	assert_true(pressed(rig, STOP));
	assert_false(rig_busy(rig, KNEAD));
	set(rig, STOP, false);
	rig_run(rig, 5 * US_PER_MS);
	assert_false(pressed(rig, STOP));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_ready, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_press_counts_after_the_debounce_time),
		TEST(each_change_is_reported_at_once),
		TEST(a_long_press_is_stuck_after_30_s),
		TEST(a_button_that_is_pressed_at_the_start_is_stuck),
		TEST(a_stop_releases_without_a_frame),
		TEST(a_pause_moves_nothing_in_the_guard),
		TEST(a_stop_that_does_not_come_to_rest_counts),
	};

	return cmocka_run_group_tests_name("button", tests, NULL, NULL);
}
