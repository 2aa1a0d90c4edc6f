// SPDX-License-Identifier: MIT
#include "tests/unit/hal/sim_rig.h"

#include <time.h>

enum { CARRIAGE, DEPTH }; // actuators of the recliner

// --- the same seed, the same calls, the same chair --------------------------------------------

struct run {
	char *trace;
	size_t trace_size;
	size_t edges, pulses;
	struct sim_truth depth, carriage;
	struct hal_force force;
};

static struct run run_once(uint64_t seed)
{
	struct run run = { 0 };
	FILE *trace = open_memstream(&run.trace, &run.trace_size);
	struct sim_options options = { .seed = seed, .trace = trace };
	struct sim_rig rig;

	rig_open(&rig, fixture_recliner, &options);
	rig_inject(&rig, "seat=0@3+1");
	rig_inject(&rig, "reset@2");
	rig_run(&rig, CARRIAGE, -300, 4000);
	rig_run(&rig, CARRIAGE, 0, 100);
	rig_run(&rig, DEPTH, 450, 3000);
	run.depth = sim_truth(rig.hal, DEPTH);
	run.carriage = sim_truth(rig.hal, CARRIAGE);
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &run.force), 0);
	run.edges = rig.edges;
	run.pulses = rig.pulses;
	rig_close(&rig);
	fclose(trace);
	return run;
}

static void the_same_seed_gives_the_same_chair(void **state)
{
	struct run a = run_once(7), b = run_once(7), c = run_once(8);

	(void)state;
	assert_string_equal(a.trace, b.trace);
	assert_int_equal(a.edges, b.edges);
	assert_int_equal(a.pulses, b.pulses);
	assert_true(a.pulses > 5);
	assert_memory_equal(&a.depth, &b.depth, sizeof(a.depth));
	assert_memory_equal(&a.carriage, &b.carriage, sizeof(a.carriage));
	assert_true(a.force.force_n == b.force.force_n && a.force.t_us == b.force.t_us);
	assert_true(a.carriage.position_mm != c.carriage.position_mm);
	assert_true(a.force.force_n != c.force.force_n);
	free(a.trace);
	free(b.trace);
	free(c.trace);
}

// The plant depends on when the outputs change, not on the number of calls.
static void reading_changes_nothing(void **state)
{
	struct sim_truth truth[2];

	(void)state;
	for (int look = 0; look < 2; look++) {
		struct sim_rig rig;
		uint64_t levels, on;

		rig_open(&rig, fixture_recliner, NULL);
		on = rig_bit(&rig, CARRIAGE, ROLE_FORWARD) | rig_bit(&rig, CARRIAGE, ROLE_PWM);
		rig.now_us += 1234;
		rig_run(&rig, DEPTH, 0, 20);
		rig_set(&rig, on, on);
		for (int i = 0; i < 90; i++) {
			rig.now_us += 1000;
			if (look)
				assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
		}
		rig_set(&rig, on, 0);
		rig.now_us += 5 * US_PER_S;
		rig_set(&rig, 0, 0);
		truth[look] = sim_truth(rig.hal, CARRIAGE);
		rig_close(&rig);
	}
	assert_true(truth[0].position_mm == truth[1].position_mm);
}

// --- inputs -----------------------------------------------------------------------------------

static void contacts_bounce_and_agree_with_their_edges(void **state)
{
	struct sim_rig rig;
	uint64_t levels, seen;
	int edges = 0;
	int64_t first_us = 0, last_us = 0;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	seen = levels;
	rig_inject(&rig, "estop=1@0.1");
	assert_int_equal(hal_next_us(rig.hal), rig.now_us + 100000);
	while (hal_next_us(rig.hal) != TIME_NEVER) {
		struct hal_event event;

		assert_true(hal_next_us(rig.hal) >= rig.now_us);
		rig.now_us = hal_next_us(rig.hal);
		while (hal_events(rig.hal, rig.now_us, &event, 1) == 1) {
			assert_int_equal(event.line, rig.chair.estop);
			assert_true(event.active != !!(seen & LINE_BIT(event.line)));
			assert_true(event.t_us <= rig.now_us && event.t_us >= last_us);
			seen ^= LINE_BIT(event.line);
			last_us = event.t_us;
			if (edges++ == 0)
				first_us = event.t_us;
		}
		assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
		assert_true(levels == seen);
		assert_true(edges < 20);
	}
	assert_true(edges >= 3);
	assert_true(edges % 2 == 1);
	assert_int_equal(first_us, 7 * US_PER_S + 100000);
	assert_true(last_us - first_us >= 1000 && last_us - first_us <= 3000);
	assert_false(levels & LINE_BIT(rig.chair.estop));
	rig_close(&rig);
}

