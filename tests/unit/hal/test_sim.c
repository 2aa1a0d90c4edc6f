// SPDX-License-Identifier: MIT
#include "tests/unit/hal/drive.h"

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
	struct bench bench;

	bench_open(&bench, fixture_recliner, &options);
	bench_inject(&bench, "seat=0@3+1");
	bench_inject(&bench, "reset@2");
	bench_run(&bench, CARRIAGE, -300, 4000);
	bench_run(&bench, CARRIAGE, 0, 100);
	bench_run(&bench, DEPTH, 450, 3000);
	run.depth = sim_truth(bench.hal, DEPTH);
	run.carriage = sim_truth(bench.hal, CARRIAGE);
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &run.force), 0);
	run.edges = bench.edges;
	run.pulses = bench.pulses;
	bench_close(&bench);
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

// What the plant does depends on when the outputs change, not on how often somebody looks.
static void looking_changes_nothing(void **state)
{
	struct sim_truth truth[2];

	(void)state;
	for (int look = 0; look < 2; look++) {
		struct bench bench;
		uint64_t levels, on;

		bench_open(&bench, fixture_recliner, NULL);
		on = bench_bit(&bench, CARRIAGE, ROLE_FORWARD) |
			bench_bit(&bench, CARRIAGE, ROLE_PWM);
		bench.now_us += 1234;
		bench_run(&bench, DEPTH, 0, 20);
		bench_set(&bench, on, on);
		for (int i = 0; i < 90; i++) {
			bench.now_us += 1000;
			if (look)
				assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
		}
		bench_set(&bench, on, 0);
		bench.now_us += 5 * US_PER_S;
		bench_set(&bench, 0, 0);
		truth[look] = sim_truth(bench.hal, CARRIAGE);
		bench_close(&bench);
	}
	assert_true(truth[0].position_mm == truth[1].position_mm);
}

// --- inputs -----------------------------------------------------------------------------------

static void contacts_bounce_and_agree_with_their_edges(void **state)
{
	struct bench bench;
	uint64_t levels, seen;
	int edges = 0;
	int64_t first_us = 0, last_us = 0;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	seen = levels;
	bench_inject(&bench, "estop=1@0.1");
	assert_int_equal(hal_next_us(bench.hal), bench.now_us + 100000);
	while (hal_next_us(bench.hal) != TIME_NEVER) {
		struct hal_event event;

		assert_true(hal_next_us(bench.hal) >= bench.now_us);
		bench.now_us = hal_next_us(bench.hal);
		while (hal_events(bench.hal, bench.now_us, &event, 1) == 1) {
			assert_int_equal(event.line, bench.chair.estop);
			assert_true(event.active != !!(seen & LINE_BIT(event.line)));
			assert_true(event.t_us <= bench.now_us && event.t_us >= last_us);
			seen ^= LINE_BIT(event.line);
			last_us = event.t_us;
			if (edges++ == 0)
				first_us = event.t_us;
		}
		assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
		assert_true(levels == seen);
		assert_true(edges < 20);
	}
	assert_true(edges >= 3);
	assert_true(edges % 2 == 1);
	assert_int_equal(first_us, 7 * US_PER_S + 100000);
	assert_true(last_us - first_us >= 1000 && last_us - first_us <= 3000);
	assert_false(levels & LINE_BIT(bench.chair.estop));
	bench_close(&bench);
}

static void a_reset_is_pressed_and_let_go(void **state)
{
	struct bench bench;
	uint64_t levels;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_inject(&bench, "reset=50");
	bench.now_us += 10 *
		US_PER_S; // at once is when the chair is looked at next, and lasts from then
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	bench.now_us += 20000;
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_true(levels & LINE_BIT(bench.chair.reset));
	bench.now_us += 40000;
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(bench.chair.reset));
	bench_close(&bench);
}

static void a_chair_at_rest_has_nothing_to_say(void **state)
{
	struct bench bench;
	int fds[HAL_FDS_MAX];

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	assert_true(hal_next_us(bench.hal) == TIME_NEVER);
	assert_int_equal(hal_fds(bench.hal, fds), 0);
	assert_int_equal(hal_outputs_persist(bench.hal), 0);
	bench_run(&bench, CARRIAGE, 500, 500);
	assert_true(hal_next_us(bench.hal) <= bench.now_us + 10000); // a switch may come
	bench_run(&bench, CARRIAGE, 0, 500);
	assert_true(hal_next_us(bench.hal) == TIME_NEVER);
	bench.now_us += INT64_C(100) * 24 * 3600 * US_PER_S; // a hundred days are one step
	bench_take(&bench);
	bench_close(&bench);
}

