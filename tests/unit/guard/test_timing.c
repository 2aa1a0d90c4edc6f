// SPDX-License-Identifier: MIT
//
// Ticks, the charge pump, and lateness.
#include "guard_rig.h"

static void idle_has_no_tick(void **state)
{
	struct guard_rig rig;
	uint64_t steps;

	(void)state;
	rig_open(&rig, fixture_recliner);
	rig_run(&rig, US_PER_S);
	assert_true(rig.out.next_us == TIME_NEVER);
	rig_arm(&rig);
	steps = rig.steps;
	rig_run(&rig, 3600 * US_PER_S);
	assert_int_equal(rig.steps, steps);
	rig_input(&rig, rig.chair.estop, false);
	assert_int_equal(rig.out.next_us, rig.now_us + 5 * US_PER_MS); // its debounce time
	rig_run(&rig, US_PER_S);
	assert_mode(&rig, GUARD_TRIPPED);
	assert_true(rig.out.next_us == TIME_NEVER);
	rig_close(&rig);
}

// Begins a motion, and with it the grid; the first edge of the pump is there in that step.
static int64_t press_from_between_ticks(struct guard_rig *rig)
{
	rig->now_us += 3777;
	rig_ask(rig, PRESS, WIRE_DRIVE, 400);
	rig->keep = false;
	assert_mode(rig, GUARD_ACTIVE);
	assert_true(rig->out.levels & LINE_BIT(rig->chair.enable));
	assert_int_equal(rig->out.next_us, rig->now_us + 10 * US_PER_MS);
	return rig->now_us;
}

static void ticks_are_absolute(void **state)
{
	struct guard_rig rig;
	int64_t start_us;

	(void)state;
	rig_bench(&rig); // a 50 Hz pump: 10 ms
	start_us = press_from_between_ticks(&rig);
	for (int i = 0; i < 20; i++) {
		rig_setpoint(&rig, 250); // between ticks
		assert_int_equal((rig.out.next_us - start_us) % (10 * US_PER_MS), 0);
		rig_run(&rig, rig.out.next_us - rig.now_us + 137 * i);
	}
	rig_close(&rig);
}

static void the_pump_toggles_once_a_tick(void **state)
{
	struct guard_rig rig;
	bool level, was = false;
	int toggles = 0;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig_run(&rig, 5 * US_PER_MS);
	for (int i = 0; i < 1000; i++) {
		rig_run(&rig, US_PER_MS);
		level = rig.out.levels & LINE_BIT(rig.chair.enable);
		toggles += i > 0 && level != was;
		was = level;
	}
	assert_in_range(toggles, 99, 100);
	rig.keep = false;
	rig_send(&rig, WIRE_RELEASE);
	rig_run(&rig, 20 * US_PER_MS);
	assert_true(rig.steps > 0);
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	assert_mode(&rig, GUARD_READY);
	assert_false(rig.out.levels & LINE_BIT(rig.chair.enable));
	rig_close(&rig);
}

// Step late by this much after the next tick, with the tick as due_us.
static void oversleep(struct guard_rig *rig, int64_t late_us)
{
	int64_t due_us = rig->out.next_us;

	rig->now_us = due_us + late_us;
	rig_step(rig, due_us, NULL, 0, 0, NULL);
}

static void lateness_is_counted(void **state)
{
	static const int64_t late_us[LATENESS_BUCKETS - 1] = { 50, 200, 500, 2000, 5000, 40000,
		60000 };
	struct wire_report before, after;
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 400);
	rig.keep = false;
	for (int i = 0; i < LATENESS_BUCKETS - 1; i++) {
		rig_setpoint(&rig, 250);
		before = rig_report(&rig);
		oversleep(&rig, late_us[i]);
		after = rig_report(&rig);
		assert_int_equal(after.lateness[i], before.lateness[i] + 1);
		assert_int_equal(after.shed, before.shed + (late_us[i] > 50000));
		assert_mode(&rig, GUARD_ACTIVE);
	}
	rig_close(&rig);
}

static void a_late_step_is_shed(void **state)
{
	struct guard_rig rig;
	int64_t start_us;
	bool level;

	(void)state;
	rig_bench(&rig);
	rig_ask(&rig, PRESS, WIRE_DRIVE, 500);
	start_us = rig.now_us;
	rig_run(&rig, 20 * US_PER_MS);
	rig_setpoint(&rig, 250);
	level = rig.out.levels & LINE_BIT(rig.chair.enable);
	oversleep(&rig, 101 * US_PER_MS);
	assert_int_not_equal(level, !!(rig.out.levels & LINE_BIT(rig.chair.enable)));
	assert_true(rig_duty(&rig, PRESS) <= 100); // one tick's worth, not eleven
	assert_int_equal((rig.out.next_us - start_us) % (10 * US_PER_MS), 0);
	assert_true(rig.out.next_us - rig.now_us <= 10 * US_PER_MS); // nothing is replayed
	rig_close(&rig);
}

static void too_late_trips(void **state)
{
	struct guard_rig rig;

	(void)state;
	rig_bench(&rig);
	rig_press(&rig, PRESS, 500);
	rig.keep = false;
	oversleep(&rig, 251 * US_PER_MS);
	assert_mode(&rig, GUARD_RELEASING);
	assert_reason(&rig, REASON_LATE);
	assert_false(rig_on(&rig, PRESS, ROLE_FORWARD));
	rig_run(&rig, 150 * US_PER_MS);
	assert_true(rig_on(&rig, PRESS, ROLE_REVERSE));
	rig_role(&rig, PRESS, ROLE_HOME, true);
	rig_run(&rig, 80 * US_PER_MS);
	assert_mode(&rig, GUARD_TRIPPED);
	rig_close(&rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_has_no_tick),
		cmocka_unit_test(ticks_are_absolute),
		cmocka_unit_test(the_pump_toggles_once_a_tick),
		cmocka_unit_test(lateness_is_counted),
		cmocka_unit_test(a_late_step_is_shed),
		cmocka_unit_test(too_late_trips),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