static void a_reset_is_pressed_and_released(void **state)
{
	struct sim_rig rig;
	uint64_t levels;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_inject(&rig, "reset=50");
	rig.now_us += 10 *
		US_PER_S; // at once is when the chair is looked at next, and lasts from then
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	rig.now_us += 20000;
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_true(levels & LINE_BIT(rig.chair.reset));
	rig.now_us += 40000;
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(rig.chair.reset));
	rig_close(&rig);
}

static void a_chair_at_rest_needs_no_wakeup(void **state)
{
	struct sim_rig rig;
	int fds[HAL_FDS_MAX];

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	assert_true(hal_next_us(rig.hal) == TIME_NEVER);
	assert_int_equal(hal_fds(rig.hal, fds), 0);
	assert_int_equal(hal_outputs_persist(rig.hal), 0);
	rig_run(&rig, CARRIAGE, 500, 500);
	assert_true(hal_next_us(rig.hal) <= rig.now_us + 10000); // a switch may come
	rig_run(&rig, CARRIAGE, 0, 500);
	assert_true(hal_next_us(rig.hal) == TIME_NEVER);
	rig.now_us += INT64_C(100) * 24 * 3600 * US_PER_S; // a hundred days are one step
	rig_take(&rig);
	rig_close(&rig);
}

static void edges_that_are_not_taken_are_a_fault(void **state)
{
	struct sim_rig rig;
	struct hal_event event;
	uint64_t on;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	on = rig_bit(&rig, CARRIAGE, ROLE_FORWARD) | rig_bit(&rig, CARRIAGE, ROLE_PWM);
	rig_set(&rig, on, on);
	for (int i = 0; i < 1000; i++) { // 10 s at 60 pulses a second
		rig_set(&rig, LINE_BIT(rig.chair.enable), ~rig.level);
		rig.now_us += 10000;
	}
	assert_int_equal(hal_events(rig.hal, rig.now_us, &event, 1), -EOVERFLOW);
	assert_int_equal(hal_events(rig.hal, rig.now_us, &event, 1), 1);
	rig_close(&rig);
}

// --- faults -----------------------------------------------------------------------------------

static void a_stuck_input_keeps_its_level_and_comes_back(void **state)
{
	struct sim_rig rig;
	uint64_t levels;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_inject(&rig, "stuck:seat=0@1+2");
	rig.now_us += 999000;
	rig_take(&rig);
	assert_int_equal(rig.edges, 0);
	rig.now_us += 2000;
	rig_take(&rig);
	assert_int_equal(rig.edges, 1);
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(rig.chair.seat));
	rig.now_us += 2 * US_PER_S;
	rig_take(&rig);
	assert_int_equal(rig.edges, 2);
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_true(levels & LINE_BIT(rig.chair.seat));

	rig_inject(&rig, "stuck:seat"); // at the level it has
	rig_inject(&rig, "seat=0");
	rig.now_us += US_PER_S;
	rig_take(&rig);
	assert_int_equal(rig.edges, 2);
	rig_close(&rig);
}

static void the_nth_write_fails_and_all_after_it(void **state)
{
	struct sim_rig rig;
	uint64_t pwm;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	pwm = rig_bit(&rig, 0, ROLE_PWM);
	rig_inject(&rig, "write-fail=3+10");
	assert_int_equal(hal_write(rig.hal, rig.now_us, pwm, pwm), 0);
	assert_int_equal(hal_write(rig.hal, rig.now_us, pwm, 0), 0);
	assert_int_equal(hal_write(rig.hal, rig.now_us, pwm, pwm), -EIO);
	assert_int_equal(hal_write(rig.hal, rig.now_us, pwm, 0), -EIO);
	rig.now_us += 10 * US_PER_S;
	assert_int_equal(hal_write(rig.hal, rig.now_us, pwm, 0), 0);
	rig_close(&rig);
}