static void edges_that_nobody_takes_are_a_fault(void **state)
{
	struct bench bench;
	struct hal_event event;
	uint64_t on;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	on = bench_bit(&bench, CARRIAGE, ROLE_FORWARD) | bench_bit(&bench, CARRIAGE, ROLE_PWM);
	bench_set(&bench, on, on);
	for (int i = 0; i < 1000; i++) { // 10 s at 60 pulses a second
		bench_set(&bench, LINE_BIT(bench.chair.enable), ~bench.level);
		bench.now_us += 10000;
	}
	assert_int_equal(hal_events(bench.hal, bench.now_us, &event, 1), -EOVERFLOW);
	assert_int_equal(hal_events(bench.hal, bench.now_us, &event, 1), 1);
	bench_close(&bench);
}

// --- faults -----------------------------------------------------------------------------------

static void a_stuck_input_keeps_its_level_and_comes_back(void **state)
{
	struct bench bench;
	uint64_t levels;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_inject(&bench, "stuck:seat=0@1+2");
	bench.now_us += 999000;
	bench_take(&bench);
	assert_int_equal(bench.edges, 0);
	bench.now_us += 2000;
	bench_take(&bench);
	assert_int_equal(bench.edges, 1);
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_false(levels & LINE_BIT(bench.chair.seat));
	bench.now_us += 2 * US_PER_S;
	bench_take(&bench);
	assert_int_equal(bench.edges, 2);
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_true(levels & LINE_BIT(bench.chair.seat));

	bench_inject(&bench, "stuck:seat"); // at the level it has
	bench_inject(&bench, "seat=0");
	bench.now_us += US_PER_S;
	bench_take(&bench);
	assert_int_equal(bench.edges, 2);
	bench_close(&bench);
}

static void the_nth_write_fails_and_all_after_it(void **state)
{
	struct bench bench;
	uint64_t pwm;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	pwm = bench_bit(&bench, 0, ROLE_PWM);
	bench_inject(&bench, "write-fail=3+10");
	assert_int_equal(hal_write(bench.hal, bench.now_us, pwm, pwm), 0);
	assert_int_equal(hal_write(bench.hal, bench.now_us, pwm, 0), 0);
	assert_int_equal(hal_write(bench.hal, bench.now_us, pwm, pwm), -EIO);
	assert_int_equal(hal_write(bench.hal, bench.now_us, pwm, 0), -EIO);
	bench.now_us += 10 * US_PER_S;
	assert_int_equal(hal_write(bench.hal, bench.now_us, pwm, 0), 0);
	bench_close(&bench);
}

static void reads_fail_while_they_shall(void **state)
{
	struct bench bench;
	struct hal_event event;
	uint64_t levels = 42;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_inject(&bench, "read-fail+1");
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), -EIO);
	assert_int_equal(hal_events(bench.hal, bench.now_us, &event, 1), -EIO);
	assert_int_equal(levels, 42);
	bench.now_us += US_PER_S;
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	bench_close(&bench);
}

static void a_sensor_fails_and_goes_stale(void **state)
{
	struct bench bench;
	struct hal_force good, bad;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench.now_us += US_PER_S;
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &good), 0);
	bench_inject(&bench, "sensor-fail:depth+5");
	bench.now_us += US_PER_S;
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &bad), 0);
	assert_int_equal(bad.error, -EIO);
	assert_int_equal(bad.t_us, good.t_us);
	bench_inject(&bench, "sensor-offset:depth=30@10");
	bench.now_us += 10 * US_PER_S;
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &bad), 0);
	assert_int_equal(bad.error, 0);
	assert_true(fabs(bad.force_n - 30) < 2);
	bench_close(&bench);
}

static void lost_pulses_are_not_seen(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_inject(&bench, "no-pulses:carriage");
	bench_run(&bench, CARRIAGE, 800, 1000);
	assert_int_equal(bench.pulses, 0);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s > 40);
	bench_close(&bench);
}

static void double_pulses_count_twice(void **state)
{
	size_t pulses[2];

	(void)state;
	for (int twice = 0; twice < 2; twice++) {
		struct bench bench;

		bench_open(&bench, fixture_recliner, NULL);
		if (twice)
			bench_inject(&bench, "double-pulses:carriage");
		bench_run(&bench, CARRIAGE, 800, 1000);
		pulses[twice] = bench.pulses;
		bench_close(&bench);
	}
	assert_true(pulses[0] > 20);
	assert_int_equal(pulses[1], 2 * pulses[0]);
}

static void a_contact_chatters_and_another_welds(void **state)
{
	struct bench bench;
	uint64_t levels;
	size_t edges;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, DEPTH, -400, 1000); // home
	bench_inject(&bench, "weld:depth.home");
	bench_run(&bench, DEPTH, 400, 1000);
	assert_int_equal(hal_read(bench.hal, bench.now_us, &levels), 0);
	assert_true(levels & bench_bit(&bench, DEPTH, ROLE_HOME));
	assert_true(sim_truth(bench.hal, DEPTH).position_mm > 5);
	bench_take(&bench);
	edges = bench.edges;
	bench_inject(&bench, "chatter:seat=4+0.1");
	bench_run(&bench, DEPTH, 0, 500);
	bench_take(&bench);
	assert_in_range(bench.edges - edges, 24, 27);
	bench_close(&bench);
}

