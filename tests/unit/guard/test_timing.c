// SPDX-License-Identifier: MIT
//
// Ticks, the charge pump, and lateness.
#include "bed.h"

static void idle_has_no_tick(void **state)
{
	struct bed bed;
	uint64_t steps;

	(void)state;
	bed_open(&bed, fixture_recliner);
	bed_run(&bed, US_PER_S);
	assert_true(bed.out.next_us == TIME_NEVER);
	bed_arm(&bed);
	steps = bed.steps;
	bed_run(&bed, 3600 * US_PER_S);
	assert_int_equal(bed.steps, steps);
	bed_input(&bed, bed.chair.estop, false);
	assert_int_equal(bed.out.next_us, bed.now_us + 5 * US_PER_MS); // to believe it
	bed_run(&bed, US_PER_S);
	assert_mode(&bed, GUARD_TRIPPED);
	assert_true(bed.out.next_us == TIME_NEVER);
	bed_close(&bed);
}

// Begins a motion, and with it the grid; the first edge of the pump is there in that step.
static int64_t press_from_between_ticks(struct bed *bed)
{
	bed->now_us += 3777;
	bed_ask(bed, PRESS, WIRE_DRIVE, 400);
	bed->keep = false;
	assert_mode(bed, GUARD_ACTIVE);
	assert_true(bed->out.levels & LINE_BIT(bed->chair.enable));
	assert_int_equal(bed->out.next_us, bed->now_us + 10 * US_PER_MS);
	return bed->now_us;
}

static void ticks_are_absolute(void **state)
{
	struct bed bed;
	int64_t start_us;

	(void)state;
	bed_bench(&bed); // a 50 Hz pump: 10 ms
	start_us = press_from_between_ticks(&bed);
	for (int i = 0; i < 20; i++) {
		bed_setpoint(&bed, 250); // between ticks
		assert_int_equal((bed.out.next_us - start_us) % (10 * US_PER_MS), 0);
		bed_run(&bed, bed.out.next_us - bed.now_us + 137 * i);
	}
	bed_close(&bed);
}

static void the_pump_toggles_once_a_tick(void **state)
{
	struct bed bed;
	bool level, was = false;
	int toggles = 0;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed_run(&bed, 5 * US_PER_MS);
	for (int i = 0; i < 1000; i++) {
		bed_run(&bed, US_PER_MS);
		level = bed.out.levels & LINE_BIT(bed.chair.enable);
		toggles += i > 0 && level != was;
		was = level;
	}
	assert_in_range(toggles, 99, 100);
	bed.keep = false;
	bed_send(&bed, WIRE_RELEASE);
	bed_run(&bed, 20 * US_PER_MS);
	assert_true(bed.steps > 0);
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	assert_mode(&bed, GUARD_READY);
	assert_false(bed.out.levels & LINE_BIT(bed.chair.enable));
	bed_close(&bed);
}

// Sleep past the next tick by so much, and say when it should have been.
static void oversleep(struct bed *bed, int64_t late_us)
{
	int64_t due_us = bed->out.next_us;

	bed->now_us = due_us + late_us;
	bed_step(bed, due_us, NULL, 0, 0, NULL);
}

static void lateness_is_counted(void **state)
{
	static const int64_t late_us[LATENESS_BUCKETS - 1] = { 50, 200, 500, 2000, 5000, 40000,
		60000 };
	struct wire_report before, after;
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 400);
	bed.keep = false;
	for (int i = 0; i < LATENESS_BUCKETS - 1; i++) {
		bed_setpoint(&bed, 250);
		before = bed_report(&bed);
		oversleep(&bed, late_us[i]);
		after = bed_report(&bed);
		assert_int_equal(after.lateness[i], before.lateness[i] + 1);
		assert_int_equal(after.shed, before.shed + (late_us[i] > 50000));
		assert_mode(&bed, GUARD_ACTIVE);
	}
	bed_close(&bed);
}

static void a_late_step_is_shed(void **state)
{
	struct bed bed;
	int64_t start_us;
	bool level;

	(void)state;
	bed_bench(&bed);
	bed_ask(&bed, PRESS, WIRE_DRIVE, 500);
	start_us = bed.now_us;
	bed_run(&bed, 20 * US_PER_MS);
	bed_setpoint(&bed, 250);
	level = bed.out.levels & LINE_BIT(bed.chair.enable);
	oversleep(&bed, 101 * US_PER_MS);
	assert_int_not_equal(level, !!(bed.out.levels & LINE_BIT(bed.chair.enable)));
	assert_true(bed_duty(&bed, PRESS) <= 100); // one tick's worth, not eleven
	assert_int_equal((bed.out.next_us - start_us) % (10 * US_PER_MS), 0);
	assert_true(bed.out.next_us - bed.now_us <= 10 * US_PER_MS); // nothing is replayed
	bed_close(&bed);
}

static void too_late_trips(void **state)
{
	struct bed bed;

	(void)state;
	bed_bench(&bed);
	bed_press(&bed, PRESS, 500);
	bed.keep = false;
	oversleep(&bed, 251 * US_PER_MS);
	assert_mode(&bed, GUARD_RELEASING);
	assert_reason(&bed, REASON_LATE);
	assert_false(bed_on(&bed, PRESS, ROLE_FORWARD));
	bed_run(&bed, 150 * US_PER_MS);
	assert_true(bed_on(&bed, PRESS, ROLE_REVERSE));
	bed_role(&bed, PRESS, ROLE_HOME, true);
	bed_run(&bed, 80 * US_PER_MS);
	assert_mode(&bed, GUARD_TRIPPED);
	bed_close(&bed);
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