static void reads_fail_for_the_time_of_the_fault(void **state)
{
	struct sim_rig rig;
	struct hal_event event;
	uint64_t levels = 42;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_inject(&rig, "read-fail+1");
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), -EIO);
	assert_int_equal(hal_events(rig.hal, rig.now_us, &event, 1), -EIO);
	assert_int_equal(levels, 42);
	rig.now_us += US_PER_S;
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	rig_close(&rig);
}

static void a_sensor_fails_and_goes_stale(void **state)
{
	struct sim_rig rig;
	struct hal_force good, bad;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig.now_us += US_PER_S;
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &good), 0);
	rig_inject(&rig, "sensor-fail:depth+5");
	rig.now_us += US_PER_S;
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &bad), 0);
	assert_int_equal(bad.error, -EIO);
	assert_int_equal(bad.t_us, good.t_us);
	rig_inject(&rig, "sensor-offset:depth=30@10");
	rig.now_us += 10 * US_PER_S;
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &bad), 0);
	assert_int_equal(bad.error, 0);
	assert_true(fabs(bad.force_n - 30) < 2);
	rig_close(&rig);
}

static void lost_pulses_are_not_seen(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_inject(&rig, "no-pulses:carriage");
	rig_run(&rig, CARRIAGE, 800, 1000);
	assert_int_equal(rig.pulses, 0);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s > 40);
	rig_close(&rig);
}

static void double_pulses_count_twice(void **state)
{
	size_t pulses[2];

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		struct sim_rig rig;

		rig_open(&rig, fixture_recliner, NULL);
		if (twice)
			rig_inject(&rig, "double-pulses:carriage");
		rig_run(&rig, CARRIAGE, 800, 1000);
		pulses[twice] = rig.pulses;
		rig_close(&rig);
	}
	assert_true(pulses[0] > 20);
	assert_int_equal(pulses[1], 2 * pulses[0]);
}

static void a_contact_chatters_and_another_welds(void **state)
{
	struct sim_rig rig;
	uint64_t levels;
	size_t edges;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, DEPTH, -400, 1000); // home
	rig_inject(&rig, "weld:depth.home");
	rig_run(&rig, DEPTH, 400, 1000);
	assert_int_equal(hal_read(rig.hal, rig.now_us, &levels), 0);
	assert_true(levels & rig_bit(&rig, DEPTH, ROLE_HOME));
	assert_true(sim_truth(rig.hal, DEPTH).position_mm > 5);
	rig_take(&rig);
	edges = rig.edges;
	rig_inject(&rig, "chatter:seat=4+0.1");
	rig_run(&rig, DEPTH, 0, 500);
	rig_take(&rig);
	assert_in_range(rig.edges - edges, 24, 27);
	rig_close(&rig);
}

static void exchanged_and_weak_motors(void **state)
{
	struct sim_rig rig;
	double strong_mm_s;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, CARRIAGE, 800, 1000);
	strong_mm_s = sim_truth(rig.hal, CARRIAGE).speed_mm_s;
	rig_inject(&rig, "weak:carriage=0.5");
	rig_run(&rig, CARRIAGE, 800, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s < 0.55 * strong_mm_s);
	rig_inject(&rig, "exchanged:carriage");
	rig_run(&rig, CARRIAGE, 800, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s < -5);
	rig_close(&rig);
}

static void sensor_faults_change_the_value(void **state)
{
	struct hal_force zero, low, frozen, again;
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_run(&rig, DEPTH, 500, 4000);
	double truth_n = sim_truth(rig.hal, DEPTH).force_n;

	assert_true(truth_n > 25);
	rig_inject(&rig, "sensor-zero:depth+0.1");
	rig_run(&rig, DEPTH, 500, 50);
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &zero), 0);
	assert_true(fabs(zero.force_n) < 2);
	rig_run(&rig, DEPTH, 500, 100);
	rig_inject(&rig, "sensor-low:depth=0.5+0.1");
	rig_run(&rig, DEPTH, 500, 50);
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &low), 0);
	assert_true(fabs(low.force_n - truth_n / 2) < 3);
	rig_run(&rig, DEPTH, 500, 100);
	rig_inject(&rig, "sensor-frozen:depth");
	rig_run(&rig, DEPTH, 500, 50);
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &frozen), 0);
	rig_run(&rig, DEPTH, -500, 2000);
	assert_int_equal(hal_force(rig.hal, rig.now_us, DEPTH, &again), 0);
	assert_true(again.force_n == frozen.force_n && again.t_us > frozen.t_us);
	assert_true(sim_truth(rig.hal, DEPTH).force_n < 1);
	rig_close(&rig);
}