static void exchanged_and_weak_motors(void **state)
{
	struct bench bench;
	double strong_mm_s;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, CARRIAGE, 800, 1000);
	strong_mm_s = sim_truth(bench.hal, CARRIAGE).speed_mm_s;
	bench_inject(&bench, "weak:carriage=0.5");
	bench_run(&bench, CARRIAGE, 800, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s < 0.55 * strong_mm_s);
	bench_inject(&bench, "exchanged:carriage");
	bench_run(&bench, CARRIAGE, 800, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s < -5);
	bench_close(&bench);
}

static void sensors_lie_in_their_ways(void **state)
{
	struct hal_force zero, low, frozen, again;
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_run(&bench, DEPTH, 500, 4000);
	double truth_n = sim_truth(bench.hal, DEPTH).force_n;

	assert_true(truth_n > 25);
	bench_inject(&bench, "sensor-zero:depth+0.1");
	bench_run(&bench, DEPTH, 500, 50);
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &zero), 0);
	assert_true(fabs(zero.force_n) < 2);
	bench_run(&bench, DEPTH, 500, 100);
	bench_inject(&bench, "sensor-low:depth=0.5+0.1");
	bench_run(&bench, DEPTH, 500, 50);
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &low), 0);
	assert_true(fabs(low.force_n - truth_n / 2) < 3);
	bench_run(&bench, DEPTH, 500, 100);
	bench_inject(&bench, "sensor-frozen:depth");
	bench_run(&bench, DEPTH, 500, 50);
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &frozen), 0);
	bench_run(&bench, DEPTH, -500, 2000);
	assert_int_equal(hal_force(bench.hal, bench.now_us, DEPTH, &again), 0);
	assert_true(again.force_n == frozen.force_n && again.t_us > frozen.t_us);
	assert_true(sim_truth(bench.hal, DEPTH).force_n < 1);
	bench_close(&bench);
}

static void a_dead_motor_stands(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, NULL);
	bench_inject(&bench, "dead:carriage+2");
	bench_run(&bench, CARRIAGE, 800, 1900);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s == 0);
	bench_run(&bench, CARRIAGE, 800, 1000);
	assert_true(sim_truth(bench.hal, CARRIAGE).speed_mm_s > 40);
	bench_close(&bench);
}

static void a_late_call_is_told(void **state)
{
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_bench, NULL);
	bench_inject(&bench, "late=300");
	bench_take(&bench);
	assert_int_equal(sim_take_late_us(bench.hal), 300000);
	assert_int_equal(sim_take_late_us(bench.hal), 0);
	bench_close(&bench);
}

// --- the trace --------------------------------------------------------------------------------

static void the_trace_is_as_the_header_says(void **state)
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
	struct bench bench;
	uint64_t enable, motor;

	(void)state;
	bench_open(&bench, fixture_bench, &options);
	enable = LINE_BIT(bench.chair.enable);
	motor = bench_bit(&bench, 0, ROLE_FORWARD) | bench_bit(&bench, 0, ROLE_PWM);
	bench_set(&bench, enable, enable);
	bench.now_us += 1500;
	bench_set(&bench, motor, motor);
	bench_set(&bench, motor, motor);                             // no change, no line
	bench_set(&bench, LINE_BIT(bench.chair.seat), ~UINT64_C(0)); // no output
	bench.now_us += 1000;
	bench_set(&bench, bench_bit(&bench, 0, ROLE_PWM), 0);
	bench_close(&bench);
	fclose(file);
	assert_string_equal(text, expected);
	free(text);
}

static void the_trace_speaks_of_the_wire(void **state)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	struct sim_options options = { .trace = file };
	struct bench bench;

	(void)state;
	bench_open(&bench, fixture_recliner, &options);
	bench_close(&bench);
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
		cmocka_unit_test(looking_changes_nothing),
		cmocka_unit_test(contacts_bounce_and_agree_with_their_edges),
		cmocka_unit_test(a_reset_is_pressed_and_let_go),
		cmocka_unit_test(a_chair_at_rest_has_nothing_to_say),
		cmocka_unit_test(edges_that_nobody_takes_are_a_fault),
		cmocka_unit_test(a_stuck_input_keeps_its_level_and_comes_back),
		cmocka_unit_test(the_nth_write_fails_and_all_after_it),
		cmocka_unit_test(reads_fail_while_they_shall),
		cmocka_unit_test(a_sensor_fails_and_goes_stale),
		cmocka_unit_test(lost_pulses_are_not_seen),
		cmocka_unit_test(double_pulses_count_twice),
		cmocka_unit_test(a_contact_chatters_and_another_welds),
		cmocka_unit_test(exchanged_and_weak_motors),
		cmocka_unit_test(sensors_lie_in_their_ways),
		cmocka_unit_test(a_dead_motor_stands),
		cmocka_unit_test(a_late_call_is_told),
		cmocka_unit_test(the_trace_is_as_the_header_says),
		cmocka_unit_test(the_trace_speaks_of_the_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
