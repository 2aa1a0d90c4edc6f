// SPDX-License-Identifier: MIT
//
// What the machine does to the guard: it sleeps, or gives it no real time.
#include "bed.h"

// A step after a suspend, as the engine makes it.
static void wake(struct bed *bed)
{
	guard_step(bed->guard,
		&(struct guard_input){ .now_us = bed->now_us,
			.due_us = bed->now_us,
			.levels = bed->levels,
			.force = bed->force,
			.link_up = bed->link_up,
			.slept = true },
		&bed->out);
	bed_check(bed);
}

static void a_suspend_lets_go(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_press(&bed, DEPTH, 300);
	bed.keep = false;
	wake(&bed);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_SUSPEND);
	assert_false(bed_on(&bed, DEPTH, ROLE_FORWARD));
	bed_run(&bed, 200 * US_PER_MS);
	assert_true(bed_on(&bed, DEPTH, ROLE_REVERSE)); // it pulls back, as ever
	bed_role(&bed, DEPTH, ROLE_HOME, true);
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_READY); // nothing is latched ...
	bed_setpoint(&bed, 250);
	assert_mode(&bed, GUARD_READY); // ... and nothing starts without another ARM
	bed_close(&bed);
}

static void after_a_suspend_ready_is_off(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	wake(&bed);
	assert_mode(&bed, GUARD_OFF);
	assert_reason(&bed, REASON_SUSPEND);
	bed_setpoint(&bed, 250);
	assert_mode(&bed, GUARD_OFF);
	bed_send(&bed, WIRE_ARM);
	assert_mode(&bed, GUARD_READY);
	assert_reason(&bed, REASON_NONE);
	bed_close(&bed);
}

// The carriage may have run on while nobody counted its pulses.
static void after_a_suspend_nobody_knows_where_anything_is(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_ask(&bed, CARRIAGE, WIRE_HOME, 0);
	bed_role(&bed, CARRIAGE, ROLE_HOME, true);
	bed_run(&bed, US_PER_S);
	assert_true(bed_flags(&bed, CARRIAGE) & ACTUATOR_HOMED);
	bed.keep = false;
	wake(&bed);
	assert_false(bed_flags(&bed, CARRIAGE) & ACTUATOR_HOMED);
	bed_close(&bed);
}

static void a_trip_stays_a_trip(void **state)
{
	struct bed bed;

	(void)state;
	bed_recliner(&bed);
	bed_input(&bed, bed.chair.estop, false);
	bed_run(&bed, 100 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	wake(&bed);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_ESTOP);
	bed_close(&bed);
}

static void without_real_time_it_does_not_arm(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	guard_no_realtime(bed.guard);
	bed.link_up = true;
	bed_poke(&bed);
	bed_send(&bed, WIRE_ARM);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_reason(&bed, REASON_REALTIME);
	bed_press_reset(&bed);
	bed_send(&bed, WIRE_ARM);
	assert_reason(&bed, REASON_REALTIME);
	bed_close(&bed);
}

static void unless_the_chair_allows_that(void **state)
{
	struct bed bed;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed.chair.allow_no_realtime = true;
	guard_no_realtime(bed.guard);
	bed_arm(&bed);
	bed_close(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_suspend_lets_go),
		cmocka_unit_test(after_a_suspend_ready_is_off),
		cmocka_unit_test(after_a_suspend_nobody_knows_where_anything_is),
		cmocka_unit_test(a_trip_stays_a_trip),
		cmocka_unit_test(without_real_time_it_does_not_arm),
		cmocka_unit_test(unless_the_chair_allows_that),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