static void a_dead_motor_stands(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, NULL);
	rig_inject(&rig, "dead:carriage+2");
	rig_run(&rig, CARRIAGE, 800, 1900);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s == 0);
	rig_run(&rig, CARRIAGE, 800, 1000);
	assert_true(sim_truth(rig.hal, CARRIAGE).speed_mm_s > 40);
	rig_close(&rig);
}

static void a_late_call_is_reported(void **state)
{
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_bench, NULL);
	rig_inject(&rig, "late=300");
	rig_take(&rig);
	assert_int_equal(sim_take_late_us(rig.hal), 300000);
	assert_int_equal(sim_take_late_us(rig.hal), 0);
	rig_close(&rig);
}

// --- the trace --------------------------------------------------------------------------------

static void the_trace_has_the_documented_format(void **state)
{
	static const char expected[] =
		"# line GPIO16 - enable safe 0\n"
		"# line GPIO17 press forward safe 0\n"
		"# line GPIO27 press reverse safe 0\n"
		"# line GPIO22 press pwm safe 0\n"
		"0 GPIO16 0\n"
		"0 GPIO17 0\n"
		"0 GPIO27 0\n"
		"0 GPIO22 0\n"
		"0 GPIO16 1\n"
		"1500 GPIO17 1\n"
		"1500 GPIO22 1\n"
		"2500 GPIO22 0\n"
		"2500 GPIO16 0\n" // freeing leaves everything safe, in the order of the lines
		"2500 GPIO17 0\n";
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct sim_options options = { .trace = file };
	struct sim_rig rig;
	uint64_t enable, motor;

	(void)state;
	rig_open(&rig, fixture_bench, &options);
	enable = LINE_BIT(rig.chair.enable);
	motor = rig_bit(&rig, 0, ROLE_FORWARD) | rig_bit(&rig, 0, ROLE_PWM);
	rig_set(&rig, enable, enable);
	rig.now_us += 1500;
	rig_set(&rig, motor, motor);
	rig_set(&rig, motor, motor);                           // no change, no line
	rig_set(&rig, LINE_BIT(rig.chair.seat), ~UINT64_C(0)); // no output
	rig.now_us += 1000;
	rig_set(&rig, rig_bit(&rig, 0, ROLE_PWM), 0);
	rig_close(&rig);
	fclose(file);
	assert_string_equal(text, expected);
	free(text);
}

static void the_trace_has_levels_of_the_wire(void **state)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct sim_options options = { .trace = file };
	struct sim_rig rig;

	(void)state;
	rig_open(&rig, fixture_recliner, &options);
	rig_close(&rig);
	fclose(file);
	// The vent is safe while it vents: active, and active low.
	assert_non_null(strstr(text, "# line GPIO10 shoulder_cells vent safe 0\n"));
	assert_non_null(strstr(text, "\n0 GPIO10 0\n"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_chair),
		cmocka_unit_test(reading_changes_nothing),
		cmocka_unit_test(contacts_bounce_and_agree_with_their_edges),
		cmocka_unit_test(a_reset_is_pressed_and_released),
		cmocka_unit_test(a_chair_at_rest_needs_no_wakeup),
		cmocka_unit_test(edges_that_are_not_taken_are_a_fault),
		cmocka_unit_test(a_stuck_input_keeps_its_level_and_comes_back),
		cmocka_unit_test(the_nth_write_fails_and_all_after_it),
		cmocka_unit_test(reads_fail_for_the_time_of_the_fault),
		cmocka_unit_test(a_sensor_fails_and_goes_stale),
		cmocka_unit_test(lost_pulses_are_not_seen),
		cmocka_unit_test(double_pulses_count_twice),
		cmocka_unit_test(a_contact_chatters_and_another_welds),
		cmocka_unit_test(exchanged_and_weak_motors),
		cmocka_unit_test(sensor_faults_change_the_value),
		cmocka_unit_test(a_dead_motor_stands),
		cmocka_unit_test(a_late_call_is_reported),
		cmocka_unit_test(the_trace_has_the_documented_format),
		cmocka_unit_test(the_trace_has_levels_of_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
