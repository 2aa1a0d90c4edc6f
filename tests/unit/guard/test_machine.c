// SPDX-License-Identifier: MIT
//
// A suspended computer, and one without real-time priority.
#include "guard_rig.h"

// A step after a suspend, as the engine makes it.
static void wake(struct guard_rig *rig)
{
	guard_step(rig->guard,
		&(struct guard_input){ .now_us = rig->now_us,
			.due_us = rig->now_us,
			.levels = rig->levels,
			.force = rig->force,
			.link_up = rig->link_up,
			.slept = true },
		&rig->out);
	rig_check(rig);
}

static void a_suspend_releases(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_press(&rig, DEPTH, 300);
	rig.keep = false;
	wake(&rig);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_SUSPEND);
	assert_false(rig_on(&rig, DEPTH, ROLE_FORWARD));
	rig_run(&rig, 200 * US_PER_MS);
	assert_true(rig_on(&rig, DEPTH, ROLE_REVERSE)); // it pulls back
	rig_role(&rig, DEPTH, ROLE_HOME, true);
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_READY); // nothing is latched ...
	rig_setpoint(&rig, 250);
	assert_mode(&rig, GUARD_READY); // ... and nothing starts without another ARM
	rig_close(&rig);
}

static void after_a_suspend_ready_is_off(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	wake(&rig);
	assert_mode(&rig, GUARD_OFF);
	assert_reason(&rig, REASON_SUSPEND);
	rig_setpoint(&rig, 250);
	assert_mode(&rig, GUARD_OFF);
	rig_send(&rig, WIRE_ARM);
	assert_mode(&rig, GUARD_READY);
	assert_reason(&rig, REASON_NONE);
	rig_close(&rig);
}

// The carriage may have coasted while its pulses were not counted.
static void after_a_suspend_no_position_is_known(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_ask(&rig, CARRIAGE, WIRE_HOME, 0);
	rig_role(&rig, CARRIAGE, ROLE_HOME, true);
	rig_run(&rig, US_PER_S);
	assert_true(rig_flags(&rig, CARRIAGE) & ACTUATOR_HOMED);
	rig.keep = false;
	wake(&rig);
	assert_false(rig_flags(&rig, CARRIAGE) & ACTUATOR_HOMED);
	rig_close(&rig);
}

static void a_trip_stays_a_trip(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_recliner(&rig);
	rig_input(&rig, rig.chair.estop, false);
	rig_run(&rig, 100 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	wake(&rig);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_ESTOP);
	rig_close(&rig);
}

static void without_real_time_it_does_not_arm(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	guard_no_realtime(rig.guard);
	rig.link_up = true;
	rig_poke(&rig);
	rig_send(&rig, WIRE_ARM);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_reason(&rig, REASON_REALTIME);
	rig_press_reset(&rig);
	rig_send(&rig, WIRE_ARM);
	assert_reason(&rig, REASON_REALTIME);
	rig_close(&rig);
}

static void unless_the_chair_allows_that(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig.chair.allow_no_realtime = true;
	guard_no_realtime(rig.guard);
	rig_arm(&rig);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_suspend_releases),
		cmocka_unit_test(after_a_suspend_ready_is_off),
		cmocka_unit_test(after_a_suspend_no_position_is_known),
		cmocka_unit_test(a_trip_stays_a_trip),
		cmocka_unit_test(without_real_time_it_does_not_arm),
		cmocka_unit_test(unless_the_chair_allows_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
